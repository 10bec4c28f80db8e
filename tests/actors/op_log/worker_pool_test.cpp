#include "actors/op_log/executor.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <latch>
#include <limits>

namespace quire::actors {
namespace {

/// Work that goes on until the test lets it end.
struct held_work {
  std::promise<void> gate;
  std::shared_future<void> opened = gate.get_future().share();
  std::atomic<int> done = 0;

  std::function<void()> work(std::latch& begun) {
    return [this, &begun] {
      begun.count_down();
      opened.wait();
      ++done;
    };
  }
};

TEST(worker_pool, work_goes_on_beside_work_that_takes_long_while_a_thread_is_free) {
  held_work slow;
  std::latch begun(2);
  worker_pool pool(10, 3);
  ASSERT_TRUE(pool.post(slow.work(begun)));
  ASSERT_TRUE(pool.post(slow.work(begun)));
  begun.wait();
  for (int i = 0; i < 20; ++i) {
    std::promise<int> answer;
    ASSERT_TRUE(pool.post([&] { answer.set_value(i); }));
    EXPECT_EQ(answer.get_future().get(), i);
  }
  EXPECT_EQ(slow.done, 0);
  slow.gate.set_value();
}

TEST(worker_pool, what_waits_is_bounded_for_all_threads_together) {
  held_work slow;
  std::latch begun(3);
  std::atomic<int> done = 0;
  worker_pool pool(2, 3);
  for (int i = 0; i < 3; ++i) {
    while (!pool.post(slow.work(begun))) {
    }
    while (pool.waiting() > 0)
      std::this_thread::yield();
  }
  begun.wait();
  EXPECT_TRUE(pool.post([&] { ++done; }));
  EXPECT_TRUE(pool.post([&] { ++done; }));
  EXPECT_FALSE(pool.post([&] { ++done; }));
  EXPECT_EQ(pool.waiting(), 2U);
  slow.gate.set_value();
  while (done < 2)
    std::this_thread::yield();
  EXPECT_TRUE(pool.post([] {}));
}

TEST(worker_pool, ending_finishes_what_is_under_way_in_every_thread_and_drops_what_waits) {
  held_work slow;
  std::latch begun(3);
  std::atomic<bool> has_run = false;
  worker_pool pool(std::numeric_limits<std::size_t>::max(), 3);
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(pool.post(slow.work(begun)));
  begun.wait();
  auto held = std::make_shared<int>(0);
  ASSERT_TRUE(pool.post([held, &has_run] { has_run = true; }));
  auto ended = std::async(std::launch::async, [&] { pool.end(); });
  while (pool.post([] {})) {  // until it takes nothing more
  }
  EXPECT_EQ(ended.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  slow.gate.set_value();
  ended.get();
  EXPECT_EQ(slow.done, 3);
  EXPECT_FALSE(has_run);
  EXPECT_EQ(held.use_count(), 1) << "what it held is free";
}

TEST(worker_pool, one_thread_does_its_work_in_order) {
  std::vector<int> order;
  std::promise<void> all;
  worker_pool pool(1'000);
  for (int i = 0; i < 500; ++i)
    ASSERT_TRUE(pool.post([&order, i] { order.push_back(i); }));
  ASSERT_TRUE(pool.post([&] { all.set_value(); }));
  all.get_future().wait();
  ASSERT_EQ(order.size(), 500U);
  EXPECT_TRUE(std::ranges::is_sorted(order));
}

}  // namespace
}  // namespace quire::actors
