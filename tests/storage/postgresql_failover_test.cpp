#include "storage/op_log/postgresql.hpp"
#include "storage/op_log/postgresql/link.hpp"
#include "tests/fixture/throwaway_postgresql.hpp"
#include "tests/fixture/written_document.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace quire::storage {
namespace {

using namespace quire::fixture;

/// A store on a primary whose commits wait for a standby. Its address names both.
class failover : public testing::Test {
 protected:
  failover() {
    wait_for("standby");
    auto opened = open_postgresql(both());
    EXPECT_TRUE(opened) << opened.error().detail;
    store_ = std::move(*opened);
    notes_.create(lane(), 3);
  }

  [[nodiscard]] std::string both() const {
    return primary_.address() + "," + standby_.socket().string() + "&target_session_attrs=read-write";
  }
  op_log& lane() { return *store_.lanes.front(); }

  /// Commits wait for the standby of this name from now on.
  void wait_for(const std::string& name) {
    primary_.sql("ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (" + name + ")'");
    primary_.sql("SELECT pg_reload_conf()");
    while (primary_.sql("SHOW synchronous_standby_names") != "ANY 1 (" + name + ")")
      std::this_thread::yield();
  }

  auto start(const append_request& request) {
    return std::async(std::launch::async, [this, request] { return append_alone(lane(), request); });
  }
  void wait_until_it_waits() {
    while (primary_.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") != "1")
      std::this_thread::yield();
  }
  static bool is_answered(const std::future<result<void>>& append) {
    return append.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }

  /// As the op log does.
  void append_until_done(const append_request& request) {
    for (;;) {
      const auto done = append_alone(lane(), request);
      if (done)
        return;
      ASSERT_EQ(done.error().code, errc::store_unavailable) << done.error().detail;
    }
  }

  /// All that was acknowledged is there, each edit once.
  void expect_log(const throwaway_postgresql& on, std::uint64_t head) {
    const auto loaded = store_.history->load(notes_.id());
    ASSERT_TRUE(loaded) << loaded.error().detail;
    EXPECT_TRUE(are_same(loaded->tail, edits(0, head)));
    const auto count = std::to_string(head);
    EXPECT_EQ(on.sql("SELECT count(*), count(DISTINCT (client_id, client_seq)), max(seq) FROM op_log"),
              count + "|" + count + "|" + count);
  }

  throwaway_postgresql primary_;
  throwaway_postgresql standby_{throwaway_postgresql::standby_of{primary_}};
  store store_;
  written_document notes_{"notes", id_of(1)};
};

TEST_F(failover, an_append_whose_wait_for_the_standby_was_cancelled_is_acknowledged_once_the_standby_has_it) {
  standby_.stop();
  const auto request = notes_.next(2);
  auto waiting = start(request);
  wait_until_it_waits();
  EXPECT_FALSE(is_answered(waiting));
  primary_.sql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
  EXPECT_EQ(code_of(waiting.get()), errc::store_unavailable) << "PostgreSQL called it a success, with a warning";
  EXPECT_EQ(primary_.sql("SELECT head_seq FROM doc_head"), "5") << "it can be seen, and no standby has it";

  auto again = start(request);
  wait_until_it_waits();
  EXPECT_FALSE(is_answered(again)) << "what is seen proves nothing: the barrier waits, too";
  standby_.start();
  if (const auto done = again.get(); !done) {
    EXPECT_EQ(done.error().code, errc::store_unavailable) << done.error().detail;
    append_until_done(request);
  }
  expect_log(primary_, 5);
}

TEST_F(failover, what_was_acknowledged_is_on_the_promoted_standby_and_what_was_not_is_settled_there) {
  notes_.write(lane(), 2);
  wait_for("another");  // Streaming goes on, and no answer of the standby counts.
  const auto request = notes_.next(2);
  auto waiting = start(request);
  wait_until_it_waits();
  while (standby_.sql("SELECT max(seq) FROM op_log") != "7")
    std::this_thread::yield();
  EXPECT_FALSE(is_answered(waiting));
  primary_.kill();
  EXPECT_EQ(code_of(waiting.get()), errc::store_unavailable);
  standby_.promote();
  append_until_done(request);
  notes_.set_head(7);
  notes_.write(lane(), 1);
  expect_log(standby_, 8);

  // The former primary comes back, and its successor is away.
  standby_.stop();
  primary_.start();
  const auto refused = append_alone(lane(), notes_.next(1));
  ASSERT_FALSE(refused);
  const auto late = append_alone(lane(), notes_.next(1));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, errc::store_unavailable);
  EXPECT_NE(late.error().detail.find("timeline"), std::string::npos) << late.error().detail;
  EXPECT_FALSE(store_.log->acquire(notes_.info().document));
  EXPECT_EQ(primary_.sql("SELECT head_seq FROM doc_head"), "7") << "nothing is written to it";
  primary_.kill();
  standby_.start();
  append_until_done(notes_.next(1));
  expect_log(standby_, 9);
}

TEST_F(failover, an_append_that_no_standby_has_is_sent_again_once_the_standby_is_promoted_and_not_before) {
  standby_.stop();
  const auto request = notes_.next(2);
  auto waiting = start(request);
  wait_until_it_waits();
  primary_.kill();
  EXPECT_EQ(code_of(waiting.get()), errc::store_unavailable);
  standby_.start();
  auto to = std::make_shared<postgresql::database>();
  to->where = standby_.address();
  postgresql::link early(to, "lane", postgresql::link::purpose::writes);
  const auto refused = early.get();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::store_unavailable);
  EXPECT_NE(refused.error().detail.find("recovery"), std::string::npos) << refused.error().detail;
  standby_.promote();
  EXPECT_EQ(standby_.sql("SELECT head_seq FROM doc_head"), "3");
  append_until_done(request);
  expect_log(standby_, 5);
}

}  // namespace
}  // namespace quire::storage
