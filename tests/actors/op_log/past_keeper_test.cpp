#include "actors/engine.hpp"
#include "storage/archive.hpp"
#include "tests/fixture/deaf_instruments.hpp"
#include "tests/fixture/passing_store.hpp"
#include "tests/fixture/text_operations.hpp"
#include "tests/fixture/throwaway_postgresql.hpp"
#include "tests/fixture/written_document.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

namespace quire::actors {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t readers = 4;
constexpr std::uint64_t edits = 600;

/// Where as many threads meet as there are readers: none goes on before all are there.
class meeting {
 public:
  /// False: the others did not come in half a minute.
  bool wait_for_all() {
    std::unique_lock lock(mutex_);
    if (++here_ >= readers)
      all_.notify_all();
    return all_.wait_for(lock, 30s, [&] { return here_ >= readers; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable all_;
  std::size_t here_ = 0;
};

/// What readers did, all together.
struct observed {
  meeting at_extent;
  std::atomic<int> not_met = 0;
  std::atomic<int> used_twice = 0;
};

/// A reader that notices if it is used by two at once. The first reading of an extent waits for that of every other.
class watched_history final : public fixture::passing_history {
 public:
  watched_history(std::unique_ptr<storage::history> works, std::shared_ptr<observed> seen)
    : passing_history(std::move(works)), seen_(std::move(seen)) {}

  result<storage::log_extent> extent(const document_id& document) override {
    const alone here(*this);
    if (!has_met_.exchange(true) && !seen_->at_extent.wait_for_all())
      ++seen_->not_met;
    return passing_history::extent(document);
  }
  result<std::optional<revision>> first_since(const document_id& document, server_time since) override {
    const alone here(*this);
    return passing_history::first_since(document, since);
  }
  result<std::vector<storage::label>> labels(const document_id& document) override {
    const alone here(*this);
    return passing_history::labels(document);
  }
  result<storage::loaded> state_at(const document_id& document, revision at,
                                   const storage::replay_bounds& bounds) override {
    const alone here(*this);
    return passing_history::state_at(document, at, bounds);
  }
  result<storage::history_page> read(const document_id& document, revision from, revision to,
                                     std::size_t bytes_max) override {
    const alone here(*this);
    return passing_history::read(document, from, to, bytes_max);
  }

 private:
  class alone {
   public:
    explicit alone(watched_history& in) : in_(&in) {
      if (in_->is_used_.exchange(true))
        ++in_->seen_->used_twice;
    }
    alone(const alone&) = delete;
    alone& operator=(const alone&) = delete;
    ~alone() { in_->is_used_ = false; }

   private:
    watched_history* in_;
  };

  std::shared_ptr<observed> seen_;
  std::atomic<bool> is_used_ = false;
  std::atomic<bool> has_met_ = false;
};

/// Names of documents of which the first half of the edits is old.
const std::vector<std::string> names{"a", "b", "c", "d"};

void write_old_documents(storage::op_log& log) {
  const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  for (const auto& name : names) {
    const fixture::written_document made(name, fixture::id_of(static_cast<std::uint8_t>(name[0])));
    auto request = made.creation(edits);
    for (auto& entry : request.entries) {
      entry.operation = share(fixture::insert_at(0, "x"));
      entry.at = now - (entry.revision.value() <= edits / 2 ? 240h : 1h);
    }
    ASSERT_TRUE(fixture::append_alone(log, request));
  }
}

/// The store, with each of its readers watched.
storage::store watched(storage::store of, const std::shared_ptr<observed>& seen) {
  of.history = std::make_unique<watched_history>(std::move(of.history), seen);
  for (auto& each : of.more_history)
    each = std::make_unique<watched_history>(std::move(each), seen);
  return of;
}

/// Asks the same of every document at once, and answers once all have been answered.
template <class What>
void ask_all(engine& of, const What& what) {
  std::vector<std::future<result<document_answer>>> answers;
  for (const auto& name : names) {
    const auto told = std::make_shared<std::promise<result<document_answer>>>();
    of.request({{"default", name}, what, answer_once([told](auto given) { told->set_value(std::move(given)); })});
    answers.push_back(told->get_future());
  }
  for (auto& each : answers) {
    if (each.wait_for(30s) != std::future_status::ready) {
      ADD_FAILURE() << "it was not answered";
      continue;
    }
    const auto given = each.get();
    EXPECT_TRUE(given) << given.error().detail;
  }
}

}  // namespace

TEST(past_keeper, documents_that_are_trimmed_and_labelled_at_once_have_a_reader_each) {
  const auto address = fixture::throwaway_postgresql::shared().new_schema();
  write_old_documents(*storage::open_store(address).value().log);
  const auto seen = std::make_shared<observed>();
  auto store = storage::open_store(address).value();
  ASSERT_EQ(store.more_history.size() + 1, readers);
  fixture::deaf_instruments deaf;
  engine_options options;
  options.kept.others = *parse_retention("2d");
  const auto running = engine::start(watched(std::move(store), seen), options, deaf);
  ask_all(*running, read_document{});
  ask_all(*running, label_revision{"late", revision(edits - 5), "", true});
  const auto past = storage::open_archive(address).value();
  const auto until = std::chrono::steady_clock::now() + 60s;
  for (const auto& name : names) {
    const auto floor = [&] { return past->find({"default", name})->floor; };
    while (floor() != revision(edits / 2) && std::chrono::steady_clock::now() < until)
      std::this_thread::yield();
    EXPECT_EQ(floor(), revision(edits / 2)) << name;
  }
  running->stop(10s);
  EXPECT_EQ(seen->not_met, 0) << "each was used by a thread of its own";
  EXPECT_EQ(seen->used_twice, 0);
}

}  // namespace quire::actors
