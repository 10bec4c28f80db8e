#include "tests/storage/contract/op_log_contract.hpp"

namespace quire::storage {

namespace {

constexpr replay_bounds wide{10'000, 1'000'000};

label label_at(std::string name, std::uint64_t at) {
  return {std::move(name), revision(at), "alice", at_second(1)};
}

snapshot state_at(std::uint64_t at) {
  return {revision(at), 1, to_bytes("state at " + std::to_string(at))};
}

}  // namespace

TEST_P(op_log_contract, a_trimmed_log_begins_after_its_floor) {
  notes_.create(log(), 20);
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), state_at(8)));
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), state_at(15)));
  ASSERT_TRUE(log().trim(notes_.id(), notes_.epoch(), revision(8)));

  const auto kept = past().extent(notes_.id()).value();
  EXPECT_EQ(kept.floor, revision(8));
  EXPECT_EQ(kept.head, revision(20));
  EXPECT_EQ(kept.snapshots, (std::vector{revision(8), revision(15)}));
  EXPECT_EQ(past().find(notes_.info().document).value().floor, revision(8));
  EXPECT_TRUE(are_same(load(notes_).tail, edits(15, 20)));
  EXPECT_TRUE(are_same(past().read(notes_.id(), revision(8), revision(12), 1'000).value().entries, edits(8, 12)));
  EXPECT_TRUE(are_same(past().read(notes_.id(), revision(11), revision(99), 1'000).value().entries, edits(11, 20)));
  EXPECT_EQ(code_of(past().read(notes_.id(), revision(7), revision(12), 1'000)), errc::history_trimmed);
  for (const auto at : {8U, 9U, 14U, 15U, 20U}) {
    const auto start = at < 15 ? 8U : 15U;
    const auto found = past().state_at(notes_.id(), revision(at), wide);
    ASSERT_TRUE(found) << at << ": " << found.error().detail;
    EXPECT_EQ(found->newest->body, state_at(start).body);
    EXPECT_TRUE(are_same(found->tail, edits(start, at))) << at;
  }
  EXPECT_EQ(code_of(past().state_at(notes_.id(), revision(7), wide)), errc::history_trimmed);
  EXPECT_EQ(code_of(past().state_at(notes_.id(), revision(1), wide)), errc::history_trimmed);
  const auto nothing = past().state_at(notes_.id(), revision(0), wide);
  ASSERT_TRUE(nothing) << "before the first edit there was nothing, whatever is kept";
  EXPECT_FALSE(nothing->newest);
  notes_.write(log(), 3);
  EXPECT_TRUE(are_same(load(notes_).tail, edits(15, 23)));
}

TEST_P(op_log_contract, a_log_is_trimmed_to_its_head_and_goes_on) {
  notes_.create(log(), 5);
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), state_at(5)));
  ASSERT_TRUE(log().trim(notes_.id(), notes_.epoch(), revision(5)));
  EXPECT_TRUE(load(notes_).tail.empty());
  EXPECT_TRUE(past().read(notes_.id(), revision(5), revision(9), 100).value().entries.empty());
  notes_.write(log(), 2);
  EXPECT_TRUE(are_same(load(notes_).tail, edits(5, 7)));
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), state_at(6)));
  EXPECT_TRUE(are_same(load(notes_).tail, edits(6, 7)));
  EXPECT_EQ(log().acquire(notes_.info().document).value().head, revision(7));
}

TEST_P(op_log_contract, a_log_is_never_trimmed_past_a_snapshot) {
  notes_.create(log(), 9);
  EXPECT_EQ(code_of(log().trim(notes_.id(), notes_.epoch(), revision(4))), errc::precondition_failed);
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), state_at(6)));
  for (const std::uint64_t at : {5U, 7U, 9U, 10U})
    EXPECT_EQ(code_of(log().trim(notes_.id(), notes_.epoch(), revision(at))), errc::precondition_failed) << at;
  EXPECT_TRUE(are_same(past().read(notes_.id(), revision(0), revision(9), 1'000).value().entries, edits(0, 9)));
  EXPECT_EQ(past().extent(notes_.id()).value().floor, revision(0));
}

TEST_P(op_log_contract, a_floor_never_sinks) {
  notes_.create(log(), 9);
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), state_at(4)));
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), state_at(6)));
  ASSERT_TRUE(log().trim(notes_.id(), notes_.epoch(), revision(6)));
  EXPECT_TRUE(log().trim(notes_.id(), notes_.epoch(), revision(4)));
  EXPECT_TRUE(log().trim(notes_.id(), notes_.epoch(), revision(6)));
  const auto kept = past().extent(notes_.id()).value();
  EXPECT_EQ(kept.floor, revision(6));
  EXPECT_EQ(kept.snapshots, std::vector{revision(6)});
}

TEST_P(op_log_contract, only_the_owner_trims) {
  notes_.create(log(), 9);
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), state_at(4)));
  ASSERT_TRUE(log().acquire(notes_.info().document));
  EXPECT_EQ(code_of(log().trim(notes_.id(), notes_.epoch(), revision(4))), errc::stale_epoch);
  EXPECT_EQ(code_of(log().add_snapshot(notes_.id(), notes_.epoch(), state_at(2))), errc::stale_epoch);
  EXPECT_EQ(code_of(log().trim(plans_.id(), plans_.epoch(), revision(4))), errc::not_found);
  EXPECT_EQ(code_of(log().add_snapshot(plans_.id(), plans_.epoch(), state_at(0))), errc::not_found);
  EXPECT_EQ(past().extent(notes_.id()).value().floor, revision(0));
}

TEST_P(op_log_contract, a_snapshot_of_an_old_revision_stands_beside_the_newest) {
  notes_.create(log(), 20);
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), state_at(15)));
  ASSERT_TRUE(log().add_snapshot(notes_.id(), notes_.epoch(), state_at(5)));
  EXPECT_EQ(load(notes_).newest->revision, revision(15));
  EXPECT_EQ(past().state_at(notes_.id(), revision(6), wide).value().newest->body, state_at(5).body);
  EXPECT_TRUE(log().add_snapshot(notes_.id(), notes_.epoch(), {revision(5), 1, to_bytes("again")}));
  EXPECT_EQ(past().state_at(notes_.id(), revision(5), wide).value().newest->body, state_at(5).body);
  EXPECT_EQ(code_of(log().add_snapshot(notes_.id(), notes_.epoch(), state_at(21))), errc::future_revision);
  ASSERT_TRUE(log().trim(notes_.id(), notes_.epoch(), revision(5)));
  EXPECT_EQ(code_of(log().add_snapshot(notes_.id(), notes_.epoch(), state_at(3))), errc::history_trimmed);
  ASSERT_TRUE(log().add_snapshot(notes_.id(), notes_.epoch(), state_at(20)));
  EXPECT_EQ(load(notes_).newest->body, state_at(20).body);
}

TEST_P(op_log_contract, newer_snapshots_leave_the_floors_and_those_of_labels) {
  notes_.create(log(), 20);
  for (const std::uint64_t at : {2U, 4U, 6U})
    ASSERT_TRUE(log().add_snapshot(notes_.id(), notes_.epoch(), state_at(at)));
  ASSERT_TRUE(log().set_label(notes_.id(), notes_.epoch(), label_at("draft", 6), true));
  ASSERT_TRUE(log().trim(notes_.id(), notes_.epoch(), revision(4)));
  for (std::uint64_t at = 10; at <= 20; at += 2)
    ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), state_at(at)));
  const std::vector expected{revision(4), revision(6), revision(18), revision(20)};
  EXPECT_EQ(past().extent(notes_.id()).value().snapshots, expected);
}

TEST_P(op_log_contract, a_labelled_revision_stays_readable_before_the_floor) {
  notes_.create(log(), 20);
  ASSERT_TRUE(log().set_label(notes_.id(), notes_.epoch(), label_at("start", 0), true));
  ASSERT_TRUE(log().set_label(notes_.id(), notes_.epoch(), label_at("draft", 5), true));
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), state_at(12)));
  EXPECT_EQ(code_of(log().trim(notes_.id(), notes_.epoch(), revision(12))), errc::precondition_failed)
    << "the label's revision could not be read any more";
  ASSERT_TRUE(log().add_snapshot(notes_.id(), notes_.epoch(), state_at(5)));
  ASSERT_TRUE(log().trim(notes_.id(), notes_.epoch(), revision(12)));

  const auto found = past().state_at(notes_.id(), revision(5), wide);
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_EQ(found->newest->body, state_at(5).body);
  EXPECT_TRUE(found->tail.empty());
  EXPECT_EQ(code_of(past().state_at(notes_.id(), revision(6), wide)), errc::history_trimmed);
  EXPECT_EQ(past().labels(notes_.id()).value().size(), 2U);
}

TEST_P(op_log_contract, before_the_floor_only_what_has_a_snapshot_can_be_labelled) {
  notes_.create(log(), 20);
  ASSERT_TRUE(log().add_snapshot(notes_.id(), notes_.epoch(), state_at(5)));
  ASSERT_TRUE(log().set_label(notes_.id(), notes_.epoch(), label_at("draft", 5), true));
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), state_at(12)));
  ASSERT_TRUE(log().trim(notes_.id(), notes_.epoch(), revision(12)));
  EXPECT_EQ(code_of(log().set_label(notes_.id(), notes_.epoch(), label_at("other", 6), true)), errc::history_trimmed);
  EXPECT_EQ(log().set_label(notes_.id(), notes_.epoch(), label_at("again", 5), true), true);
  EXPECT_EQ(log().set_label(notes_.id(), notes_.epoch(), label_at("floor", 12), true), true);
  EXPECT_EQ(log().set_label(notes_.id(), notes_.epoch(), label_at("later", 13), true), true);
}

TEST_P(op_log_contract, a_snapshot_before_the_floor_goes_with_its_last_label) {
  notes_.create(log(), 20);
  for (const std::uint64_t at : {3U, 5U})
    ASSERT_TRUE(log().add_snapshot(notes_.id(), notes_.epoch(), state_at(at)));
  for (const auto& made : {label_at("a", 3), label_at("b", 5), label_at("c", 5)})
    ASSERT_TRUE(log().set_label(notes_.id(), notes_.epoch(), made, true));
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), state_at(12)));
  ASSERT_TRUE(log().trim(notes_.id(), notes_.epoch(), revision(12)));
  const auto kept = [&] { return past().extent(notes_.id()).value().snapshots; };
  EXPECT_EQ(kept(), (std::vector{revision(3), revision(5), revision(12)}));
  ASSERT_TRUE(log().remove_label(notes_.id(), notes_.epoch(), "b"));
  EXPECT_EQ(kept(), (std::vector{revision(3), revision(5), revision(12)}));
  ASSERT_TRUE(log().remove_label(notes_.id(), notes_.epoch(), "c"));
  EXPECT_EQ(kept(), (std::vector{revision(3), revision(12)}));
  EXPECT_EQ(code_of(past().state_at(notes_.id(), revision(5), wide)), errc::history_trimmed);
  ASSERT_TRUE(log().set_label(notes_.id(), notes_.epoch(), label_at("a", 14), false));
  EXPECT_EQ(kept(), std::vector{revision(12)});
}

TEST_P(op_log_contract, a_long_log_is_trimmed_while_it_and_others_go_on) {
  notes_.create(log(), 2'000);
  plans_.create(log());
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), state_at(1'900)));
  ASSERT_TRUE(log().trim(notes_.id(), notes_.epoch(), revision(1'900)));
  EXPECT_EQ(code_of(past().read(notes_.id(), revision(1'899), revision(1'950), 1'000)), errc::history_trimmed)
    << "refused from the start, whatever is deleted by then";
  for (int count = 0; count < 12; ++count) {
    plans_.write(log(), 1);
    notes_.write(log(), 1);
    EXPECT_TRUE(are_same(load(notes_).tail, edits(1'900, notes_.head())));
  }
  EXPECT_TRUE(are_same(load(plans_).tail, edits(0, 12)));
}

TEST_P(op_log_contract, a_document_that_is_trimmed_can_be_deleted_meanwhile) {
  notes_.create(log(), 2'000);
  plans_.create(log());
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), state_at(1'900)));
  ASSERT_TRUE(log().trim(notes_.id(), notes_.epoch(), revision(1'900)));
  ASSERT_TRUE(log().remove(notes_.id(), notes_.epoch()));
  EXPECT_EQ(code_of(past().extent(notes_.id())), errc::not_found);
  EXPECT_EQ(code_of(log().trim(notes_.id(), notes_.epoch(), revision(1'900))), errc::not_found);
  for (int count = 0; count < 12; ++count)
    plans_.write(log(), 1);
  written_document again("notes", id_of(9));
  again.set_generation(generation(2));
  again.set_epoch(log().acquire(notes_.info().document).value().epoch);
  again.create(log(), 5);
  EXPECT_EQ(past().extent(again.id()).value().floor, revision(0));
  EXPECT_TRUE(are_same(load(again).tail, edits(0, 5)));
}

TEST_P(op_log_contract, the_first_row_since_a_time_is_found) {
  notes_.create(log(), 9);
  const auto since = [&](std::int64_t second) { return past().first_since(notes_.id(), at_second(second)).value(); };
  EXPECT_EQ(since(0), revision(1));
  EXPECT_EQ(since(4), revision(4));
  EXPECT_EQ(since(9), revision(9));
  EXPECT_EQ(since(10), std::nullopt);
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), state_at(6)));
  ASSERT_TRUE(log().trim(notes_.id(), notes_.epoch(), revision(6)));
  EXPECT_EQ(since(0), revision(7));
  EXPECT_EQ(code_of(past().first_since(plans_.id(), at_second(0))), errc::not_found);
  plans_.create(log());
  EXPECT_EQ(past().first_since(plans_.id(), at_second(0)), std::nullopt) << "it is there, and has no row";
  ASSERT_TRUE(log().remove(plans_.id(), plans_.epoch()));
  EXPECT_EQ(code_of(past().first_since(plans_.id(), at_second(0))), errc::not_found);
}

}  // namespace quire::storage
