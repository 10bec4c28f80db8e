#include "actors/document/own_author.hpp"
#include "actors/replay.hpp"
#include "protocol/limits.hpp"
#include "tests/fixture/one_document.hpp"
#include "tests/fixture/yjs/hexadecimal.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace quire::actors {
namespace {

using namespace fixture;

constexpr const char* hi = "010101000401017402686900";
constexpr const char* bang = "01010200840101012100";

/// A document of the type yjs: the text "hi" of its client 1, in one revision.
class yjs_type_test : public one_document {
 protected:
  yjs_type_test() {
    type = "yjs";
    open();
    update(1, 1, hi);
    commit();
    answers.clear();
  }

  void update(std::uint8_t who, std::uint32_t sequence, std::string_view digits) {
    submit(who, sequence, 0, from_hexadecimal(digits));
  }

  /// As a provider's relay does: no client numbers it.
  void provide(std::uint64_t receipt, std::string_view digits, bool may_change = true) {
    const submitted_edit edit{{}, "ada", {}, {}, share(from_hexadecimal(digits)), receipt, may_change};
    do_now(core->submit(relay, std::span(&edit, 1)));
  }

  void ask_difference(std::uint64_t ticket, std::string_view known) {
    do_now(core->take_difference(relay, ticket, from_hexadecimal(known)));
  }

  /// The text of its only root.
  std::string root() {
    ask(read_document{representation::text});
    return answer && *answer ? std::string(as_text(*(*answer)->content)) : "refused";
  }
};

TEST_F(yjs_type_test, edits_of_any_base_are_merged) {
  update(2, 1, bang);
  update(1, 2, "00 01 01 01 00 01");
  commit();
  EXPECT_EQ(root(), "i!");
  EXPECT_EQ(shown, 3U);
}

TEST_F(yjs_type_test, what_was_there_before_is_acknowledged_and_nothing_more) {
  update(2, 1, hi);
  EXPECT_TRUE(unfinished.empty());
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_FALSE(answers[0].refusal);
  EXPECT_EQ(answers[0].revision, revision{1});
}

TEST_F(yjs_type_test, an_update_that_does_not_read_is_refused_and_changes_nothing) {
  update(2, 1, "01 01 02 00 84 01 01 01 ff 00");
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].refusal->code, errc::malformed_operation);
  EXPECT_EQ(root(), "hi");
}

TEST_F(yjs_type_test, it_is_the_same_after_a_restart) {
  update(2, 1, "01 01 02 01 84 02 00 01 3f 00");  // waits for the one before it
  commit();
  open();
  EXPECT_EQ(root(), "hi");
  update(2, 2, bang);
  commit();
  EXPECT_EQ(root(), "hi!?");
}

TEST_F(yjs_type_test, an_edit_that_no_client_numbers_is_the_documents_own) {
  provide(5, bang);
  ASSERT_EQ(unfinished.size(), 1U);
  const auto row = unfinished[0].entries.at(0);
  EXPECT_TRUE(is_own_author(row.client));
  EXPECT_EQ(row.sequence, client_sequence{1});
  EXPECT_EQ(row.author, "ada");
  EXPECT_TRUE(answers.empty());
  commit();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].receipt, 5U);
  EXPECT_FALSE(answers[0].refusal);
  EXPECT_EQ(shown, 2U);
}

TEST_F(yjs_type_test, of_such_an_edit_what_was_there_is_answered_once_that_is_durable) {
  provide(5, bang);
  provide(6, bang);
  EXPECT_TRUE(answers.empty());
  commit();
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[1].receipt, 6U);
  EXPECT_EQ(log.size(), 2U);
  provide(7, bang);
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_TRUE(unfinished.empty());
}

TEST_F(yjs_type_test, such_edits_make_the_table_of_clients_no_longer) {
  for (std::uint64_t owner = 0; owner < 3; ++owner) {
    open();
    for (std::uint64_t i = 1; i <= 20; ++i) {
      const std::string digits = "0101" + to_hexadecimal(bytes{std::byte(20 * owner + i + 2)}) + "0004010174013f00";
      provide(i, digits);
      commit();
    }
  }
  EXPECT_EQ(log.size(), 61U);
  open();
  EXPECT_EQ(clients.size(), 1U);
  EXPECT_EQ(root().size(), 62U);
}

TEST_F(yjs_type_test, a_snapshot_after_such_edits_agrees_with_the_log) {
  snapshot_after = 2;
  open();
  provide(1, bang);
  provide(2, "0101030004010174013f00");
  commit();
  ASSERT_TRUE(kept);
  document_replay replay(*types::find_type("yjs"));
  ASSERT_GT(kept->revision, revision{1});
  for (std::size_t i = 0; i < kept->revision.value(); ++i)
    ASSERT_TRUE(replay.apply(log[i]));
  const auto compared = replay.compare(*kept);
  EXPECT_TRUE(compared) << compared.error().detail;
}

TEST_F(yjs_type_test, who_may_only_read_is_refused_what_is_new) {
  provide(1, bang, false);
  provide(2, hi, false);
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].refusal->code, errc::forbidden);
  EXPECT_FALSE(answers[1].refusal);
  EXPECT_TRUE(unfinished.empty());
  EXPECT_EQ(root(), "hi");
}

TEST_F(yjs_type_test, what_somebody_lacks_is_given_once_it_is_durable) {
  provide(1, bang);
  ask_difference(9, "010102");
  EXPECT_TRUE(differences.empty());
  commit();
  ASSERT_EQ(differences.size(), 1U);
  EXPECT_EQ(differences[0].ticket, 9U);
  EXPECT_EQ(differences[0].revision, revision{2});
  ASSERT_TRUE(differences[0].what);
  EXPECT_EQ(to_hexadecimal((*differences[0].what)->update), bang);
  EXPECT_EQ(to_hexadecimal((*differences[0].what)->position), "0202010102");
}

TEST_F(yjs_type_test, whoever_lacks_the_same_is_given_the_same_until_the_next_edit) {
  for (std::uint64_t ticket = 0; ticket < 500; ++ticket)
    ask_difference(ticket, "00");
  ASSERT_EQ(differences.size(), 500U);
  for (const auto& one : differences)
    EXPECT_EQ(*one.what, *differences[0].what);
  EXPECT_EQ(to_hexadecimal((*differences[0].what)->update), hi);
  provide(1, bang);
  commit();
  ask_difference(500, "00");
  EXPECT_NE(*differences[500].what, *differences[0].what);
}

TEST_F(yjs_type_test, a_position_that_does_not_read_is_refused) {
  ask_difference(1, "0201");
  ASSERT_EQ(differences.size(), 1U);
  EXPECT_EQ(differences[0].what.error().code, errc::malformed_operation);
}

TEST_F(one_document, a_type_that_is_rebased_has_no_difference_and_no_edits_without_numbers) {
  submit(1, 1, 0, insert_at(0, "hi"));
  commit();
  answers.clear();
  do_now(core->take_difference(relay, 1, {}));
  ASSERT_EQ(differences.size(), 1U);
  EXPECT_EQ(differences[0].what.error().code, errc::type_mismatch);
  const submitted_edit edit{{}, "", {}, {}, share(insert_at(0, "x")), 4, true};
  do_now(core->submit(relay, std::span(&edit, 1)));
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].refusal->code, errc::type_mismatch);
}

TEST(difference_cache, it_keeps_the_last_ones_within_its_bounds) {
  const auto made = [](std::size_t size) {
    return std::make_shared<const types::difference>(types::difference{{}, bytes(size)});
  };
  const auto known = [](std::size_t number) { return bytes{std::byte(number)}; };
  difference_cache cache;
  for (std::size_t i = 0; i <= limits::differences_kept_max; ++i)
    cache.put(revision{1}, known(i), made(1));
  EXPECT_EQ(cache.find(revision{1}, known(0)), nullptr);
  EXPECT_NE(cache.find(revision{1}, known(1)), nullptr);
  cache.put(revision{1}, known(99), made(limits::difference_cache_bytes_max));
  EXPECT_EQ(cache.find(revision{1}, known(99)), nullptr);
  EXPECT_NE(cache.find(revision{1}, known(1)), nullptr);
  EXPECT_EQ(cache.find(revision{2}, known(1)), nullptr);
  EXPECT_EQ(cache.find(revision{1}, known(1)), nullptr);  // of a revision that is past nothing is kept
}

}  // namespace
}  // namespace quire::actors
