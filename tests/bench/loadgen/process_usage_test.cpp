#include "tests/bench/loadgen/process_usage.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace quire::bench {
namespace {

using namespace std::chrono_literals;

std::chrono::nanoseconds own_time() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

/// A child that works for so long, and then stays until its pipe is closed.
class working_child {
 public:
  explicit working_child(std::chrono::nanoseconds work) {
    EXPECT_EQ(::pipe(to_child_), 0);
    EXPECT_EQ(::pipe(to_parent_), 0);
    process_ = ::fork();
    if (process_ != 0) {
      char done = 0;
      EXPECT_EQ(::read(to_parent_[0], &done, 1), 1);
      return;
    }
    ::close(to_child_[1]);
    while (own_time() < work) {
    }
    char byte = 0;
    static_cast<void>(::write(to_parent_[1], &byte, 1));
    static_cast<void>(::read(to_child_[0], &byte, 1));
    ::_exit(0);
  }

  void end() {
    ::close(to_child_[1]);
    EXPECT_EQ(::waitpid(process_, nullptr, 0), process_);
  }

 private:
  int to_child_[2] = {};
  int to_parent_[2] = {};
  pid_t process_ = 0;
};

TEST(the_usage_of_a_family, has_the_time_of_children_that_came_later_and_of_those_that_have_ended) {
  const auto family = family_usage::watch(::getpid()).value();
  const auto before = family.cpu();
  working_child child(100ms);
  EXPECT_GE(family.cpu() - before, 100ms);
  child.end();
  EXPECT_GE(family.cpu() - before, 80ms);  // Ticks of 10 ms, of the user's and the kernel's part.
}

TEST(the_usage_of_a_family, is_not_had_of_a_process_that_is_not_there) {
  const pid_t process = ::fork();
  if (process == 0)
    ::_exit(0);
  ::waitpid(process, nullptr, 0);
  EXPECT_FALSE(family_usage::watch(process));
}

}  // namespace
}  // namespace quire::bench
