#include "actors/types/text/codec.hpp"
#include "actors/types/text/transform.hpp"
#include "actors/types/type_state.hpp"
#include "tests/fixture/text/generators.hpp"
#include "tests/fixture/text/model.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace quire::actors::types::text {
namespace {

const document_type& text_type() {
  return *find_type("text");
}

bytes encoded(const operation& op) {
  bytes out;
  encode(op, out);
  return out;
}

bytes insert(std::uint32_t at, std::string_view text) {
  operation_builder op;
  op.retain(at);
  op.insert(text);
  return encoded(std::move(op).finish());
}

bytes erase(std::uint32_t at, std::uint32_t count) {
  operation_builder op;
  op.retain(at);
  op.erase(count);
  return encoded(std::move(op).finish());
}

bytes erase(std::uint32_t at, std::string_view text) {
  operation_builder op;
  op.retain(at);
  op.erase(text);
  return encoded(std::move(op).finish());
}

std::string content(const type_state& state) {
  bytes out;
  state.write_content(out);
  return std::string(as_text(out));
}

class text_document : public testing::Test {
 protected:
  explicit text_document(const type_limits& limits = {}) : limits_(limits) {}

  // Makes the edit, which must be good, and returns what others are sent.
  bytes submit(std::uint64_t base, const bytes& op) {
    const auto prepared = state_->prepare(revision(base), op);
    EXPECT_TRUE(prepared.has_value()) << (prepared ? "" : prepared.error().detail);
    state_->apply(*prepared);
    return *prepared->broadcast;
  }

  errc refusal(std::uint64_t base, const bytes& op) {
    const std::string before = content(*state_);
    const auto prepared = state_->prepare(revision(base), op);
    EXPECT_FALSE(prepared.has_value());
    EXPECT_EQ(content(*state_), before);
    return prepared ? errc::internal : prepared.error().code;
  }

  [[nodiscard]] std::string text() const { return content(*state_); }

  void restart_from_snapshot() {
    bytes snapshot;
    state_->write_snapshot(snapshot);
    auto loaded = text_type().load(snapshot, state_->revision(), limits_);
    ASSERT_TRUE(loaded.has_value());
    state_ = std::move(*loaded);
  }

  type_limits limits_;
  state_ptr state_ = text_type().create(limits_);
};

TEST_F(text_document, a_new_document_is_empty_and_at_revision_0) {
  EXPECT_EQ(text(), "");
  EXPECT_EQ(state_->revision(), revision(0));
}

TEST_F(text_document, an_edit_on_the_newest_revision_is_passed_on_as_it_came) {
  EXPECT_EQ(submit(0, insert(0, "hello")), insert(0, "hello"));
  EXPECT_EQ(submit(1, erase(0, 1)), erase(0, 1));
  EXPECT_EQ(text(), "ello");
  EXPECT_EQ(state_->revision(), revision(2));
}

TEST_F(text_document, a_late_edit_is_rebased_over_what_it_missed) {
  submit(0, insert(0, "world"));
  submit(1, insert(0, "hello "));
  EXPECT_EQ(submit(1, insert(5, "!")), insert(11, "!"));
  EXPECT_EQ(text(), "hello world!");
}

TEST_F(text_document, of_two_inserts_at_one_place_the_later_to_arrive_stands_first) {
  submit(0, insert(0, "b"));
  submit(0, insert(0, "a"));
  EXPECT_EQ(text(), "ab");
}

TEST_F(text_document, a_late_edit_with_nothing_left_to_do_still_counts_as_a_revision) {
  submit(0, insert(0, "abc"));
  submit(1, erase(1, 1));
  EXPECT_EQ(submit(1, erase(1, 1)), encoded(operation{}));
  EXPECT_EQ(text(), "ac");
  EXPECT_EQ(state_->revision(), revision(3));
}

TEST_F(text_document, preparing_changes_nothing) {
  submit(0, insert(0, "abc"));
  ASSERT_TRUE(state_->prepare(revision(1), erase(0, 3)).has_value());
  EXPECT_EQ(text(), "abc");
  EXPECT_EQ(state_->revision(), revision(1));
}

TEST_F(text_document, an_edit_past_the_end_is_refused) {
  submit(0, insert(0, "abc"));
  EXPECT_EQ(refusal(1, insert(4, "x")), errc::malformed_operation);
  EXPECT_EQ(refusal(1, erase(1, 3)), errc::malformed_operation);
  EXPECT_EQ(refusal(0, insert(1, "x")), errc::malformed_operation);
}

TEST_F(text_document, an_edit_that_erases_another_text_than_there_is_is_refused) {
  submit(0, insert(0, "abc"));
  EXPECT_EQ(refusal(1, erase(0, "abd")), errc::malformed_operation);
  submit(1, erase(0, "ab"));
  EXPECT_EQ(text(), "c");
}

TEST_F(text_document, a_base_that_does_not_exist_yet_is_refused) {
  EXPECT_EQ(refusal(1, insert(0, "x")), errc::future_revision);
}

TEST_F(text_document, what_is_not_an_operation_is_refused) {
  EXPECT_EQ(refusal(0, {}), errc::malformed_operation);
  EXPECT_EQ(refusal(0, to_bytes("garbage")), errc::malformed_operation);
}

TEST_F(text_document, the_content_reads_as_text_and_as_json) {
  submit(0, insert(0, "say \"hi\"\n\x01 é😀\\"));
  bytes as_plain;
  bytes as_json;
  ASSERT_TRUE(state_->read_text(as_plain).has_value());
  ASSERT_TRUE(state_->read_json(as_json).has_value());
  EXPECT_EQ(as_text(as_plain), "say \"hi\"\n\x01 é😀\\");
  EXPECT_EQ(as_text(as_json), R"("say \"hi\"\n\u0001 é😀\\")");
}

TEST_F(text_document, after_a_restart_late_edits_are_still_rebased) {
  submit(0, insert(0, "world"));
  submit(1, insert(0, "hello "));
  restart_from_snapshot();
  EXPECT_EQ(text(), "hello world");
  EXPECT_EQ(submit(1, insert(5, "!")), insert(11, "!"));
}

TEST_F(text_document, the_tail_of_the_log_brings_a_snapshot_up_to_date) {
  submit(0, insert(0, "abc"));
  restart_from_snapshot();
  ASSERT_TRUE(state_->replay(insert(3, "def")).has_value());
  EXPECT_EQ(text(), "abcdef");
  EXPECT_EQ(state_->revision(), revision(2));
  EXPECT_EQ(submit(0, insert(0, "x")), insert(0, "x"));
}

TEST_F(text_document, a_log_that_does_not_fit_is_damaged) {
  EXPECT_EQ(state_->replay(erase(0, 1)).error().code, errc::document_damaged);
  EXPECT_EQ(state_->replay(to_bytes("garbage")).error().code, errc::document_damaged);
  EXPECT_EQ(text(), "");
}

TEST_F(text_document, a_damaged_snapshot_is_refused) {
  submit(0, insert(0, "abc"));
  bytes snapshot;
  state_->write_snapshot(snapshot);
  for (std::size_t length = 0; length < snapshot.size(); ++length) {
    const auto loaded = text_type().load(bytes_view(snapshot).first(length), revision(1), limits_);
    ASSERT_FALSE(loaded.has_value());
    EXPECT_EQ(loaded.error().code, errc::document_damaged);
  }
  EXPECT_FALSE(text_type().load(snapshot, revision(0), limits_).has_value());
  snapshot.push_back(std::byte{0});
  EXPECT_FALSE(text_type().load(snapshot, revision(1), limits_).has_value());
}

TEST_F(text_document, a_replacement_changes_only_what_differs) {
  submit(0, insert(0, "one two three"));
  const auto op = state_->replacement("one 2 three");
  ASSERT_TRUE(op.has_value());
  operation_builder expected;
  expected.retain(4);
  expected.erase(3);
  expected.insert("2");
  EXPECT_EQ(*op, encoded(std::move(expected).finish()));
  EXPECT_EQ(state_->replacement("\xFF").error().code, errc::malformed_operation);
}

class bounded_text_document : public text_document {
 protected:
  bounded_text_document() : text_document(bounds()) {}

 private:
  static type_limits bounds() {
    type_limits limits;
    limits.operation_bytes_max = 64;
    limits.operation_parts_max = 3;
    limits.document_bytes_max = 100;
    limits.rebase_steps_max = 10;
    limits.history_operations_max = 8;
    limits.history_bytes_max = 120;
    return limits;
  }
};

TEST_F(bounded_text_document, an_operation_over_its_limits_is_refused) {
  EXPECT_EQ(refusal(0, insert(0, std::string(80, 'x'))), errc::operation_too_large);
  operation_builder many;
  for (int i = 0; i < 4; ++i) {
    many.retain(1);
    many.insert("x");
  }
  EXPECT_EQ(refusal(0, encoded(std::move(many).finish())), errc::operation_too_large);
}

TEST_F(bounded_text_document, a_document_grows_to_its_limit_and_can_then_shrink) {
  submit(0, insert(0, std::string(50, 'x')));
  submit(1, insert(0, std::string(50, 'x')));
  EXPECT_EQ(refusal(2, insert(0, "x")), errc::document_too_large);
  submit(2, erase(0, 1));
  submit(3, insert(0, "x"));
  EXPECT_EQ(refusal(4, insert(0, "é")), errc::document_too_large);
  EXPECT_EQ(state_->replacement(std::string(101, 'x')).error().code, errc::document_too_large);
}

TEST_F(bounded_text_document, a_base_older_than_what_is_kept_is_refused) {
  for (std::uint64_t i = 0; i < 10; ++i)
    submit(i, insert(0, "x"));
  EXPECT_EQ(refusal(1, insert(0, "y")), errc::base_too_old);
  EXPECT_EQ(state_->memory().history_operations, 8U);
  restart_from_snapshot();
  EXPECT_EQ(refusal(1, insert(0, "y")), errc::base_too_old);
}

TEST_F(bounded_text_document, history_keeps_to_its_bytes) {
  for (std::uint64_t i = 0; i < 4; ++i)
    submit(i, insert(0, std::string(20, 'x')));
  for (std::uint64_t i = 4; i < 8; ++i)
    submit(i, erase(0, std::string(20, 'x')));
  EXPECT_EQ(refusal(1, insert(0, "y")), errc::base_too_old);
  EXPECT_LE(state_->memory().history_operations, 5U);
}

TEST_F(bounded_text_document, rebasing_that_costs_too_much_is_refused) {
  for (std::uint64_t i = 0; i < 6; ++i)
    submit(i, insert(0, "x"));
  EXPECT_EQ(refusal(0, insert(0, "y")), errc::too_costly);
  submit(2, insert(0, "y"));
}

// A client's text and what it knows of the server's history: edits made late come to the same text on both sides.
RC_GTEST_PROP(text_documents, late_edits_come_to_the_same_text_on_both_sides, ()) {
  const auto state = text_type().create({});
  auto text = *fixture::any_text();
  if (!text.empty()) {
    const auto first = state->prepare(revision(0), insert(0, fixture::to_utf8(text)));
    state->apply(first.value());
  }
  const auto base = state->revision();
  const auto sent = *fixture::any_operation_on(text);
  auto waiting = sent;
  auto client = fixture::applied(sent, text);
  for (int missed = *rc::gen::inRange(0, 6); missed > 0; --missed) {
    const auto op = *fixture::any_operation_on(text);
    const auto prepared = state->prepare(state->revision(), encoded(op));
    state->apply(prepared.value());
    text = fixture::applied(op, text);
    client = fixture::applied(transform(op, waiting, side::right), client);
    waiting = transform(waiting, op, side::left);
  }
  const auto prepared = state->prepare(base, encoded(sent));
  RC_ASSERT(prepared.has_value());
  state->apply(*prepared);
  RC_ASSERT(content(*state) == fixture::to_utf8(client));
  RC_ASSERT(*prepared->broadcast == encoded(waiting));
}

RC_GTEST_PROP(text_documents, a_replacement_makes_the_text_what_is_wanted, ()) {
  const auto state = text_type().create({});
  for (int i = 0; i < 2; ++i) {
    const std::string wanted = fixture::to_utf8(*fixture::any_text());
    const auto op = state->replacement(wanted);
    RC_ASSERT(op.has_value());
    const auto prepared = state->prepare(state->revision(), *op);
    RC_ASSERT(prepared.has_value());
    state->apply(*prepared);
    RC_ASSERT(content(*state) == wanted);
  }
}

bytes cursor_at(std::size_t anchor, std::size_t head) {
  bytes out;
  encode(cursor{anchor, head}, out);
  return out;
}

TEST(text_cursor, both_ends_move_with_what_others_type_before_them) {
  EXPECT_EQ(text_type().move_cursor(cursor_at(2, 7), insert(4, "abc"), false), cursor_at(2, 10));
  EXPECT_EQ(text_type().move_cursor(cursor_at(2, 7), insert(2, "abc"), false), cursor_at(2, 10));
  EXPECT_EQ(text_type().move_cursor(cursor_at(2, 7), erase(1, 3), false), cursor_at(1, 4));
}

TEST(text_cursor, ones_own_edit_leaves_it_at_the_end_of_the_last_change) {
  EXPECT_EQ(text_type().move_cursor(cursor_at(2, 7), insert(4, "abc"), true), cursor_at(7, 7));
  EXPECT_EQ(text_type().move_cursor(cursor_at(2, 7), erase(1, 3), true), cursor_at(1, 1));
  EXPECT_EQ(text_type().move_cursor(cursor_at(2, 7), encoded(operation{}), true), cursor_at(2, 7));
}

TEST(text_cursor, what_is_not_a_pair_of_positions_is_refused) {
  EXPECT_TRUE(text_type().check_cursor(cursor_at(0, 300)).has_value());
  for (const std::string_view bad : {"", "\x91\x01", "\x93\x01\x01\x01", "\x92\x01\xFF", "\x92\x01\xA1x",
                                     "\x92\x01\x01\x01", "\x92\x01\xCC\x01", "\x92\x01\x92\x01\x01", "\x05"}) {
    const auto checked = text_type().check_cursor(as_bytes(bad));
    ASSERT_FALSE(checked.has_value());
    EXPECT_EQ(checked.error().code, errc::malformed_message);
  }
}

TEST(registry, a_type_is_found_by_its_name_only) {
  ASSERT_NE(find_type("text"), nullptr);
  EXPECT_EQ(find_type("text")->name, "text");
  EXPECT_EQ(find_type("poetry"), nullptr);
  EXPECT_EQ(find_type(""), nullptr);
}

}  // namespace
}  // namespace quire::actors::types::text
