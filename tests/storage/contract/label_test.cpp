#include "protocol/limits.hpp"
#include "tests/storage/contract/op_log_contract.hpp"

namespace quire::storage {

namespace {

label label_at(std::string name, std::uint64_t at) {
  return {std::move(name), revision(at), "alice", at_second(static_cast<std::int64_t>(at))};
}

}  // namespace

TEST_P(op_log_contract, labels_are_told_by_revision_and_name_with_who_set_them_and_when) {
  notes_.create(log(), 9);
  EXPECT_TRUE(past().labels(notes_.id()).value().empty());
  const label late{"väl 😀/x", revision(9), std::string("b\0b", 3), at_second(3)};
  for (const auto& made : {late, label_at("second", 4), label_at("first", 4), label_at("start", 0)})
    EXPECT_EQ(log().set_label(notes_.id(), notes_.epoch(), made, true), true);
  const std::vector expected{label_at("start", 0), label_at("first", 4), label_at("second", 4), late};
  EXPECT_EQ(past().labels(notes_.id()), expected);
}

TEST_P(op_log_contract, a_label_is_moved_unless_it_shall_be_new) {
  notes_.create(log(), 9);
  ASSERT_EQ(log().set_label(notes_.id(), notes_.epoch(), label_at("draft", 3), true), true);
  EXPECT_EQ(code_of(log().set_label(notes_.id(), notes_.epoch(), label_at("draft", 5), true)), errc::already_exists);
  EXPECT_EQ(past().labels(notes_.id()), std::vector{label_at("draft", 3)});
  EXPECT_EQ(log().set_label(notes_.id(), notes_.epoch(), label_at("draft", 5), false), false);
  EXPECT_EQ(past().labels(notes_.id()), std::vector{label_at("draft", 5)});
}

TEST_P(op_log_contract, a_label_that_is_removed_can_be_set_anew) {
  notes_.create(log(), 9);
  ASSERT_TRUE(log().set_label(notes_.id(), notes_.epoch(), label_at("draft", 3), true));
  EXPECT_TRUE(log().remove_label(notes_.id(), notes_.epoch(), "draft"));
  EXPECT_TRUE(past().labels(notes_.id()).value().empty());
  EXPECT_EQ(code_of(log().remove_label(notes_.id(), notes_.epoch(), "draft")), errc::not_found);
  EXPECT_EQ(log().set_label(notes_.id(), notes_.epoch(), label_at("draft", 4), true), true);
}

TEST_P(op_log_contract, only_a_revision_that_is_there_is_labelled) {
  notes_.create(log(), 9);
  EXPECT_EQ(code_of(log().set_label(notes_.id(), notes_.epoch(), label_at("draft", 10), false)), errc::future_revision);
  EXPECT_TRUE(past().labels(notes_.id()).value().empty());
}

TEST_P(op_log_contract, only_the_owner_labels) {
  notes_.create(log(), 9);
  ASSERT_TRUE(log().set_label(notes_.id(), notes_.epoch(), label_at("draft", 3), true));
  ASSERT_TRUE(log().acquire(notes_.info().document));
  EXPECT_EQ(code_of(log().set_label(notes_.id(), notes_.epoch(), label_at("draft", 4), false)), errc::stale_epoch);
  EXPECT_EQ(code_of(log().remove_label(notes_.id(), notes_.epoch(), "draft")), errc::stale_epoch);
  EXPECT_EQ(code_of(log().set_label(plans_.id(), plans_.epoch(), label_at("draft", 0), false)), errc::not_found);
  EXPECT_EQ(code_of(log().remove_label(plans_.id(), plans_.epoch(), "draft")), errc::not_found);
  EXPECT_EQ(code_of(past().labels(plans_.id())), errc::not_found);
  EXPECT_EQ(past().labels(notes_.id()), std::vector{label_at("draft", 3)});
}

TEST_P(op_log_contract, a_document_has_only_so_many_labels_and_those_can_be_moved) {
  notes_.create(log(), 1);
  plans_.create(log(), 1);
  for (std::size_t number = 0; number < limits::labels_a_document_max; ++number)
    ASSERT_TRUE(log().set_label(notes_.id(), notes_.epoch(), label_at("label " + std::to_string(number), 1), true));
  const auto over = label_at("one more", 1);
  EXPECT_EQ(code_of(log().set_label(notes_.id(), notes_.epoch(), over, true)), errc::too_many_labels);
  EXPECT_EQ(log().set_label(notes_.id(), notes_.epoch(), label_at("label 7", 0), false), false);
  EXPECT_EQ(log().set_label(plans_.id(), plans_.epoch(), over, true), true) << "each document has its own";
  ASSERT_TRUE(log().remove_label(notes_.id(), notes_.epoch(), "label 3"));
  EXPECT_EQ(log().set_label(notes_.id(), notes_.epoch(), over, true), true);
}

TEST_P(op_log_contract, a_deleted_document_takes_its_labels_along) {
  notes_.create(log(), 3);
  ASSERT_TRUE(log().set_label(notes_.id(), notes_.epoch(), label_at("draft", 3), true));
  ASSERT_TRUE(log().remove(notes_.id(), notes_.epoch()));
  EXPECT_EQ(code_of(past().labels(notes_.id())), errc::not_found);
  written_document again("notes", id_of(9));
  again.set_generation(generation(2));
  again.set_epoch(log().acquire(notes_.info().document).value().epoch);
  again.create(log(), 3);
  EXPECT_TRUE(past().labels(again.id()).value().empty());
  EXPECT_EQ(log().set_label(again.id(), again.epoch(), label_at("draft", 1), true), true);
}

}  // namespace quire::storage
