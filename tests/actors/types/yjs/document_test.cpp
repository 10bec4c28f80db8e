#include "actors/types/yjs/document.hpp"

#include "actors/types/yjs/reading.hpp"
#include "tests/fixture/yjs/author.hpp"
#include "tests/fixture/yjs/hexadecimal.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace quire::actors::types::yjs {
namespace {

using fixture::author;
using fixture::from_hexadecimal;
using fixture::to_hexadecimal;

void give(document& to, bytes_view encoded) {
  update read;
  ASSERT_TRUE(decode_update(encoded, own_update_limits, read).has_value());
  to.apply(read);
}

void give(document& to, std::string_view digits) {
  give(to, from_hexadecimal(digits));
}

std::string whole(const document& of, const state_vector& known = {}) {
  bytes out;
  of.encode(known, out);
  return to_hexadecimal(out);
}

std::string text(const document& of, std::string_view root = "t") {
  bytes out;
  const store& content = of.content();
  write_plain_text(content, content.type(content.find_root(root)), out);
  return std::string(as_text(out));
}

std::string json(const document& of, std::string_view root, type_ref as) {
  bytes out;
  const store& content = of.content();
  write_json(content, content.type(content.find_root(root)), as, out);
  return std::string(as_text(out));
}

TEST(yjs_document, the_examples_of_the_documentation_are_true) {
  document one;
  give(one, "010101000401017402686900");
  EXPECT_EQ(text(one), "hi");
  give(one, "00 01 01 01 01 01");
  EXPECT_EQ(text(one), "h");
  EXPECT_EQ(whole(one), "01020100040101740168810100010101010101");
  document other;
  give(other,
       "0101010028"
       "01016d0161017d0100");
  EXPECT_EQ(json(other, "m", type_ref::map), R"({"a":1})");
  give(other, "01 01 01 01 a8 01 00 01 7d 02 00");
  EXPECT_EQ(json(other, "m", type_ref::map), R"({"a":2})");
  EXPECT_EQ(whole(other), "010201002101016d016101a80100017d020101010001");
}

TEST(yjs_document, what_is_typed_becomes_one_run) {
  document typed;
  give(typed, "01 01 01 00 04 01 01 74 01 61 00");
  give(typed, "01 01 01 01 84 01 00 01 62 00");
  give(typed, "01 01 01 02 84 01 01 02 c3 a9 00");
  EXPECT_EQ(typed.content().items(), 1U);
  EXPECT_EQ(whole(typed),
            "01010100040101740461"
            "62c3a900");
}

TEST(yjs_document, a_character_that_is_cut_in_two_is_replaced_by_two) {
  document cut;
  give(cut, "01 01 01 00 04 01 01 74 06 61 f0 9f 98 80 62 00");
  give(cut, "01 01 02 00 c4 01 01 01 02 01 7c 00");
  EXPECT_EQ(text(cut),
            "a\xEF\xBF\xBD|\xEF\xBF\xBD"
            "b");
}

TEST(yjs_document, what_misses_others_waits_for_them) {
  document late;
  give(late, "01 01 01 02 84 01 01 01 63 01 01 01 00 01");  // "c" after "ab", and the deletion of "a"
  EXPECT_TRUE(late.known().empty());
  EXPECT_FALSE(late.waiting().is_empty());
  EXPECT_EQ(whole(late),
            "010101028401010163"
            "0101010001");
  give(late, "01 01 01 00 04 01 01 74 02 61 62 00");
  EXPECT_EQ(text(late), "bc");
  EXPECT_TRUE(late.waiting().is_empty());
  EXPECT_EQ(late.waiting().bytes(), 0U);
}

TEST(yjs_document, what_waits_survives_a_full_encoding) {
  document late;
  give(late, "01 01 01 00 04 01 01 74 01 61 00");
  give(late, "01 01 01 02 84 01 01 01 63 00");
  give(late, "01 01 02 00 84 03 04 01 78 00");
  bytes stored;
  late.encode({}, stored);
  document loaded;
  give(loaded, stored);
  EXPECT_EQ(whole(loaded), whole(late));
  give(loaded, "01 01 01 01 84 01 00 01 62 00");
  EXPECT_EQ(text(loaded), "abc");
  EXPECT_FALSE(loaded.waiting().is_empty());
}

TEST(yjs_document, two_that_wait_for_each_other_harm_nobody) {
  document stuck;
  give(stuck, "02 01 02 00 84 01 00 01 78 01 01 00 84 02 00 01 79 00");
  EXPECT_TRUE(stuck.known().empty());
  give(stuck, "01 01 03 00 04 01 01 74 01 61 00");
  EXPECT_EQ(text(stuck), "a");
}

TEST(yjs_document, what_is_in_a_deleted_type_is_collected) {
  document nested;
  // An array in an array, with two elements.
  give(nested, "01 02 01 00 07 01 01 72 00 08 00 01 00 02 7d 01 7d 02 00");
  EXPECT_EQ(json(nested, "r", type_ref::array), "[[1,2]]");
  give(nested, "00 01 01 01 00 01");
  EXPECT_EQ(json(nested, "r", type_ref::array), "[]");
  EXPECT_EQ(whole(nested),
            "01020100"
            "0101017201"
            "0002"
            "0101010003");
  give(nested, "01 01 02 00 08 00 01 00 01 7d 03 00");  // comes too late
  EXPECT_EQ(whole(nested),
            "0201020000010201000101017201"
            "0002"
            "020201000101010003" +
              std::string());
}

TEST(yjs_document, a_nest_of_types_is_deleted_without_recursion) {
  constexpr std::uint64_t depth = 100'000;
  bytes made = from_hexadecimal("01");
  const auto put = [&](std::uint64_t number) {
    for (; number >= 0x80U; number >>= 7U)
      made.push_back(std::byte(static_cast<std::uint8_t>(number | 0x80U)));
    made.push_back(std::byte(static_cast<std::uint8_t>(number)));
  };
  put(depth);
  append(made, from_hexadecimal("01 00 07 01 01 72 00"));
  for (std::uint64_t i = 1; i < depth; ++i) {
    append(made, from_hexadecimal("07 00 01"));
    put(i - 1);
    put(0);
  }
  put(0);
  document deep;
  give(deep, made);
  EXPECT_EQ(json(deep, "r", type_ref::array).size(), 2 * (depth + 1));
  give(deep, "00 01 01 01 00 01");
  EXPECT_EQ(json(deep, "r", type_ref::array), "[]");
  EXPECT_EQ(deep.content().items(), 2U);
}

TEST(yjs_document, content_that_was_deleted_gives_its_memory_back) {
  document busy;
  author writer(1);
  std::size_t most = 0;
  for (int round = 0; round < 200; ++round) {
    give(busy, writer.insert(0, std::string(10'000, 'x')));
    most = std::max(most, busy.content().memory());
    give(busy, writer.erase(0, 10'000));
  }
  EXPECT_LT(most, 400'000U);
  EXPECT_EQ(busy.content().content_bytes(), 0U);
}

// Authors that see each other's work at times, and whose updates come in any order and more than once.
RC_GTEST_PROP(yjs_document, any_order_of_updates_gives_the_same, ()) {
  const auto count = *rc::gen::inRange<std::size_t>(2, 6);
  std::vector<author> authors;
  for (std::size_t i = 0; i < count; ++i)
    authors.emplace_back(i * 7 + 1);
  std::vector<bytes> updates;
  for (int steps = *rc::gen::inRange(1, 60); steps > 0; --steps) {
    author& writer = authors[*rc::gen::inRange<std::size_t>(0, count)];
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        if (!updates.empty())
          writer.take(updates[*rc::gen::inRange<std::size_t>(0, updates.size())]);
        break;
      case 1:
        if (const auto length = writer.length(); length > 0) {
          const auto at = *rc::gen::inRange<std::uint64_t>(0, length);
          updates.push_back(writer.erase(at, *rc::gen::inRange<std::uint64_t>(1, length - at + 1)));
        }
        break;
      default:
        updates.push_back(writer.insert(*rc::gen::inRange<std::uint64_t>(0, writer.length() + 1),
                                        *rc::gen::element<std::string>("a", "bc", "é", "word ")));
    }
  }
  document in_order;
  for (const bytes& each : updates)
    give(in_order, each);
  RC_ASSERT(in_order.waiting().is_empty());
  auto shuffled = updates;
  for (std::size_t i = shuffled.size(); i > 1; --i)
    std::swap(shuffled[i - 1], shuffled[*rc::gen::inRange<std::size_t>(0, i)]);
  document out_of_order;
  for (const bytes& each : shuffled) {
    give(out_of_order, each);
    if (*rc::gen::inRange(0, 4) == 0)
      give(out_of_order, each);
  }
  RC_ASSERT(out_of_order.waiting().is_empty());
  RC_ASSERT(out_of_order.known() == in_order.known());
  if (!updates.empty())
    RC_ASSERT(text(out_of_order) == text(in_order));
  document loaded;
  document other;
  bytes encoded;
  in_order.encode({}, encoded);
  give(loaded, encoded);
  encoded.clear();
  out_of_order.encode({}, encoded);
  give(other, encoded);
  RC_ASSERT(whole(loaded) == whole(other));

  // A state and what it lacks are the whole.
  document part;
  for (std::size_t i = 0; i < updates.size() / 2; ++i)
    give(part, updates[i]);
  encoded.clear();
  in_order.encode(part.known(), encoded);
  give(part, encoded);
  RC_ASSERT(part.known() == in_order.known());
  if (!updates.empty())
    RC_ASSERT(text(part) == text(in_order));
  update again;
  RC_ASSERT(decode_update(encoded, own_update_limits, again).has_value());
  RC_ASSERT(part.news_in(again) == news::nothing);
}

}  // namespace
}  // namespace quire::actors::types::yjs
