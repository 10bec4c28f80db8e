#include "storage/op_log/postgresql/reader.hpp"
#include "tests/fixture/postgresql_schema.hpp"
#include "tests/fixture/written_document.hpp"

#include <gtest/gtest.h>

#include <future>

namespace quire::storage {
namespace {

using namespace quire::fixture;
using namespace std::chrono_literals;
using postgresql::connection;

/// Owners that reach for one document at the same moment. A third connection holds its row, and lets go by commit or
/// by rollback, while an owner's statement waits for it.
class ownership : public postgresql_schema {
 protected:
  ownership() { notes_.create(*first_, 2); }

  connection open() {
    auto made = connection::open(address_, "third", 60s);
    EXPECT_TRUE(made);
    return std::move(*made);
  }

  /// Begins `change` on the document's row, starts `other` meanwhile and waits until it waits, then ends it by `how`.
  template <class Work>
  auto while_held(const std::string& change, const std::string& how, const Work& other) {
    auto third = open();
    EXPECT_TRUE(third.run("BEGIN"));
    EXPECT_TRUE(third.run(change));
    auto done = std::async(std::launch::async, other);
    while (waiting() == 0)
      std::this_thread::yield();
    EXPECT_TRUE(third.run(how));
    return done.get();
  }

  [[nodiscard]] int waiting() const {
    return std::stoi(throwaway_postgresql::shared().sql("SELECT count(*) FROM pg_locks WHERE NOT granted"));
  }

  std::string column(const std::string& name) { return sql("SELECT " + name + " FROM doc_head"); }

  /// Says in `node` that one lives.
  void keep_alive(const std::string& node, std::int64_t incarnation) {
    throwaway_postgresql::shared().sql(
      "INSERT INTO node(node_id, incarnation, host, basp_port, ws_url, caf_node, state, proto_min, proto_max, "
      "schema_max, build, heartbeat_at, hb_since, changed_in) VALUES('" +
        node + "', " + std::to_string(incarnation) + ", '', 0, '', '" + node + "', 'up', 1, 1, 1, '', now(), now(), 1)",
      schema_);
  }

  static inline const std::string acquire_by_b =
    "UPDATE doc_head SET epoch = epoch + 1, owner_id = 'b', owner_inc = 2 WHERE state = 'live'";

  std::unique_ptr<postgresql::writer> first_ = writer_of("a", 1);
  std::unique_ptr<postgresql::writer> second_ = writer_of("b", 2);
  written_document notes_{"notes", id_of(1)};
};

TEST_F(ownership, an_append_that_met_a_takeover_under_way_is_refused_when_that_commits) {
  const auto done = while_held(acquire_by_b, "COMMIT", [&] { return append_alone(*first_, notes_.next(1)); });
  EXPECT_EQ(code_of(done), errc::stale_epoch);
  EXPECT_EQ(column("head_seq || ' ' || epoch || ' ' || owner_id"), "2 2 b");
}

TEST_F(ownership, an_append_that_met_a_takeover_under_way_is_done_when_that_is_rolled_back) {
  const auto done = while_held(acquire_by_b, "ROLLBACK", [&] { return append_alone(*first_, notes_.next(1)); });
  EXPECT_TRUE(done);
  EXPECT_EQ(column("head_seq || ' ' || epoch || ' ' || owner_id"), "3 1 a");
}

TEST_F(ownership, a_takeover_that_met_an_append_under_way_sees_it) {
  for (const auto* how : {"COMMIT", "ROLLBACK"}) {
    const auto head = std::stoul(column("head_seq"));
    const auto taken = while_held("UPDATE doc_head SET head_seq = head_seq + 1", how,
                                  [&] { return second_->acquire(notes_.info().document); });
    ASSERT_TRUE(taken) << taken.error().detail;
    EXPECT_EQ(taken->head.value(), std::string(how) == "COMMIT" ? head + 1 : head);
  }
}

TEST_F(ownership, of_two_takeovers_at_once_both_have_an_epoch_of_their_own_and_the_last_owns) {
  const auto theirs =
    while_held(acquire_by_b, "COMMIT", [&] { return writer_of("c", 3)->acquire(notes_.info().document); });
  ASSERT_TRUE(theirs);
  EXPECT_EQ(theirs->epoch, epoch(3));
  EXPECT_EQ(column("owner_id"), "c");
}

TEST_F(ownership, two_appends_on_one_base_add_one) {
  const auto done = while_held("UPDATE doc_head SET head_seq = head_seq + 1, chain = 7", "COMMIT",
                               [&] { return append_alone(*first_, notes_.next(1)); });
  EXPECT_EQ(code_of(done), errc::stale_epoch);
  EXPECT_EQ(column("head_seq"), "3");
}

TEST_F(ownership, a_node_that_lives_keeps_its_documents) {
  keep_alive("a", 1);
  const auto taken = second_->acquire(notes_.info().document);
  EXPECT_EQ(code_of(taken), errc::stale_epoch);
  EXPECT_TRUE(append_alone(*first_, notes_.next(1)));
  throwaway_postgresql::shared().sql("UPDATE node SET state = 'dead'", schema_);
  EXPECT_TRUE(second_->acquire(notes_.info().document));
}

TEST_F(ownership, an_earlier_life_of_a_node_takes_nothing_from_a_later_one) {
  ASSERT_TRUE(writer_of("a", 5)->acquire(notes_.info().document));
  EXPECT_EQ(code_of(first_->acquire(notes_.info().document)), errc::stale_epoch);
  EXPECT_EQ(code_of(append_alone(*first_, notes_.next(1))), errc::stale_epoch);
}

TEST_F(ownership, a_lock_that_is_not_let_go_holds_up_its_own_document_only) {
  written_document plans("plans", id_of(2));
  plans.create(*first_, 1);
  auto third = open();
  ASSERT_TRUE(third.run("BEGIN"));
  ASSERT_TRUE(third.run("SELECT 1 FROM doc_head WHERE doc_id = '" +
                        std::string("01010101-0101-0101-0101-010101010101") + "' FOR UPDATE"));
  const std::vector requests{notes_.next(1), plans.next(1)};
  const auto done = first_->append(requests);
  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_EQ(code_of(done->at(0)), errc::store_unavailable);
  EXPECT_TRUE(done->at(1));
  ASSERT_TRUE(third.run("ROLLBACK"));
  EXPECT_TRUE(append_alone(*first_, notes_.next(1))) << "nothing had been done";
}

TEST_F(ownership, an_engine_has_its_connections_before_the_first_call_that_needs_one) {
  const auto engine = open_store(address_);
  ASSERT_TRUE(engine) << engine.error().detail;
  const auto connected_as = [&](const std::string& name) {
    return throwaway_postgresql::shared().sql("SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = '" +
                                                name + "/single/' || (SELECT last_value FROM node_incarnation)",
                                              schema_);
  };
  for (const auto* name : {"control", "lane0", "lane1", "history0", "history1", "history2", "history3"})
    EXPECT_EQ(connected_as(name), "t") << name;
}

TEST_F(ownership, one_engine_at_a_time_has_a_database) {
  const auto engine = open_store(address_);
  ASSERT_TRUE(engine);
  EXPECT_EQ(code_of(open_store(address_)), errc::store_locked);
}

}  // namespace
}  // namespace quire::storage
