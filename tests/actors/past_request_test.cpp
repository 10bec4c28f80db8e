#include "actors/past_request.hpp"
#include "protocol/limits.hpp"
#include "tests/fixture/text_operations.hpp"
#include "tests/fixture/written_document.hpp"

#include <gtest/gtest.h>

#include <string>

namespace quire::actors {

namespace {

using namespace quire::fixture;  // NOLINT: the tests speak its language

/// A document of one letter an edit, in a store and without an actor.
class past : public testing::Test {
 protected:
  past() : store_(storage::open_store("memory").value()) {}

  void write(const std::string& letters, const std::string& type = "text") {
    auto request = notes_.creation(letters.size());
    request.document.type = type;
    for (std::uint32_t i = 0; i < letters.size(); ++i)
      request.entries[i].operation = share(insert_at(i, letters.substr(i, 1)));
    ASSERT_TRUE(append_alone(*store_.log, request));
  }

  /// An insertion of so many bytes an edit, as operations.
  void write_operations_of(const std::vector<std::size_t>& sizes) {
    auto request = notes_.creation(sizes.size());
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      auto operation = insert_at(0, std::string(sizes[i] - 6, 'x'));  // what it takes besides: an array and a long text
      ASSERT_EQ(operation.size(), sizes[i]);
      request.entries[i].operation = share(std::move(operation));
    }
    ASSERT_TRUE(append_alone(*store_.log, request));
  }

  result<past_page> operations(std::uint64_t from, std::uint64_t to) {
    auto answer = result<past_page>(fail(errc::internal, "not answered"));
    answer_past(*store_.history,
                {notes_.info().document,
                 read_operations{revision(from), revision(to), [&](auto given) { answer = std::move(given); }}},
                {});
    return answer;
  }

  result<document_answer> state(std::uint64_t at) {
    auto answer = result<document_answer>(fail(errc::internal, "not answered"));
    answer_past(*store_.history,
                {notes_.info().document,
                 read_revision{revision(at), representation::text, [&](auto given) { answer = std::move(given); }}},
                {});
    return answer;
  }

  written_document notes_{"notes", id_of(1)};
  storage::store store_;
};

}  // namespace

TEST_F(past, a_state_is_what_the_edits_up_to_it_made) {
  write("abcd");
  for (const auto* expected : {"", "a", "ab", "abc", "abcd"}) {
    const auto found = state(std::string_view(expected).size());
    ASSERT_TRUE(found) << found.error().detail;
    EXPECT_EQ(as_text(*found->content), expected);
    EXPECT_EQ(found->version.revision, revision(std::string_view(expected).size()));
  }
  EXPECT_EQ(code_of(state(5)), errc::future_revision);
}

TEST_F(past, operations_are_told_with_who_made_them_and_when) {
  write("abcd");
  const auto found = operations(2, 3);
  ASSERT_TRUE(found) << found.error().detail;
  ASSERT_EQ(found->operations.size(), 2U);
  const auto& first = found->operations.front();
  EXPECT_EQ(first.revision, revision(2));
  EXPECT_EQ(first.client, alice);
  EXPECT_EQ(first.author, "alice");
  EXPECT_EQ(first.at, at_second(2));
  EXPECT_EQ(as_text(first.json), "[1,\"b\"]");
  EXPECT_EQ(found->next, revision(0));
  EXPECT_EQ(found->head, (document_version{generation(1), revision(4)}));
}

TEST_F(past, operations_end_at_the_head) {
  write("abcd");
  EXPECT_EQ(operations(4, 99)->operations.size(), 1U);
  EXPECT_TRUE(operations(5, 99)->operations.empty());
  EXPECT_EQ(operations(5, 99)->next, revision(0));
}

TEST_F(past, operations_come_in_pages) {
  write(std::string(limits::past_operations_page_max + 2, 'x'));
  const auto first = operations(1, limits::integer_max);
  ASSERT_TRUE(first) << first.error().detail;
  EXPECT_EQ(first->operations.size(), limits::past_operations_page_max);
  ASSERT_EQ(first->next, revision(limits::past_operations_page_max + 1));
  const auto second = operations(first->next.value(), limits::integer_max);
  EXPECT_EQ(second->operations.size(), 2U);
  EXPECT_EQ(second->next, revision(0));
}

TEST_F(past, operations_come_in_pages_of_so_many_bytes) {
  const std::size_t half = limits::past_bytes_page_max / 2;
  write_operations_of({half, half, half + 1, half, 2 * half});
  const auto page_from = [&](std::uint64_t from) {
    const auto found = operations(from, limits::integer_max);
    EXPECT_TRUE(found) << found.error().detail;
    return std::pair(found->operations.size(), found->next);
  };
  EXPECT_EQ(page_from(1), std::pair(std::size_t{2}, revision(3)));
  EXPECT_EQ(page_from(3), std::pair(std::size_t{1}, revision(4)));
  EXPECT_EQ(page_from(4), std::pair(std::size_t{1}, revision(5)));
  EXPECT_EQ(page_from(5), std::pair(std::size_t{1}, revision(0)));
}

TEST_F(past, a_document_that_is_not_there_has_none) {
  EXPECT_EQ(code_of(operations(1, 2)), errc::not_found);
  EXPECT_EQ(code_of(state(0)), errc::not_found);
}

TEST_F(past, a_type_that_this_server_has_not_is_named) {
  write("ab", "parchment");
  EXPECT_EQ(code_of(operations(1, 2)), errc::unknown_document_type);
  EXPECT_EQ(code_of(state(1)), errc::unknown_document_type);
}

TEST_F(past, an_operation_that_does_not_read_is_damage) {
  notes_.create(*store_.log, 3);  // not of the text type's form
  EXPECT_EQ(code_of(operations(1, 3)), errc::document_damaged);
  EXPECT_EQ(code_of(state(2)), errc::document_damaged);
  EXPECT_TRUE(state(0));
}

TEST_F(past, a_state_after_as_many_edits_as_may_be_is_told_and_one_after_more_is_refused) {
  write(std::string(limits::past_replay_operations_max + 1, 'x'));
  EXPECT_EQ(state(limits::past_replay_operations_max)->content->size(), limits::past_replay_operations_max);
  EXPECT_EQ(code_of(state(limits::past_replay_operations_max + 1)), errc::too_costly);
}

TEST_F(past, a_state_after_as_many_bytes_of_edits_as_may_be_is_told_and_one_after_more_is_refused) {
  const std::size_t eighth = limits::past_replay_bytes_max / 8;
  std::vector<std::size_t> sizes(8, eighth);
  sizes.push_back(100'000);
  write_operations_of(sizes);
  const auto found = state(8);
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_EQ(found->content->size(), 8 * (eighth - 6));
  EXPECT_EQ(code_of(state(9)), errc::too_costly);
}

}  // namespace quire::actors
