#include "tests/storage/contract/op_log_contract.hpp"

namespace quire::storage {

namespace {

constexpr replay_bounds wide{1'000, 1'000'000};

}  // namespace

TEST_P(op_log_contract, without_a_snapshot_a_past_state_is_made_of_the_log_from_its_beginning) {
  notes_.create(log(), 9);
  const auto found = past().state_at(notes_.id(), revision(6), wide);
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_FALSE(found->newest);
  EXPECT_TRUE(are_same(found->tail, edits(0, 6)));
}

TEST_P(op_log_contract, a_past_state_starts_at_the_newest_snapshot_that_is_not_after_it) {
  notes_.create(log(), 10);
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(4), 2, to_bytes("state at 4")}));
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(7), 3, to_bytes("state at 7")}));
  for (const auto& [at, start] : {std::pair{3U, 0U}, {4U, 4U}, {6U, 4U}, {7U, 7U}, {9U, 7U}, {10U, 7U}}) {
    const auto found = past().state_at(notes_.id(), revision(at), wide);
    ASSERT_TRUE(found) << at << ": " << found.error().detail;
    EXPECT_EQ(found->newest ? found->newest->revision.value() : 0, start) << at;
    EXPECT_TRUE(are_same(found->tail, edits(start, at))) << at;
    EXPECT_TRUE(!found->newest || found->newest->body == to_bytes("state at " + std::to_string(start))) << at;
  }
}

TEST_P(op_log_contract, the_state_before_the_first_edit_is_nothing) {
  notes_.create(log(), 2);
  const auto found = past().state_at(notes_.id(), revision(0), wide);
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_FALSE(found->newest);
  EXPECT_TRUE(found->tail.empty());
}

TEST_P(op_log_contract, a_state_past_the_head_is_refused) {
  notes_.create(log(), 5);
  EXPECT_TRUE(past().state_at(notes_.id(), revision(5), wide));
  EXPECT_EQ(code_of(past().state_at(notes_.id(), revision(6), wide)), errc::future_revision);
}

TEST_P(op_log_contract, a_state_that_is_too_many_edits_after_a_snapshot_is_refused) {
  notes_.create(log(), 9);
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(5), 1, to_bytes("state")}));
  EXPECT_TRUE(past().state_at(notes_.id(), revision(3), {3, 1'000}));
  EXPECT_EQ(code_of(past().state_at(notes_.id(), revision(4), {3, 1'000})), errc::too_costly);
  EXPECT_TRUE(past().state_at(notes_.id(), revision(5), {3, 1'000}));
  EXPECT_EQ(code_of(past().state_at(notes_.id(), revision(9), {3, 1'000})), errc::too_costly);
}

TEST_P(op_log_contract, a_state_that_is_too_many_bytes_after_a_snapshot_is_refused) {
  notes_.create(log(), 9);  // of eleven bytes each
  EXPECT_TRUE(past().state_at(notes_.id(), revision(3), {9, 33}));
  EXPECT_EQ(code_of(past().state_at(notes_.id(), revision(4), {9, 33})), errc::too_costly);
  EXPECT_EQ(code_of(past().state_at(notes_.id(), revision(9), {9, 33})), errc::too_costly);
}

TEST_P(op_log_contract, a_deleted_document_has_no_past) {
  notes_.create(log(), 3);
  ASSERT_TRUE(log().remove(notes_.id(), notes_.epoch()));
  EXPECT_EQ(code_of(past().find(notes_.info().document)), errc::not_found);
  EXPECT_EQ(code_of(past().state_at(notes_.id(), revision(1), wide)), errc::not_found);
}

}  // namespace quire::storage
