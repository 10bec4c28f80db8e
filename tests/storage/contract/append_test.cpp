#include "protocol/limits.hpp"
#include "tests/storage/contract/op_log_contract.hpp"

namespace quire::storage {

TEST_P(op_log_contract, what_was_appended_is_read_back_byte_for_byte_and_in_order) {
  notes_.create(log(), 3);
  notes_.write(log(), 2, bob);
  auto expected = edits(0, 3);
  for (auto& entry : edits(3, 5, bob))
    expected.push_back(entry);
  const auto found = load(notes_);
  EXPECT_FALSE(found.newest);
  EXPECT_TRUE(are_same(found.tail, expected));
}

TEST_P(op_log_contract, every_byte_value_and_an_empty_operation_and_author_are_kept) {
  auto request = notes_.creation(2);
  bytes all;
  for (int value = 0; value < 256; ++value)
    all.push_back(static_cast<std::byte>(value));
  request.entries[0].operation = share(std::move(all));
  request.entries[1].operation = share({});
  request.entries[0].author = std::string("a\0b", 3);
  request.entries[1].author = "";
  request.entries[1].encoding = 65'535;
  request.entries[1].sequence = client_sequence(4'294'967'295);
  ASSERT_TRUE(append_alone(log(), request));
  EXPECT_TRUE(are_same(load(notes_).tail, request.entries));
}

TEST_P(op_log_contract, an_operation_as_large_as_any_is_kept) {
  auto request = notes_.creation(1);
  request.entries[0].operation = share(bytes(limits::yjs_update_bytes_max, std::byte{7}));
  ASSERT_TRUE(append_alone(log(), request));
  EXPECT_TRUE(are_same(load(notes_).tail, request.entries));
}

TEST_P(op_log_contract, one_call_appends_for_many_documents) {
  const std::vector requests{notes_.creation(2), plans_.creation(3)};
  const auto done = log().append(requests);
  ASSERT_TRUE(done);
  EXPECT_TRUE(done->at(0));
  EXPECT_TRUE(done->at(1));
  EXPECT_EQ(load(notes_).tail.size(), 2U);
  EXPECT_EQ(load(plans_).tail.size(), 3U);
}

TEST_P(op_log_contract, an_append_of_nothing_is_done) {
  const auto done = log().append({});
  ASSERT_TRUE(done);
  EXPECT_TRUE(done->empty());
}

TEST_P(op_log_contract, an_append_under_a_stale_epoch_appends_nothing) {
  notes_.create(log(), 1);
  ASSERT_TRUE(log().acquire(notes_.info().document));
  EXPECT_EQ(code_of(append_alone(log(), notes_.next(1))), errc::stale_epoch);
  EXPECT_EQ(load(notes_).tail.size(), 1U);
}

TEST_P(op_log_contract, an_append_under_an_epoch_that_was_never_given_appends_nothing) {
  notes_.create(log(), 1);
  notes_.set_epoch(epoch(9));
  EXPECT_EQ(code_of(append_alone(log(), notes_.next(1))), errc::stale_epoch);
}

TEST_P(op_log_contract, an_append_on_another_base_than_the_head_appends_nothing) {
  notes_.create(log(), 3);
  for (const std::uint64_t base : {0U, 2U, 4U}) {
    notes_.set_head(base);
    EXPECT_EQ(code_of(append_alone(log(), notes_.next(1, bob))), errc::stale_epoch) << base;
  }
  EXPECT_EQ(load(notes_).tail.size(), 3U);
}

TEST_P(op_log_contract, entries_that_leave_a_gap_are_refused) {
  auto request = notes_.creation(3);
  request.entries.erase(request.entries.begin() + 1);
  EXPECT_EQ(code_of(append_alone(log(), request)), errc::internal);
  EXPECT_EQ(code_of(past().load(notes_.id())), errc::not_found);
}

TEST_P(op_log_contract, an_append_without_entries_tells_who_owns_the_document) {
  notes_.create(log(), 1);
  EXPECT_TRUE(append_alone(log(), notes_.next(0)));
  ASSERT_TRUE(log().acquire(notes_.info().document));
  EXPECT_EQ(code_of(append_alone(log(), notes_.next(0))), errc::stale_epoch);
}

TEST_P(op_log_contract, an_append_to_a_document_that_is_not_there_is_refused) {
  EXPECT_EQ(code_of(append_alone(log(), notes_.next(1))), errc::not_found);
  EXPECT_EQ(code_of(past().load(notes_.id())), errc::not_found);
}

TEST_P(op_log_contract, a_document_is_created_once) {
  notes_.create(log(), 1);
  const written_document again("notes", id_of(9));
  EXPECT_EQ(code_of(append_alone(log(), again.creation(2))), errc::already_exists);
  EXPECT_EQ(load(notes_).tail.size(), 1U);
  EXPECT_EQ(code_of(past().load(again.id())), errc::not_found);
}

TEST_P(op_log_contract, an_id_in_use_creates_nothing) {
  notes_.create(log(), 1);
  const written_document thief("other", notes_.id());
  EXPECT_EQ(code_of(append_alone(log(), thief.creation(1))), errc::already_exists);
  EXPECT_EQ(names("default", "", 9), std::vector<std::string>{"notes"});
}

TEST_P(op_log_contract, one_document_refused_leaves_the_others_of_its_commit_alone) {
  notes_.create(log(), 1);
  written_document third("third", id_of(3));
  auto repeated = notes_.next(3);
  repeated.entries[2].sequence = client_sequence(1);  // alice's first edit again, after two new ones
  const std::vector requests{plans_.creation(2), repeated, third.creation(4)};
  const auto done = log().append(requests);
  ASSERT_TRUE(done);
  EXPECT_TRUE(done->at(0));
  EXPECT_EQ(code_of(done->at(1)), errc::sequence_reused);
  EXPECT_TRUE(done->at(2));
  EXPECT_EQ(load(plans_).tail.size(), 2U);
  EXPECT_EQ(load(notes_).tail.size(), 1U);
  EXPECT_EQ(load(third).tail.size(), 4U);
  notes_.write(log(), 1);
}

TEST_P(op_log_contract, an_edit_is_in_the_log_of_a_document_once) {
  notes_.create(log(), 1);
  EXPECT_EQ(code_of(append_alone(log(), {notes_.info(), false, notes_.epoch(), revision(1), {edit(2, alice, 1)}})),
            errc::sequence_reused);
  plans_.create(log(), 1);  // the same client with the same sequence in another document
  EXPECT_EQ(code_of(append_alone(
              log(), {notes_.info(), false, notes_.epoch(), revision(1), {edit(2, bob, 5), edit(3, bob, 5)}})),
            errc::sequence_reused);
  EXPECT_EQ(load(notes_).tail.size(), 1U);
}

TEST_P(op_log_contract, a_creation_that_is_refused_leaves_nothing_behind) {
  auto request = notes_.creation(2);
  request.entries[1].sequence = request.entries[0].sequence;
  EXPECT_EQ(code_of(append_alone(log(), request)), errc::sequence_reused);
  EXPECT_TRUE(names("default", "", 9).empty());
  EXPECT_FALSE(log().acquire(notes_.info().document)->exists);
}

}  // namespace quire::storage
