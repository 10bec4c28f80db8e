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

}  // namespace quire::storage
