#include "actors/types/yjs/update.hpp"
#include "actors/types/yjs/any.hpp"
#include "actors/types/yjs/state_vector.hpp"
#include "protocol/lib0/writer.hpp"
#include "tests/fixture/yjs/hexadecimal.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <set>

namespace quire::actors::types::yjs {
namespace {

using fixture::from_hexadecimal;
using fixture::to_hexadecimal;

result<void> decoded(std::string_view digits) {
  update into;
  return decode_update(from_hexadecimal(digits), own_update_limits, into);
}

errc refusal(std::string_view digits) {
  const auto read = decoded(digits);
  return read ? errc::internal : read.error().code;
}

/// The update written anew from what was read.
std::string again(std::string_view digits) {
  const bytes encoded = from_hexadecimal(digits);
  update read;
  if (const auto good = decode_update(encoded, own_update_limits, read); !good)
    return good.error().detail;
  bytes out;
  lib0::write_var_uint(read.blocks.size(), out);
  for (const update_block& block : read.blocks) {
    lib0::write_var_uint(block.count, out);
    lib0::write_var_uint(block.client, out);
    lib0::write_var_uint(read.structs[block.first].clock, out);
    for (std::size_t i = block.first; i < block.first + block.count; ++i)
      encode_struct(read.structs[i], block.client, 0, out);
  }
  write_delete_set(read.deletes, out);
  return to_hexadecimal(out);
}

std::string cut(const update_struct& what, std::uint32_t offset) {
  bytes out;
  encode_struct(what, 1, offset, out);
  return to_hexadecimal(out);
}

TEST(yjs_update, the_examples_of_the_documentation_read) {
  for (const char* digits : {"010101000401017402686900",
                             "0102010004010174016881010001010101"
                             "0101",
                             "0101010028"
                             "01016d0161017d0100",
                             "010201002101016d016101a8010001"
                             "7d0201010100"
                             "01",
                             "0000"})
    EXPECT_EQ(again(digits), digits);
}

TEST(yjs_update, every_kind_of_struct_is_written_as_it_was_read) {
  EXPECT_EQ(again("01 01 01 00 00 05 00"), "01010100000500");                 // collected
  EXPECT_EQ(again("01 01 01 00 01 01 01 74 05 00"), "01010100010101740500");  // deleted
  EXPECT_EQ(again("01 01 01 00 02 01 01 74 01 04 6e 75 6c 6c 00"),
            "01010100020101740104"
            "6e756c6c00");
  EXPECT_EQ(again("01 01 01 00 03 01 01 74 02 ff 00 00"), "010101000301017402ff0000");
  EXPECT_EQ(again("01 01 01 00 05 01 01 74 02 7b 7d 00"), "0101010005010174027b7d00");
  EXPECT_EQ(again("01 01 01 00 06 01 01 74 01 62 04 74 72 75 65 00"),
            "0101010006010174016204"
            "7472756500");
  EXPECT_EQ(again("01 01 01 00 07 01 01 74 03 01 70 00"),
            "01010100070101740301"
            "7000");
  EXPECT_EQ(again("01 01 01 00 07 00 02 05 02 00"),
            "0101010007000205"
            "0200");
  EXPECT_EQ(again("01 01 01 00 08 01 01 74 02 7d 01 7e 00"),
            "010101000801017402"
            "7d017e00");
  EXPECT_EQ(again("01 01 01 00 09 01 01 74 01 67 76 00 00"),
            "01010100090101740167"
            "760000");
}

TEST(yjs_update, a_hole_moves_the_clock) {
  update read;
  ASSERT_TRUE(decode_update(from_hexadecimal("01 02 01 03 0a 04 00 02 00"), own_update_limits, read));
  ASSERT_EQ(read.structs.size(), 1U);
  EXPECT_EQ(read.structs[0].clock, 7U);
}

TEST(yjs_update, blocks_and_deletions_are_put_in_order) {
  EXPECT_EQ(again("02 01 01 00 00 01 01 02 00 00 01 00"),
            "0201020000010101000001"
            "00");
  EXPECT_EQ(again("00 02 01 02 04 02 01 03 02 01 00 01"),
            "000202010001010"
            "10105");
}

TEST(yjs_update, what_makes_a_peer_throw_is_refused) {
  for (const char* digits : {
         "", "01", "00", "01 01 01 00 04 01 01 74 02 68 00",       // cut short, without a delete set
         "01 01 01 00 04 01 01 74 02 c3 28 00",                    // not UTF-8
         "01 01 01 00 04 01 01 ff 01 61 00",                       // nor the root's name
         "01 01 01 00 05 01 01 74 02 7b 7b 00",                    // not JSON
         "01 01 01 00 02 01 01 74 01 01 78 00",                    // nor an element
         "01 01 01 00 06 01 01 74 01 62 00 00",                    // nor an attribute
         "01 01 01 00 0b 01 01 74 01 61 00",                       // an unknown kind
         "01 01 01 00 1f 01 01 74 01 61 00",                       //
         "01 01 01 00 07 01 01 74 07 00",                          // an unknown type
         "01 01 01 00 08 01 01 74 01 73 00",                       // an unknown value
         "01 01 01 00 09 01 01 74 01 67 7f 00",                    // a subdocument without options
         "01 01 01 05 84 01 05 01 61 00",                          // its own future as origin
         "01 01 01 05 44 01 05 01 61 00",                          // as right origin
         "01 01 01 05 04 00 01 05 01 61 00",                       // as parent
         "01 01 01 ff ff ff ff ff ff ff 0f 04 01 01 74 01 61 00",  // a clock past 2^53 - 1
       })
    EXPECT_EQ(refusal(digits), errc::malformed_operation) << digits;
}

TEST(yjs_update, what_no_peer_writes_is_refused) {
  for (const char* digits : {
         "00 00 00",                                                  // bytes after the end
         "02 01 01 00 00 01 01 01 01 00 01 00",                       // a client twice
         "01 01 01 00 00 00 00",                                      // an empty run
         "01 01 01 00 04 01 01 74 00 00",                             // an empty text
         "01 01 01 00 08 01 01 74 00 00",                             // no elements
         "00 01 01 01 00 00",                                         // an empty deletion
         "01 01 01 00 80 01 00",                                      // a run of nothing with an origin
         "01 01 01 00 04 02 01 74 01 61 00",                          // a parent of a third kind
         "01 01 01 00 00 80 80 80 80 08 00",                          // a run of 2^31
         "01 01 01 00 09 01 01 74 01 67 76 01 04 67 75 69 64 7e 00",  // a subdocument that names itself twice
       })
    EXPECT_EQ(refusal(digits), errc::malformed_operation) << digits;
}

TEST(yjs_update, limits_are_kept) {
  const bytes three = from_hexadecimal("01 03 01 00 00 01 00 01 00 01 00");
  update read;
  EXPECT_TRUE(decode_update(three, {11, 3}, read));
  EXPECT_EQ(decode_update(three, {10, 3}, read).error().code, errc::operation_too_large);
  EXPECT_FALSE(decode_update(three, {11, 2}, read));
  bytes named = from_hexadecimal("01 01 01 00 04 01");
  lib0::write_text(std::string(key_bytes_max + 1, 'x'), named);
  append(named, from_hexadecimal("01 61 00"));
  EXPECT_FALSE(decode_update(named, own_update_limits, read));
}

TEST(yjs_update, a_count_reserves_no_more_than_its_bytes_can_hold) {
  EXPECT_EQ(refusal("ff ff ff ff 0f"), errc::malformed_operation);
  EXPECT_EQ(refusal("01 ff ff ff ff 0f 01 00 00 01"), errc::malformed_operation);
  EXPECT_EQ(refusal("01 01 01 00 08 01 01 74 ff ff ff ff 0f 7e 00"), errc::malformed_operation);
}

TEST(yjs_update, a_cut_struct_has_the_last_unit_before_it_as_origin) {
  update_struct what;
  what.clock = 10;
  what.kind = content_kind::text;
  what.parent = parent_form::root;
  what.root = "t";
  what.content = "aé😀b";
  what.length = 5;
  EXPECT_EQ(cut(what, 0),
            "0401017408"
            "61c3a9f09f988062");
  EXPECT_EQ(cut(what, 1),
            "84010a07"
            "c3a9f09f988062");
  EXPECT_EQ(cut(what, 2),
            "84010b05"
            "f09f988062");
  EXPECT_EQ(cut(what, 3),
            "84010c04"
            "efbfbd62");
  EXPECT_EQ(cut(what, 4),
            "84010d01"
            "62");
  what.kind = content_kind::any;
  what.content = "\x7d\x01\x77\x01x\x7e";
  what.length = 3;
  EXPECT_EQ(cut(what, 1),
            "88010a02"
            "7701787e");
  what.kind = content_kind::deleted;
  EXPECT_EQ(cut(what, 2), "81010b01");
}

RC_GTEST_PROP(yjs_update, any_bytes_are_an_update_or_refused, (const std::string& data)) {
  update read;
  if (decode_update(as_bytes(data), own_update_limits, read))
    RC_ASSERT(read.structs.size() <= data.size());
}

RC_GTEST_PROP(yjs_update, ranges_are_sorted_and_joined, ()) {
  std::vector<id_range> ranges;
  std::set<std::pair<std::uint64_t, std::uint64_t>> units;
  for (const auto& [client, clock, length] :
       *rc::gen::container<std::vector<std::tuple<std::uint8_t, std::uint8_t, std::uint8_t>>>(
         rc::gen::tuple(rc::gen::inRange<std::uint8_t>(0, 3), rc::gen::inRange<std::uint8_t>(0, 40),
                        rc::gen::inRange<std::uint8_t>(1, 6)))) {
    ranges.push_back({client, clock, length});
    for (std::uint64_t i = 0; i < length; ++i)
      units.emplace(client, clock + i);
  }
  sort_and_join(ranges);
  std::size_t covered = 0;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    covered += ranges[i].length;
    if (i > 0)
      RC_ASSERT(ranges[i - 1].client > ranges[i].client ||
                (ranges[i - 1].client == ranges[i].client && ranges[i - 1].end() < ranges[i].clock));
    for (std::uint64_t at = ranges[i].clock; at < ranges[i].end(); ++at)
      RC_ASSERT(units.contains({ranges[i].client, at}));
  }
  RC_ASSERT(covered == units.size());
}

TEST(yjs_state_vector, it_is_written_as_it_was_read) {
  const auto read = decode_state_vector(from_hexadecimal("02 01 05 03 07"), 10);
  ASSERT_TRUE(read);
  EXPECT_EQ(clock_of(*read, 1), 5U);
  EXPECT_EQ(clock_of(*read, 2), 0U);
  EXPECT_EQ(clock_of(*read, 3), 7U);
  bytes out;
  encode_state_vector(*read, out);
  EXPECT_EQ(to_hexadecimal(out), "0203070105");
}

TEST(yjs_state_vector, what_is_none_is_refused) {
  for (const char* digits : {"", "01", "01 01", "00 00", "02 01 01 01 02"})
    EXPECT_EQ(decode_state_vector(from_hexadecimal(digits), 10).error().code, errc::malformed_operation) << digits;
  EXPECT_EQ(decode_state_vector(from_hexadecimal("02 01 01 02 02"), 1).error().code, errc::operation_too_large);
}

}  // namespace
}  // namespace quire::actors::types::yjs
