#include "actors/types/yjs/yjs_state.hpp"

#include "protocol/lib0/writer.hpp"
#include "protocol/limits.hpp"
#include "tests/fixture/yjs/author.hpp"
#include "tests/fixture/yjs/hexadecimal.hpp"

#include <gtest/gtest.h>

namespace quire::actors::types::yjs {
namespace {

using fixture::author;
using fixture::from_hexadecimal;
using fixture::to_hexadecimal;

// The text "hi" of client 1, and its last letter gone.
constexpr const char* hi = "010101000401017402686900";
constexpr const char* without_i = "000101010101";

class yjs_state_test : public testing::Test {
 protected:
  result<prepared> edit(bytes_view update) {
    auto prepared = state->prepare(state->revision(), update);
    if (prepared && prepared->outcome == outcome::change)
      state->apply(*prepared);
    return prepared;
  }

  /// What is logged of an update, in hexadecimal.
  std::string logged(std::string_view digits) {
    const auto prepared = edit(from_hexadecimal(digits));
    if (!prepared)
      return prepared.error().detail;
    return prepared->outcome == outcome::nothing ? "nothing" : to_hexadecimal(*prepared->logged);
  }

  errc refusal(bytes_view update) {
    const auto prepared = edit(update);
    return prepared ? errc::internal : prepared.error().code;
  }

  std::string json() const {
    bytes out;
    EXPECT_TRUE(state->read_json(out));
    return std::string(as_text(out));
  }

  std::string text() const {
    bytes out;
    EXPECT_TRUE(state->read_text(out));
    return std::string(as_text(out));
  }

  state_ptr state = find_type("yjs")->create({});
};

TEST_F(yjs_state_test, a_wholly_new_update_is_logged_as_it_came) {
  EXPECT_EQ(logged(hi), hi);
  EXPECT_EQ(logged(without_i), without_i);
  EXPECT_EQ(state->revision(), revision(2));
  EXPECT_EQ(text(), "h");
}

TEST_F(yjs_state_test, an_update_with_nothing_new_has_no_revision) {
  logged(hi);
  logged(without_i);
  EXPECT_EQ(logged(hi), "nothing");
  EXPECT_EQ(logged(without_i), "nothing");
  EXPECT_EQ(logged("0000"), "nothing");
  EXPECT_EQ(state->revision(), revision(2));
}

TEST_F(yjs_state_test, of_a_partly_known_update_the_new_part_is_logged) {
  logged(hi);
  EXPECT_EQ(logged("01 01 01 00 04 01 01 74 03 68 69 21 00"),
            "0101010284010101210"
            "0");
  EXPECT_EQ(text(), "hi!");
  logged(without_i);
  EXPECT_EQ(logged("00 01 01 01 00 03"), "0001010200010201");
  EXPECT_EQ(text(), "");
}

TEST_F(yjs_state_test, deletions_of_what_the_same_update_brings_are_new_with_it) {
  EXPECT_EQ(logged("01 01 01 00 04 01 01 74 02 68 69 01 01 01 01 01"), "01010100040101740268690101010101");
  EXPECT_EQ(text(), "h");
}

TEST_F(yjs_state_test, what_waits_is_not_new_again) {
  EXPECT_EQ(logged("01 01 01 01 84 01 00 01 69 01 02 01 00 01"),
            "010101018401000169"
            "0102010001");
  EXPECT_EQ(logged("01 01 01 01 84 01 00 01 69 01 02 01 00 01"), "nothing");
  EXPECT_EQ(text(), "");
  logged("01 01 01 00 04 01 01 74 01 68 00");
  EXPECT_EQ(text(), "hi");
}

TEST_F(yjs_state_test, a_snapshot_and_the_log_give_the_same_document) {
  author one(1);
  author two(2);
  const auto both = [&](const bytes& update) {
    one.take(update);
    two.take(update);
    ASSERT_TRUE(edit(update));
  };
  both(one.insert(0, "hello"));
  both(two.insert(5, " world"));
  bytes snapshot;
  state->write_snapshot(snapshot);
  auto loaded = find_type("yjs")->load(snapshot, state->revision(), {});
  ASSERT_TRUE(loaded);
  const bytes later = one.erase(0, 2);
  ASSERT_TRUE(edit(later));
  ASSERT_TRUE((*loaded)->replay(later));
  EXPECT_EQ((*loaded)->revision(), state->revision());
  bytes expected;
  bytes actual;
  state->write_content(expected);
  (*loaded)->write_content(actual);
  EXPECT_EQ(to_hexadecimal(actual), to_hexadecimal(expected));
}

TEST_F(yjs_state_test, a_refused_update_changes_nothing) {
  logged(hi);
  bytes before;
  state->write_snapshot(before);
  EXPECT_EQ(refusal(from_hexadecimal("01 01 01 02 84 01 01 01 ff 00")), errc::malformed_operation);
  EXPECT_EQ(refusal(from_hexadecimal("01 01 01 02 84 01 01 01 21")), errc::malformed_operation);
  EXPECT_EQ(state->prepare(revision(2), from_hexadecimal(hi)).error().code, errc::future_revision);
  bytes after;
  state->write_snapshot(after);
  EXPECT_EQ(after, before);
}

TEST_F(yjs_state_test, damaged_bytes_of_the_store_are_told) {
  EXPECT_EQ(find_type("yjs")->load(from_hexadecimal("01"), revision(1), {}).error().code, errc::document_damaged);
  EXPECT_EQ(state->replay(from_hexadecimal("01")).error().code, errc::document_damaged);
}

TEST_F(yjs_state_test, limits_are_kept) {
  type_limits small;
  small.update_bytes_max = 100;
  small.document_bytes_max = 300;
  state = find_type("yjs")->create(small);
  author writer(1);
  EXPECT_EQ(refusal(writer.insert(0, std::string(101, 'x'))), errc::operation_too_large);
  state = find_type("yjs")->create(small);
  author other(1);
  EXPECT_TRUE(edit(other.insert(0, std::string(80, 'x'))));
  EXPECT_TRUE(edit(other.insert(0, "front")));
  EXPECT_EQ(refusal(other.insert(0, std::string(80, 'x'))), errc::document_too_large);
  EXPECT_TRUE(edit(from_hexadecimal("00 01 01 01 00 05")));
}

TEST_F(yjs_state_test, no_more_waits_than_is_allowed) {
  // Letters of client 1 that all follow one of client 2 that never comes.
  const auto orphan = [](std::uint64_t client) {
    bytes update = from_hexadecimal("01 01");
    lib0::write_var_uint(client, update);
    append(update, from_hexadecimal("00 84 00 00 80 80 02"));
    append(update, to_bytes(std::string(32'768, 'x')));
    append(update, from_hexadecimal("00"));
    return update;
  };
  std::uint64_t client = 1;
  while (edit(orphan(client)))
    ++client;
  EXPECT_EQ(refusal(orphan(client)), errc::future_revision);
  EXPECT_GT(client, limits::yjs_pending_bytes_max / 32'768 / 2);
  EXPECT_LE(client, limits::yjs_pending_bytes_max / 32'768 + 1);
  EXPECT_LT(state->memory().total_bytes, limits::yjs_pending_bytes_max * 3 / 2);
  EXPECT_TRUE(edit(from_hexadecimal("01 01 00 00 04 01 01 74 01 68 00")));  // what they wait for
  EXPECT_EQ(text().size(), 1 + (client - 1) * 32'768);
}

TEST_F(yjs_state_test, an_update_has_no_more_structs_than_may_be_whoever_made_them) {
  const auto block = [](std::size_t structs, std::uint64_t client, bytes& out) {
    lib0::write_var_uint(structs, out);
    lib0::write_var_uint(client, out);
    append(out, from_hexadecimal("00"));
    for (std::size_t i = 0; i < structs; ++i)
      append(out, from_hexadecimal("00 01"));  // one unit that is gone
  };
  const auto update = [&](std::size_t by_one, std::size_t by_another) {
    bytes made = from_hexadecimal("02");
    block(by_one, 1, made);
    block(by_another, 2, made);
    append(made, from_hexadecimal("00"));
    return made;
  };
  constexpr std::size_t half = limits::yjs_structs_max / 2;
  EXPECT_EQ(refusal(update(half, half + 1)), errc::malformed_operation);
  EXPECT_TRUE(edit(update(half, half)));
}

/// A document of all clients that may be but two, each with one unit that is gone.
class crowded_yjs_document : public yjs_state_test {
 protected:
  crowded_yjs_document() {
    constexpr std::size_t crowd = limits::yjs_clients_max - 2;
    bytes update;
    lib0::write_var_uint(crowd, update);
    for (std::uint64_t client = 1; client <= crowd; ++client)
      append(update, one_unit_of(client));
    append(update, from_hexadecimal("00"));
    EXPECT_TRUE(edit(update));
  }

  static bytes one_unit_of(std::uint64_t client) {
    bytes block = from_hexadecimal("01");
    lib0::write_var_uint(client, block);
    append(block, from_hexadecimal("00 00 01"));
    return block;
  }

  /// A letter that follows the second unit of client 1.
  static bytes letter_of(std::uint64_t client) {
    bytes update = from_hexadecimal("01 01");
    lib0::write_var_uint(client, update);
    append(update, from_hexadecimal("00 84 01 01 01 78 00"));
    return update;
  }

  bytes second_of_client_1 = from_hexadecimal("01 01 01 01 04 01 01 74 01 68 00");
  bytes third_of_client_1 = from_hexadecimal("01 01 01 02 84 01 01 01 69 00");
};

TEST_F(crowded_yjs_document, as_many_write_in_it_as_may_and_no_other_does) {
  ASSERT_TRUE(edit(second_of_client_1));
  EXPECT_TRUE(edit(letter_of(1'000'001)));
  EXPECT_TRUE(edit(letter_of(1'000'002)));
  EXPECT_EQ(refusal(letter_of(1'000'003)), errc::document_too_large);
  EXPECT_TRUE(edit(third_of_client_1));
  EXPECT_EQ(text().size(), 4U);
}

TEST_F(crowded_yjs_document, those_whose_letters_wait_count_too) {
  EXPECT_TRUE(edit(letter_of(1'000'001)));
  EXPECT_TRUE(edit(letter_of(1'000'002)));
  EXPECT_EQ(refusal(letter_of(1'000'003)), errc::document_too_large);
  EXPECT_TRUE(edit(second_of_client_1));
  EXPECT_EQ(refusal(letter_of(1'000'003)), errc::document_too_large);
  EXPECT_TRUE(edit(third_of_client_1));
  EXPECT_EQ(text().size(), 4U);
}

TEST_F(yjs_state_test, it_reads_as_json_with_its_roots_as_they_look) {
  EXPECT_EQ(json(), "{}");
  EXPECT_EQ(text(), "");
  logged(hi);
  logged(
    "0101020028"
    "01016d0161017d0100");
  logged("01 01 03 00 08 01 01 6c 02 7e 7f 00");
  logged("01 01 04 00 07 01 01 78 03 01 50 00");
  EXPECT_EQ(json(), R"({"t":"hi","m":{"a":1},"l":[null,null],"x":"<p></p>"})");
  bytes out;
  EXPECT_EQ(state->read_text(out).error().code, errc::type_mismatch);
  EXPECT_EQ(state->replacement("hi").error().code, errc::type_mismatch);
}

TEST_F(yjs_state_test, cursors_are_the_clients_own_affair) {
  const bytes cursor = from_hexadecimal("01 02 ff");
  EXPECT_TRUE(find_type("yjs")->check_cursor(cursor));
  EXPECT_EQ(find_type("yjs")->move_cursor(cursor, from_hexadecimal(hi), false), cursor);
}

}  // namespace
}  // namespace quire::actors::types::yjs
