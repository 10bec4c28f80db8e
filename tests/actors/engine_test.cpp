#include "actors/engine.hpp"

#include "protocol/limits.hpp"
#include "tests/fixture/deaf_instruments.hpp"
#include "tests/fixture/passing_store.hpp"
#include "tests/fixture/recording_outlet.hpp"

#include <caf/actor_cast.hpp>
#include <caf/policy/work_sharing.hpp>
#include <caf/scheduler/coordinator.hpp>
#include <caf/send.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <string>
#include <thread>

namespace quire::actors {
namespace {

/// A store whose threads stand still in their first call until they may go on.
struct gate {
  std::promise<void> reached;
  std::promise<void> opened;
  std::shared_future<void> may_go = opened.get_future().share();
  std::atomic<bool> is_reached{false};

  void pass() {
    if (!is_reached.exchange(true))
      reached.set_value();
    may_go.wait();
  }
};

class gated_history final : public fixture::passing_history {
 public:
  gated_history(std::unique_ptr<storage::history> works, gate& at) : passing_history(std::move(works)), gate_(at) {}

  result<std::vector<storage::document_summary>> list(std::string_view organisation, std::string_view after,
                                                      std::size_t count) override {
    gate_.pass();
    return passing_history::list(organisation, after, count);
  }

 private:
  gate& gate_;
};

class gated_log final : public fixture::passing_op_log {
 public:
  gated_log(std::unique_ptr<storage::op_log> works, gate& at) : works_(std::move(works)), gate_(at) {}

  result<storage::acquired> acquire(const document_name& document) override {
    gate_.pass();
    return passing_op_log::acquire(document);
  }

 private:
  storage::op_log& works() override { return *works_; }

  std::unique_ptr<storage::op_log> works_;
  gate& gate_;
};

class running_engine : public testing::Test {
 protected:
  running_engine() {
    auto opened = storage::open_store("memory").value();
    opened.log = std::make_unique<gated_log>(std::move(opened.log), writes_);
    opened.history = std::make_unique<gated_history>(std::move(opened.history), reads_);
    engine_ = engine::start(std::move(opened), {}, watched_);
  }

  ~running_engine() override {
    open(reads_);
    open(writes_);
    engine_->stop(std::chrono::seconds(10));
  }

  void open(gate& which) {
    if (which.may_go.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
      which.opened.set_value();
  }

  /// Counts the answers of one kind of question, and gives the first refusal.
  struct answers {
    std::atomic<std::size_t> good{0};
    std::atomic<std::size_t> overloaded{0};
    std::atomic<std::size_t> others{0};
    std::promise<void> first_refusal;

    void count(const error* why) {
      if (!why)
        ++good;
      else if (why->code != errc::overloaded)
        ++others;
      else if (overloaded++ == 0)
        first_refusal.set_value();
    }
    void wait_for(std::size_t count) const {
      while (good + overloaded + others < count)
        std::this_thread::yield();
    }
  };

  void list(answers& to) {
    engine_->list({"default", "", 10, [&to](const auto& got) { to.count(got ? nullptr : &got.error()); }});
  }

  /// One that is not there is read as such.
  void read(std::size_t which, answers& to) {
    engine_->request({{"default", std::to_string(which)}, read_document{}, [&to](result<document_answer> got) {
                        to.count(got || got.error().code == errc::not_found ? nullptr : &got.error());
                      }});
  }

  answers listed_;
  answers read_;
  gate reads_;
  gate writes_;
  fixture::deaf_instruments watched_;
  std::unique_ptr<engine> engine_;
};

TEST_F(running_engine, its_idle_workers_wait_instead_of_polling) {
  const auto session = engine_->connect(std::make_shared<fixture::recording_outlet>(), connection_id{1});
  auto& scheduler = caf::actor_cast<caf::abstract_actor*>(session)->home_system().scheduler();
  EXPECT_NE(dynamic_cast<caf::scheduler::coordinator<caf::policy::work_sharing>*>(&scheduler), nullptr);
  caf::anon_send(session, connection_lost{});
}

TEST_F(running_engine, as_many_reads_wait_as_may_and_one_more_is_refused) {
  list(listed_);
  reads_.reached.get_future().wait();  // That one waits no more: it is being done.
  for (std::size_t i = 0; i < limits::reads_waiting_max; ++i)
    list(listed_);
  while (engine_->reads_waiting() < limits::reads_waiting_max)
    std::this_thread::yield();
  EXPECT_EQ(listed_.overloaded, 0u);
  list(listed_);
  listed_.first_refusal.get_future().wait();
  EXPECT_EQ(engine_->reads_waiting(), limits::reads_waiting_max);
  open(reads_);
  listed_.wait_for(limits::reads_waiting_max + 2);
  EXPECT_EQ(listed_.good, limits::reads_waiting_max + 1);
  EXPECT_EQ(listed_.overloaded, 1u);
  list(listed_);
  listed_.wait_for(limits::reads_waiting_max + 3);
  EXPECT_EQ(listed_.good, limits::reads_waiting_max + 2);
}

TEST_F(running_engine, as_many_documents_wait_to_be_acquired_as_may_and_one_more_is_refused) {
  read(0, read_);
  writes_.reached.get_future().wait();
  for (std::size_t i = 1; i <= limits::writes_waiting_max + 1; ++i)
    read(i, read_);
  read_.first_refusal.get_future().wait();
  open(writes_);
  read_.wait_for(limits::writes_waiting_max + 2);
  EXPECT_EQ(read_.good, limits::writes_waiting_max + 1);
  EXPECT_EQ(read_.overloaded, 1u);
  EXPECT_EQ(read_.others, 0u);
}

}  // namespace
}  // namespace quire::actors
