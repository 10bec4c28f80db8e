#include "actors/document/core.hpp"

#include "actors/document/snapshot_envelope.hpp"
#include "protocol/limits.hpp"
#include "tests/fixture/one_document.hpp"

#include <gtest/gtest.h>

#include <string>

namespace quire::actors {
namespace {

using namespace fixture;

class document_core_test : public one_document {};

TEST_F(document_core_test, an_edit_is_shown_only_after_it_is_durable) {
  submit(1, 1, 0, insert_at(0, "hi"));
  EXPECT_EQ(unfinished.size(), 1U);
  EXPECT_EQ(shown, 0U);
  commit();
  EXPECT_EQ(shown, 1U);
}

TEST_F(document_core_test, a_state_that_shows_a_pending_edit_waits_for_its_commit) {
  submit(1, 1, 0, insert_at(0, "hi"));
  do_now(core->take_state(relay));
  EXPECT_EQ(state, "");
  commit();
  EXPECT_EQ(state, "hi");
}

TEST_F(document_core_test, edits_that_come_while_a_commit_runs_are_ordered_and_shown_with_theirs) {
  submit(1, 1, 0, insert_at(0, "a"));
  submit(2, 1, 0, insert_at(0, "b"));
  ASSERT_EQ(unfinished.size(), 2U);
  EXPECT_EQ(unfinished[1].base, revision{1});
  do_now(core->appended(1, {}, {}));
  EXPECT_EQ(shown, 1U);
  do_now(core->appended(1, {}, {}));
  EXPECT_EQ(shown, 2U);
}

TEST_F(document_core_test, an_edit_sent_twice_is_applied_once_and_acknowledged_once_durable) {
  submit(1, 1, 0, insert_at(0, "hi"));
  submit(1, 1, 0, insert_at(0, "hi"));
  EXPECT_TRUE(answers.empty());
  commit();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_FALSE(answers[0].refusal);
  EXPECT_EQ(answers[0].revision, revision{1});
  EXPECT_EQ(text(), "hi");
}

TEST_F(document_core_test, an_edit_that_the_store_lost_is_taken_although_those_before_it_left_no_trace) {
  submit(1, 3, 0, insert_at(0, "hi"), true);
  commit();
  EXPECT_TRUE(answers.empty());
  EXPECT_EQ(text(), "hi");
  submit(1, 3, 0, insert_at(0, "hi"), true);
  EXPECT_TRUE(unfinished.empty());
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_FALSE(answers[0].refusal);
}

TEST_F(document_core_test, an_edit_that_the_store_lost_is_acknowledged_when_its_client_sends_it_as_it_was) {
  submit(2, 1, 0, insert_at(0, "a"));
  submit(3, 1, 1, insert_at(1, "as others were sent it"), true);
  submit(3, 1, 0, insert_at(0, "as it was sent"));
  commit();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_FALSE(answers[0].refusal);
  EXPECT_EQ(text(), "aas others were sent it");
}

TEST_F(document_core_test, edits_that_the_store_lost_are_taken_also_when_too_many_wait) {
  for (std::uint32_t i = 1; i <= limits::pending_edits_max; ++i)
    submit(1, i, i - 1, insert_at(0, "a"));
  submit(2, 1, 0, insert_at(0, "b"));
  ASSERT_EQ(answers.size(), 1U);
  ASSERT_TRUE(answers[0].refusal);
  EXPECT_EQ(answers[0].refusal->code, errc::store_unavailable);
  submit(2, 1, limits::pending_edits_max, insert_at(0, "c"), true);
  EXPECT_EQ(answers.size(), 1U);
  commit();
  EXPECT_EQ(text().front(), 'c');
}

TEST_F(document_core_test, an_edit_sent_twice_is_applied_once_across_a_restart) {
  submit(1, 1, 0, insert_at(0, "hi"));
  commit();
  open();
  submit(1, 1, 0, insert_at(0, "hi"));
  EXPECT_TRUE(unfinished.empty());
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_FALSE(answers[0].refusal);
  EXPECT_EQ(text(), "hi");
}

TEST_F(document_core_test, an_edit_sent_twice_is_applied_once_across_a_snapshot_and_a_restart) {
  snapshot_after = 1;
  open();
  submit(1, 1, 0, insert_at(0, "hi"));
  commit();
  ASSERT_TRUE(kept);
  open();
  submit(1, 1, 0, insert_at(0, "hi"));
  submit(1, 1, 0, insert_at(0, "other"));
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_FALSE(answers[0].refusal);
  EXPECT_EQ(answers[1].refusal->code, errc::sequence_reused);
  EXPECT_EQ(text(), "hi");
}

TEST_F(document_core_test, a_number_used_again_for_other_content_is_refused) {
  submit(1, 1, 0, insert_at(0, "hi"));
  submit(1, 1, 0, insert_at(0, "ho"));
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].refusal->code, errc::sequence_reused);
}

TEST_F(document_core_test,
       after_a_restart_without_a_snapshot_a_used_number_is_acknowledged_as_what_is_stored_under_it) {
  submit(1, 1, 0, insert_at(0, "hi"));
  submit(2, 1, 1, insert_at(2, "!"));
  commit();
  open();
  submit(1, 1, 0, insert_at(0, "other"));
  EXPECT_TRUE(unfinished.empty());
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_FALSE(answers[0].refusal);
  EXPECT_EQ(answers[0].revision, revision{1});
  EXPECT_EQ(text(), "hi!");
}

TEST_F(document_core_test, after_a_restart_an_edit_that_came_after_the_snapshot_is_not_known_by_its_content) {
  snapshot_after = 2;
  open();
  submit(1, 1, 0, insert_at(0, "a"));
  submit(2, 1, 1, insert_at(1, "b"));
  commit();
  submit(2, 2, 2, insert_at(2, "c"));
  commit();
  ASSERT_EQ(kept->revision, revision{2});
  open();
  submit(1, 1, 0, insert_at(0, "other"));
  submit(2, 2, 2, insert_at(0, "other"));
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].refusal->code, errc::sequence_reused);
  EXPECT_FALSE(answers[1].refusal);
  EXPECT_EQ(answers[1].revision, revision{3});
  EXPECT_EQ(text(), "abc");
}

TEST_F(document_core_test, a_gap_is_refused_with_the_number_that_must_come) {
  submit(1, 1, 0, insert_at(0, "a"));
  submit(1, 3, 0, insert_at(0, "c"));
  submit(2, 2, 0, insert_at(0, "c"));
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].refusal->code, errc::sequence_gap);
  EXPECT_EQ(answers[0].expected, client_sequence{2});
  EXPECT_EQ(answers[1].expected, client_sequence{1});
}

TEST_F(document_core_test, a_refused_edit_changes_nothing_and_costs_no_number) {
  submit(1, 1, 0, insert_at(5, "past the end"));
  submit(1, 1, 9, insert_at(0, "of the future"));
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].refusal->code, errc::malformed_operation);
  EXPECT_EQ(answers[1].refusal->code, errc::future_revision);
  submit(1, 1, 0, insert_at(0, "good"));
  commit();
  EXPECT_EQ(text(), "good");
}

TEST_F(document_core_test, concurrent_edits_are_rebased_in_the_order_they_came) {
  submit(1, 1, 0, insert_at(0, "world"));
  submit(2, 1, 0, insert_at(0, "hello "));
  submit(1, 2, 1, insert_at(5, "!"));
  commit();
  EXPECT_EQ(text(), "hello world!");
}

TEST_F(document_core_test, a_refused_append_ends_the_document) {
  submit(1, 1, 0, insert_at(0, "hi"));
  do_now(core->appended(1, {}, fail(errc::stale_epoch, "another owner")));
  EXPECT_EQ(ended, errc::stale_epoch);
  EXPECT_EQ(shown, 0U);
}

TEST_F(document_core_test, pending_edits_are_bounded) {
  for (std::uint32_t i = 1; i <= limits::pending_edits_max; ++i)
    submit(1, i, i - 1, insert_at(0, "x"));
  EXPECT_TRUE(answers.empty());
  submit(2, 1, 0, insert_at(0, "y"));
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].refusal->code, errc::store_unavailable);
  EXPECT_GT(answers[0].retry.count(), 0);
  commit();
  submit(2, 1, 0, insert_at(0, "y"));
  EXPECT_EQ(answers.size(), 1U);
}

TEST_F(document_core_test, a_relay_learns_only_durable_sequences) {
  submit(1, 1, 0, insert_at(0, "a"));
  commit();
  submit(1, 2, 1, insert_at(0, "b"));
  submit(1, 3, 2, insert_at(0, "c"));
  do_now(core->attach(relay_key{8}, ""));
  ASSERT_EQ(clients.size(), 1U);
  EXPECT_EQ(clients[0].second, client_sequence{1});
}

TEST_F(document_core_test, a_snapshot_is_stored_only_once_its_revision_is_durable) {
  snapshot_after = 2;
  open();
  submit(1, 1, 0, insert_at(0, "a"));
  submit(1, 2, 1, insert_at(1, "b"));
  EXPECT_FALSE(kept);
  commit();
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->revision, revision{2});
  open();
  EXPECT_EQ(text(), "ab");
}

TEST_F(document_core_test, an_unknown_type_is_refused_and_another_may_follow) {
  storage::acquired nothing{info, false, epoch{1}, {}};
  core.emplace(*document_core::restore(nothing, {}, {{}, 1000, 1000}));
  do_now(core->attach(relay, "spreadsheet"));
  EXPECT_EQ(refusals, std::vector{errc::unknown_document_type});
  do_now(core->attach(relay, "text"));
  EXPECT_EQ(core->info().type, "text");
}

TEST_F(document_core_test, putting_creates_once_and_answers_when_durable) {
  ask(write_document{"text", "hello", {}});
  EXPECT_FALSE(answer);
  commit();
  ASSERT_TRUE(answer && *answer);
  EXPECT_EQ((*answer)->version, (document_version{generation{1}, revision{1}}));
  ask(write_document{"text", "again", {}});
  EXPECT_EQ(answer->error().code, errc::already_exists);
}

TEST_F(document_core_test, an_empty_document_can_be_created) {
  ask(write_document{"text", "", {}});
  ASSERT_EQ(unfinished.size(), 1U);
  EXPECT_TRUE(unfinished[0].creates);
  EXPECT_TRUE(unfinished[0].entries.empty());
  EXPECT_FALSE(answer);
  commit();
  EXPECT_TRUE(answer && *answer);
  ask(read_document{});
  EXPECT_EQ(as_text(*(*answer)->content), "");
}

TEST_F(document_core_test, replacing_needs_the_revision_it_was_made_for) {
  ask(write_document{"text", "one", {}});
  commit();
  ask(write_document{"", "two", document_version{generation{1}, revision{0}}});
  EXPECT_EQ(answer->error().code, errc::precondition_failed);
  ask(write_document{"", "two", document_version{generation{1}, revision{1}}});
  commit();
  ask(read_document{});
  EXPECT_EQ(as_text(*(*answer)->content), "two");
}

TEST_F(document_core_test, a_content_longer_than_an_operation_is_put_in_several) {
  std::string content;
  while (content.size() < 3 * limits::operation_bytes_max)
    content += "\u00e4\u20ac\U0001F600 and so on, ";
  ask(write_document{"text", content, {}});
  ASSERT_EQ(unfinished.size(), 1U);
  EXPECT_GT(unfinished[0].entries.size(), 3U);
  commit();
  ASSERT_TRUE(answer && *answer);
  open();
  EXPECT_EQ(text(), content);
}

TEST_F(document_core_test, deleting_waits_for_what_is_pending_and_ends_the_document) {
  submit(1, 1, 0, insert_at(0, "hi"));
  ask(delete_document{});
  EXPECT_FALSE(is_removal_asked);
  submit(1, 2, 1, insert_at(0, "late"));
  EXPECT_EQ(answers.back().refusal->code, errc::store_unavailable);
  commit();
  EXPECT_TRUE(is_removal_asked);
  do_now(core->removed({}));
  EXPECT_TRUE(answer && *answer);
  EXPECT_EQ(ended, errc::document_deleted);
}

TEST_F(document_core_test, when_an_append_fails_everybody_who_waits_for_it_is_answered) {
  ask(write_document{"text", "hello", {}});
  EXPECT_FALSE(answer);
  do_now(core->appended(1, {}, fail(errc::commit_in_doubt, "lost")));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->error().code, errc::commit_in_doubt);
  EXPECT_EQ(ended, errc::commit_in_doubt);
}

TEST_F(document_core_test, what_nobody_stored_does_not_exist) {
  ask(read_document{});
  EXPECT_EQ(answer->error().code, errc::not_found);
  ask(delete_document{});
  EXPECT_EQ(answer->error().code, errc::not_found);
}

TEST(snapshot_envelope, what_is_sealed_opens_the_same_and_a_cut_one_is_damaged) {
  snapshot_envelope envelope{3, {}, to_bytes("state")};
  envelope.clients.set(client(1), {client_sequence{4}, revision{9}, 77, server_time{std::chrono::milliseconds{5}}});
  const auto sealed = seal(envelope);
  const auto opened = open_envelope(sealed);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->type_format, 3);
  EXPECT_EQ(opened->state, envelope.state);
  ASSERT_NE(opened->clients.find(client(1)), nullptr);
  EXPECT_EQ(opened->clients.find(client(1))->content_hash, 77U);
  for (const std::size_t cut : {0U, 5U, 20U})
    EXPECT_EQ(open_envelope(bytes_view(sealed).first(cut)).error().code, errc::document_damaged);
}

}  // namespace
}  // namespace quire::actors
