#include "actors/engine.hpp"
#include "storage/op_log/postgresql/connection.hpp"
#include "tests/fixture/deaf_instruments.hpp"
#include "tests/fixture/throwaway_postgresql.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

namespace quire::actors {
namespace {

using namespace std::chrono_literals;
using fixture::throwaway_postgresql;
using storage::postgresql::connection;

constexpr int readers = 4;
constexpr int documents = 40;

/// An engine over a PostgreSQL in which the loads of certain documents (`held...`) wait, as long as a lock is held.
class concurrent_reads : public testing::Test {
 protected:
  concurrent_reads()
    : address_(throwaway_postgresql::shared().new_schema()),
      control_(std::move(*connection::open(address_, "test", 60s))) {
    start();
    for (int i = 0; i < documents; ++i)
      create("document" + std::to_string(i));
    for (int i = 0; i < readers; ++i)
      create("held" + std::to_string(i));
    stop();
    EXPECT_TRUE(control_.run(holding));
    start();
  }
  ~concurrent_reads() override { stop(); }

  void start() {
    auto opened = storage::open_store(address_);
    ASSERT_TRUE(opened) << opened.error().detail;
    engine_ = engine::start(std::move(*opened), {}, watched_);
  }
  void stop() {
    if (engine_)
      engine_->stop(10s);
    engine_.reset();
  }

  using answer = std::future<result<document_answer>>;

  template <class What>
  answer ask(const std::string& name, What what) {
    const auto told = std::make_shared<std::promise<result<document_answer>>>();
    engine_->request(
      {{"default", name}, std::move(what), answer_once([told](auto given) { told->set_value(std::move(given)); })});
    return told->get_future();
  }
  answer read(const std::string& name) { return ask(name, read_document{}); }
  void create(const std::string& name) {
    const auto done = ask(name, write_document{"text", "of " + name, {}}).get();
    ASSERT_TRUE(done) << done.error().detail;
  }
  static void expect_read(const std::string& name, answer from) {
    const auto given = from.get();
    ASSERT_TRUE(given) << given.error().detail;
    EXPECT_EQ(as_text(bytes_view(*given->content)), "of " + name);
  }
  void expect_all_documents_are_read() {
    std::vector<answer> all;
    for (int i = 0; i < documents; ++i)
      all.push_back(read("document" + std::to_string(i)));
    for (int i = 0; i < documents; ++i)
      expect_read("document" + std::to_string(i), std::move(all[static_cast<std::size_t>(i)]));
  }

  static bool is_given(const answer& waited) { return waited.wait_for(0s) == std::future_status::ready; }

  void hold() { EXPECT_TRUE(control_.run("SELECT pg_advisory_lock(8)")); }
  void let_go() { EXPECT_TRUE(control_.run("SELECT pg_advisory_unlock(8)")); }
  void wait_for_held(const std::string& count) {
    while (control_.ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") != count)
      std::this_thread::yield();
  }
  /// Ends the connections of readers for which this holds, and answers how many there were.
  std::string end_readers(const std::string& which) {
    return control_
      .ask(
        "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity "
        "WHERE application_name LIKE 'history%' AND " +
        which)
      .value();
  }

  static constexpr const char* holding = R"sql(
CREATE FUNCTION may_be_read(name text) RETURNS boolean LANGUAGE plpgsql COST 100000 AS $$
BEGIN
  IF name LIKE 'held%' AND current_setting('application_name') LIKE 'history%' THEN
    PERFORM pg_advisory_xact_lock_shared(8);
  END IF;
  RETURN true;
END $$;
ALTER TABLE document RENAME TO document_rows;
CREATE VIEW document AS SELECT * FROM document_rows WHERE may_be_read(name);
)sql";

  fixture::deaf_instruments watched_;
  std::string address_;
  connection control_;
  std::unique_ptr<engine> engine_;
};

TEST_F(concurrent_reads, a_load_that_takes_long_does_not_hold_up_other_documents) {
  hold();
  auto slow = read("held0");
  wait_for_held("1");
  expect_all_documents_are_read();
  EXPECT_FALSE(is_given(slow));
  let_go();
  expect_read("held0", std::move(slow));
}

TEST_F(concurrent_reads, four_are_read_at_once_and_the_next_wait_for_their_turn) {
  hold();
  std::vector<answer> slow;
  for (int i = 0; i < readers; ++i)
    slow.push_back(read("held" + std::to_string(i)));
  wait_for_held(std::to_string(readers));
  auto next = read("document0");
  while (engine_->reads_waiting() != 1)
    std::this_thread::yield();
  EXPECT_FALSE(is_given(next));
  let_go();
  expect_read("document0", std::move(next));
  for (int i = 0; i < readers; ++i)
    expect_read("held" + std::to_string(i), std::move(slow[static_cast<std::size_t>(i)]));
}

TEST_F(concurrent_reads, a_reader_whose_connection_died_is_replaced_and_nobody_notices) {
  hold();
  std::vector<answer> slow;
  for (int i = 0; i < readers; ++i)
    slow.push_back(read("held" + std::to_string(i)));
  wait_for_held(std::to_string(readers));
  let_go();
  for (auto& each : slow)
    EXPECT_TRUE(each.get());
  EXPECT_EQ(end_readers("true"), std::to_string(readers)) << "each had a connection";
  expect_all_documents_are_read();
}

TEST_F(concurrent_reads, a_connection_that_dies_in_a_load_concerns_that_document_only) {
  hold();
  auto slow = read("held0");
  wait_for_held("1");
  EXPECT_EQ(end_readers("wait_event_type = 'Lock'"), "1");
  expect_all_documents_are_read();
  let_go();
  const auto given = slow.get();
  EXPECT_TRUE(given || given.error().code == errc::store_unavailable) << given.error().detail;
  expect_read("held0", read("held0"));
}

TEST_F(concurrent_reads, stopping_waits_for_the_loads_under_way_and_leaves_no_connection) {
  hold();
  std::vector<answer> slow;
  for (int i = 0; i < readers; ++i)
    slow.push_back(read("held" + std::to_string(i)));
  wait_for_held(std::to_string(readers));
  auto waiting = read("document0");
  while (engine_->reads_waiting() != 1)
    std::this_thread::yield();
  // Stopping is the main thread's. Its first effect is that who waits is answered, if only that there is no answer.
  std::atomic<bool> is_free = false;
  auto freed = std::async(std::launch::async, [&] {
    waiting.wait();
    is_free = true;
    let_go();
  });
  stop();
  EXPECT_TRUE(is_free) << "until then the store was in use";
  freed.get();
  for (auto& each : slow)
    EXPECT_TRUE(is_given(each));
  while (control_.ask("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE '%/single/%'") != "0")
    std::this_thread::yield();
}

}  // namespace
}  // namespace quire::actors
