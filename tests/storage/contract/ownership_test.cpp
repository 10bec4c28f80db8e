#include "tests/storage/contract/op_log_contract.hpp"

namespace quire::storage {

TEST_P(op_log_contract, acquiring_raises_the_epoch_and_tells_the_head) {
  notes_.create(log(), 7);
  const auto first = log().acquire(notes_.info().document);
  const auto second = log().acquire(notes_.info().document);
  ASSERT_TRUE(first && second);
  EXPECT_TRUE(first->exists);
  EXPECT_EQ(first->info, notes_.info());
  EXPECT_EQ(first->head, revision(7));
  EXPECT_GT(first->epoch, notes_.epoch());
  EXPECT_GT(second->epoch, first->epoch);
  notes_.set_epoch(second->epoch);
  notes_.write(log(), 1);
}

TEST_P(op_log_contract, acquiring_what_is_not_there_stores_nothing_and_says_how_to_create_it) {
  const auto found = log().acquire(notes_.info().document);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->exists);
  EXPECT_EQ(found->info.id, document_id());
  EXPECT_TRUE(found->info.type.empty());
  EXPECT_EQ(found->info.document, notes_.info().document);
  EXPECT_EQ(found->info.generation, generation(1));
  EXPECT_TRUE(names("default", "", 9).empty());
  notes_.set_epoch(found->epoch);
  notes_.create(log(), 1);
}

TEST_P(op_log_contract, of_two_who_would_create_the_second_owns_nothing) {
  const auto first = log().acquire(notes_.info().document);
  const auto second = log().acquire(notes_.info().document);
  ASSERT_TRUE(first && second);
  notes_.set_epoch(first->epoch);
  notes_.create(log(), 1);
  written_document late("notes", id_of(9));
  late.set_epoch(second->epoch);
  EXPECT_EQ(code_of(append_alone(log(), late.creation(1))), errc::already_exists);
  EXPECT_EQ(code_of(append_alone(log(), late.next(1))), errc::not_found);
}

TEST_P(op_log_contract, what_was_released_is_nobodys_until_it_is_acquired) {
  notes_.create(log(), 3);
  ASSERT_TRUE(log().release(notes_.id(), notes_.epoch()));
  EXPECT_EQ(code_of(append_alone(log(), notes_.next(1))), errc::stale_epoch);
  EXPECT_EQ(code_of(append_alone(log(), notes_.next(0))), errc::stale_epoch) << "nor is it owned";
  EXPECT_EQ(code_of(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(3), 1, {}})), errc::stale_epoch);
  EXPECT_EQ(code_of(log().hand_over(notes_.id(), notes_.epoch(), revision(3), {"other", 1})), errc::stale_epoch);
  EXPECT_EQ(code_of(log().remove(notes_.id(), notes_.epoch())), errc::stale_epoch);
  EXPECT_EQ(code_of(log().release(notes_.id(), notes_.epoch())), errc::stale_epoch);
  const auto found = log().acquire(notes_.info().document);
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_GT(found->epoch, notes_.epoch());
  EXPECT_EQ(found->head, revision(3));
  notes_.set_epoch(found->epoch);
  notes_.write(log(), 1);
  EXPECT_EQ(load(notes_).tail.size(), 4U);
}

TEST_P(op_log_contract, only_the_owner_releases) {
  notes_.create(log(), 1);
  const auto former = notes_.epoch();
  const auto found = log().acquire(notes_.info().document);
  ASSERT_TRUE(found);
  EXPECT_EQ(code_of(log().release(notes_.id(), former)), errc::stale_epoch);
  notes_.set_epoch(found->epoch);
  notes_.write(log(), 1);
  EXPECT_EQ(code_of(log().release(plans_.id(), plans_.epoch())), errc::not_found);
}

TEST_P(op_log_contract, what_was_handed_over_takes_nothing_from_the_one_who_had_it) {
  notes_.create(log(), 2);
  const auto theirs = log().hand_over(notes_.id(), notes_.epoch(), revision(2), {"other", 1});
  ASSERT_TRUE(theirs) << theirs.error().detail;
  EXPECT_GT(*theirs, notes_.epoch());
  EXPECT_EQ(code_of(append_alone(log(), notes_.next(1))), errc::stale_epoch);
  EXPECT_EQ(code_of(append_alone(log(), notes_.next(0))), errc::stale_epoch);
  EXPECT_EQ(code_of(log().release(notes_.id(), notes_.epoch())), errc::stale_epoch);
  EXPECT_EQ(code_of(log().remove(notes_.id(), notes_.epoch())), errc::stale_epoch);
  EXPECT_EQ(load(notes_).tail.size(), 2U);
  const auto back = log().acquire(notes_.info().document);
  ASSERT_TRUE(back) << "the other is no node that lives: " << back.error().detail;
  EXPECT_GT(back->epoch, *theirs);
  EXPECT_EQ(back->head, revision(2));
}

TEST_P(op_log_contract, handing_over_needs_the_present_epoch_and_head) {
  notes_.create(log(), 2);
  for (const std::uint64_t head : {0U, 1U, 3U})
    EXPECT_EQ(code_of(log().hand_over(notes_.id(), notes_.epoch(), revision(head), {"other", 1})), errc::stale_epoch);
  EXPECT_EQ(code_of(log().hand_over(notes_.id(), epoch(9), revision(2), {"other", 1})), errc::stale_epoch);
  EXPECT_EQ(code_of(log().hand_over(plans_.id(), plans_.epoch(), revision(0), {"other", 1})), errc::not_found);
  notes_.write(log(), 1);
  ASSERT_TRUE(log().remove(notes_.id(), notes_.epoch()));
  EXPECT_EQ(code_of(log().hand_over(notes_.id(), notes_.epoch(), revision(3), {"other", 1})), errc::not_found);
  EXPECT_EQ(code_of(log().release(notes_.id(), notes_.epoch())), errc::not_found);
}

}  // namespace quire::storage
