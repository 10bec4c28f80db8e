#include "actors/document/core.hpp"
#include "tests/fixture/letter_set.hpp"
#include "tests/fixture/one_document.hpp"

#include <gtest/gtest.h>

#include <string>

namespace quire::actors {
namespace {

using namespace fixture;

/// A document of a type that merges by itself, with the letters a and b in two revisions.
class merging_type_test : public one_document {
 protected:
  merging_type_test() {
    type = "letters";
    find_type = letter_set::find;
    open();
    add(1, 1, "a");
    add(2, 1, "b");
    commit();
  }

  void add(std::uint8_t who, std::uint32_t sequence, std::string_view letters) {
    submit(who, sequence, 0, to_bytes(letters));
  }
};

TEST_F(merging_type_test, an_edit_with_nothing_new_is_acknowledged_and_neither_logged_nor_shown) {
  add(1, 2, "ba");
  EXPECT_TRUE(unfinished.empty());
  EXPECT_EQ(shown, 2U);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_FALSE(answers[0].refusal);
  EXPECT_EQ(answers[0].sequence, client_sequence{2});
  EXPECT_EQ(answers[0].revision, revision{2});
}

TEST_F(merging_type_test, the_number_of_an_edit_with_nothing_new_is_used) {
  add(1, 2, "ab");
  add(1, 2, "ab");
  add(1, 2, "x");
  add(1, 3, "c");
  commit();
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_FALSE(answers[1].refusal);
  EXPECT_EQ(answers[1].revision, revision{2});
  EXPECT_EQ(answers[2].refusal->code, errc::sequence_reused);
  EXPECT_EQ(shown, 3U);
  EXPECT_EQ(text(), "abc");
}

TEST_F(merging_type_test, an_edit_with_nothing_new_is_acknowledged_only_once_all_before_it_is_durable) {
  add(1, 2, "c");
  add(2, 2, "c");
  EXPECT_TRUE(answers.empty());
  do_now(core->attach(relay_key{8}, ""));
  EXPECT_EQ(clients.size(), 2U);
  for (const auto& [client, last] : clients)
    EXPECT_EQ(last, client_sequence{1});
  commit();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].revision, revision{3});
  do_now(core->attach(relay_key{9}, ""));
  for (const auto& [client, last] : clients)
    EXPECT_EQ(last, client_sequence{2});
}

TEST_F(merging_type_test, an_edit_with_nothing_new_in_the_same_turn_as_another_waits_for_that) {
  const auto edit = [](std::uint8_t who, std::string_view letters) {
    return submitted_edit{client(who), "", client_sequence{2}, {}, share(to_bytes(letters))};
  };
  const std::vector edits{edit(1, "cd"), edit(2, "d")};
  do_now(core->submit(relay, edits));
  ASSERT_EQ(unfinished.size(), 1U);
  EXPECT_EQ(unfinished[0].entries.size(), 1U);
  EXPECT_TRUE(answers.empty());
  do_now(core->attach(relay_key{8}, ""));
  EXPECT_EQ(clients.size(), 2U);
  for (const auto& [client, last] : clients)
    EXPECT_EQ(last, client_sequence{1});
  commit();
  EXPECT_EQ(answers.size(), 1U);
  EXPECT_EQ(shown, 3U);
}

TEST_F(merging_type_test, after_a_restart_the_number_of_an_edit_with_nothing_new_is_free_again) {
  add(1, 2, "a");
  open();
  EXPECT_EQ(text(), "ab");
  answers.clear();
  add(1, 3, "c");
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].refusal->code, errc::sequence_gap);
  EXPECT_EQ(answers[0].expected, client_sequence{2});
  add(1, 2, "c");
  commit();
  EXPECT_EQ(text(), "abc");
}

TEST_F(merging_type_test, writing_what_is_there_answers_with_the_revision_it_has) {
  ask(write_document{"", "a", document_version{generation{1}, revision{2}}});
  EXPECT_TRUE(unfinished.empty());
  ASSERT_TRUE(answer && *answer);
  EXPECT_EQ((*answer)->version.revision, revision{2});
}

}  // namespace
}  // namespace quire::actors
