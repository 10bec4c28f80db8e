#include "tests/storage/contract/op_log_contract.hpp"

namespace quire::storage {

TEST_P(op_log_contract, a_deleted_document_is_gone_with_its_log_and_snapshots) {
  notes_.create(log(), 3);
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(2), 1, to_bytes("state")}));
  ASSERT_TRUE(log().remove(notes_.id(), notes_.epoch()));
  EXPECT_EQ(code_of(past().load(notes_.id())), errc::not_found);
  EXPECT_EQ(code_of(past().read(notes_.id(), revision(0), revision(3), 100)), errc::not_found);
  EXPECT_EQ(code_of(append_alone(log(), notes_.next(1))), errc::not_found);
  EXPECT_EQ(code_of(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(3), 1, {}})), errc::not_found);
  EXPECT_EQ(code_of(log().remove(notes_.id(), notes_.epoch())), errc::not_found);
  EXPECT_TRUE(names("default", "", 9).empty());
}

TEST_P(op_log_contract, only_the_owner_deletes) {
  notes_.create(log(), 3);
  ASSERT_TRUE(log().acquire(notes_.info().document));
  EXPECT_EQ(code_of(log().remove(notes_.id(), notes_.epoch())), errc::stale_epoch);
  EXPECT_EQ(load(notes_).tail.size(), 3U);
  EXPECT_EQ(code_of(log().remove(plans_.id(), plans_.epoch())), errc::not_found);
}

TEST_P(op_log_contract, what_is_made_anew_has_the_next_generation_and_a_higher_epoch) {
  for (std::uint32_t number = 1; number <= 4; ++number) {
    const auto found = log().acquire(notes_.info().document);
    ASSERT_TRUE(found);
    ASSERT_FALSE(found->exists);
    EXPECT_EQ(found->info.generation, generation(number));
    EXPECT_GE(found->epoch, epoch(number));
    written_document made("notes", id_of(static_cast<std::uint8_t>(number)));
    made.set_generation(found->info.generation);
    made.set_epoch(found->epoch);
    made.create(log(), number);
    EXPECT_EQ(load(made).tail.size(), number);
    ASSERT_TRUE(log().remove(made.id(), made.epoch()));
  }
}

TEST_P(op_log_contract, a_generation_that_was_deleted_is_not_created_again) {
  const auto found = log().acquire(notes_.info().document);
  ASSERT_TRUE(found);
  notes_.create(log(), 1);
  ASSERT_TRUE(log().remove(notes_.id(), notes_.epoch()));
  const written_document late("notes", id_of(9));  // by whoever asked before
  EXPECT_EQ(code_of(append_alone(log(), late.creation(1))), errc::stale_epoch);
}

TEST_P(op_log_contract, a_long_log_is_deleted_while_others_go_on) {
  constexpr int commits = 15;
  notes_.create(log(), 2'000);
  plans_.create(log());
  ASSERT_TRUE(log().remove(notes_.id(), notes_.epoch()));
  for (int count = 0; count < commits; ++count)
    plans_.write(log(), 1);
  const auto found = log().acquire(notes_.info().document);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->info.generation, generation(2));
  written_document again("notes", id_of(9));
  again.set_generation(generation(2));
  again.set_epoch(found->epoch);
  again.create(log(), 5);
  EXPECT_TRUE(are_same(load(again).tail, edits(0, 5)));
  EXPECT_TRUE(are_same(load(plans_).tail, edits(0, commits)));
}

}  // namespace quire::storage
