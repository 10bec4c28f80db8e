#include "protocol/limits.hpp"
#include "tests/storage/contract/op_log_contract.hpp"

namespace quire::storage {

TEST_P(op_log_contract, a_load_is_the_newest_snapshot_and_the_log_after_it) {
  notes_.create(log(), 10);
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(4), 2, to_bytes("state at 4")}));
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(7), 3, to_bytes("state at 7")}));
  const auto found = load(notes_);
  ASSERT_TRUE(found.newest);
  EXPECT_EQ(found.newest->revision, revision(7));
  EXPECT_EQ(found.newest->format, 3);
  EXPECT_EQ(found.newest->body, to_bytes("state at 7"));
  EXPECT_TRUE(are_same(found.tail, edits(7, 10)));
}

TEST_P(op_log_contract, a_snapshot_may_be_of_the_beginning_or_of_the_head) {
  notes_.create(log(), 2);
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(0), 1, {}}));
  EXPECT_TRUE(are_same(load(notes_).tail, edits(0, 2)));
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(2), 1, bytes(100'000)}));
  const auto found = load(notes_);
  ASSERT_TRUE(found.newest);
  EXPECT_EQ(found.newest->body, bytes(100'000));
  EXPECT_TRUE(found.tail.empty());
  notes_.write(log(), 1);
  EXPECT_TRUE(are_same(load(notes_).tail, edits(2, 3)));
}

TEST_P(op_log_contract, an_older_snapshot_than_the_newest_is_ignored) {
  notes_.create(log(), 5);
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(4), 1, to_bytes("new")}));
  EXPECT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(3), 1, to_bytes("old")}));
  EXPECT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(4), 1, to_bytes("again")}));
  EXPECT_EQ(load(notes_).newest->body, to_bytes("new"));
}

TEST_P(op_log_contract, a_snapshot_past_the_head_is_refused) {
  notes_.create(log(), 5);
  EXPECT_EQ(code_of(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(6), 1, {}})), errc::future_revision);
  EXPECT_FALSE(load(notes_).newest);
}

TEST_P(op_log_contract, only_the_owner_stores_snapshots) {
  notes_.create(log(), 5);
  ASSERT_TRUE(log().acquire(notes_.info().document));
  EXPECT_EQ(code_of(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(5), 1, {}})), errc::stale_epoch);
  EXPECT_EQ(code_of(log().write_snapshot(plans_.id(), plans_.epoch(), {revision(0), 1, {}})), errc::not_found);
  EXPECT_FALSE(load(notes_).newest);
}

TEST_P(op_log_contract, a_snapshot_over_its_limit_is_refused) {
  notes_.create(log(), 1);
  const snapshot large{revision(1), 1, bytes(limits::snapshot_bytes_max + 1)};
  EXPECT_EQ(code_of(log().write_snapshot(notes_.id(), notes_.epoch(), large)), errc::document_too_large);
}

}  // namespace quire::storage
