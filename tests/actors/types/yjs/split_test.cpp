#include "actors/types/yjs/split.hpp"

#include "actors/types/yjs/document.hpp"
#include "protocol/lib0/writer.hpp"
#include "tests/fixture/yjs/author.hpp"
#include "tests/fixture/yjs/hexadecimal.hpp"

#include <gtest/gtest.h>

#include <string>

namespace quire::actors::types::yjs {
namespace {

using fixture::author;
using fixture::from_hexadecimal;
using fixture::to_hexadecimal;

bytes whole(const document& of) {
  bytes out;
  of.encode({}, out);
  return out;
}

/// What parts make of an empty document, whole; none may wait for a later one.
bytes made_of(const std::vector<bytes>& parts) {
  document made;
  for (const bytes& part : parts) {
    update read;
    EXPECT_TRUE(decode_update(part, own_update_limits, read)) << to_hexadecimal(part);
    made.apply(read);
    EXPECT_TRUE(made.waiting().is_empty());
  }
  return whole(made);
}

/// An update of client 1 with one struct in the root `t`.
bytes one_struct(content_kind kind, std::uint64_t elements, bytes_view content) {
  bytes made = from_hexadecimal("01 01 01 00");
  lib0::write_octet(static_cast<std::uint8_t>(kind), made);
  append(made, from_hexadecimal("01 01 74"));
  lib0::write_var_uint(elements, made);
  append(made, content);
  lib0::write_octet(0, made);
  return made;
}

TEST(split_update, a_small_one_is_one_part_and_an_empty_one_too) {
  const bytes small = from_hexadecimal("010101000401017402686900");
  EXPECT_EQ(split_update(small, 1000), std::vector<bytes>{small});
  const bytes empty = from_hexadecimal("0000");
  EXPECT_EQ(split_update(empty, 1000), std::vector<bytes>{empty});
}

TEST(split_update, a_long_text_is_cut_between_characters) {
  std::string text;
  for (int i = 0; i < 1000; ++i)
    text += "aé漢😀";
  const bytes update = one_struct(content_kind::text, text.size(), as_bytes(text));
  const auto parts = split_update(update, 100);
  EXPECT_GT(parts.size(), 90U);
  for (const bytes& part : parts)
    EXPECT_LT(part.size(), 200U);
  EXPECT_EQ(made_of(parts), update);
}

TEST(split_update, a_long_array_is_cut_between_elements) {
  bytes elements;
  for (int i = 0; i < 1000; ++i)
    append(elements, from_hexadecimal("77 03 61 62 63"));
  const bytes update = one_struct(content_kind::any, 1000, elements);
  const auto parts = split_update(update, 100);
  EXPECT_EQ(parts.size(), 50U);
  EXPECT_EQ(made_of(parts), update);
}

TEST(split_update, what_can_not_be_cut_is_one_part) {
  bytes image;
  lib0::write_octets(bytes(5000, std::byte{7}), image);
  bytes update = from_hexadecimal("01 01 01 00 03 01 01 74");
  append(update, image);
  lib0::write_octet(0, update);
  EXPECT_EQ(split_update(update, 100), std::vector<bytes>{update});
}

TEST(split_update, deletions_come_last_and_are_split_as_well) {
  author writer(1);
  document made;
  const auto take = [&](const bytes& encoded) {
    update read;
    ASSERT_TRUE(decode_update(encoded, own_update_limits, read));
    made.apply(read);
  };
  take(writer.insert(0, std::string(1000, 'x')));
  for (std::size_t i = 0; i < 400; ++i)
    take(writer.erase(i, 1));
  const auto parts = split_update(whole(made), 200);
  EXPECT_GT(parts.size(), 30U);
  EXPECT_EQ(parts.back()[0], std::byte{0});  // no struct
  EXPECT_EQ(made_of(parts), whole(made));
}

// Two who answer each other: each struct of the one stands in what the other wrote just before.
TEST(split_update, what_a_struct_stands_in_comes_before_it) {
  author one(1);
  author other(2);
  document made;
  for (std::size_t i = 0; i < 500; ++i) {
    const bytes encoded = (i % 2 == 0 ? one : other).insert(i / 2, "x");
    (i % 2 == 0 ? other : one).take(encoded);
    update read;
    ASSERT_TRUE(decode_update(encoded, own_update_limits, read));
    made.apply(read);
  }
  const auto parts = split_update(whole(made), 50);
  EXPECT_GT(parts.size(), 50U);
  EXPECT_EQ(made_of(parts), whole(made));
}

}  // namespace
}  // namespace quire::actors::types::yjs
