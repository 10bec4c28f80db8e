#include "protocol/lib0/reader.hpp"
#include "protocol/lib0/writer.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <string>
#include <vector>

namespace quire::lib0 {
namespace {

using namespace std::string_literals;

bytes written(std::uint64_t number) {
  bytes out;
  write_var_uint(number, out);
  return out;
}

TEST(lib0, a_number_has_seven_bits_a_byte_the_lowest_first) {
  EXPECT_EQ(written(0), to_bytes("\0"s));
  EXPECT_EQ(written(127), to_bytes("\x7F"));
  EXPECT_EQ(written(128), to_bytes("\x80\x01"));
  EXPECT_EQ(written(300), to_bytes("\xAC\x02"));
  EXPECT_EQ(written(number_max), to_bytes("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x0F"));
}

TEST(lib0, a_signed_number_has_its_sign_and_six_bits_in_the_first_byte) {
  for (const auto& [number, expected] :
       {std::pair{0, "\0"s}, {1, "\x01"s}, {-1, "\x41"s}, {63, "\x3F"s}, {64, "\x80\x01"s}, {-64, "\xC0\x01"s}}) {
    bytes out;
    write_var_int(number, out);
    EXPECT_EQ(out, to_bytes(expected)) << number;
    EXPECT_EQ(reader(out).var_int(), number);
  }
}

TEST(lib0, minus_zero_is_zero) {
  EXPECT_EQ(reader(as_bytes("\x40")).var_int(), 0);
}

TEST(lib0, numbers_past_what_javascript_counts_are_refused) {
  for (const auto& data : {"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x10"s, "\x80\x80\x80\x80\x80\x80\x80\x80\x00"s}) {
    reader from(as_bytes(data));
    EXPECT_EQ(from.var_uint(), 0U);
    EXPECT_FALSE(from.is_good());
  }
  for (const auto& data : {"\xBF\xFF\xFF\xFF\xFF\xFF\xFF\x20"s, "\x80\x80\x80\x80\x80\x80\x80\x80\x00"s}) {
    reader from(as_bytes(data));
    EXPECT_EQ(from.var_int(), 0);
    EXPECT_FALSE(from.is_good());
  }
}

TEST(lib0, after_the_first_fault_everything_is_empty_and_the_reason_stays) {
  reader from(as_bytes("\x05hi"));
  EXPECT_TRUE(from.octets().empty());
  EXPECT_FALSE(from.is_good());
  EXPECT_STREQ(from.why(), "cut short");
  EXPECT_EQ(from.var_uint(), 0U);
  EXPECT_TRUE(from.text().empty());
  EXPECT_TRUE(from.rest().empty());
  from.refuse("another reason");
  EXPECT_STREQ(from.why(), "cut short");
}

TEST(lib0, a_text_that_is_not_utf8_is_refused) {
  reader from(as_bytes("\x02\xC3\x28"));
  EXPECT_TRUE(from.text().empty());
  EXPECT_FALSE(from.is_good());
}

TEST(lib0, a_count_of_more_than_can_follow_is_refused) {
  EXPECT_EQ(reader(as_bytes("\x02"
                            "abcd"))
              .count(2),
            2U);
  reader from(
    as_bytes("\x03"
             "abcd"));
  EXPECT_EQ(from.count(2), 0U);
  EXPECT_FALSE(from.is_good());
}

RC_GTEST_PROP(lib0, what_is_written_is_read, ()) {
  const auto number = *rc::gen::inRange<std::uint64_t>(0, number_max + 1);
  const auto signed_number =
    *rc::gen::element(1, -1) * static_cast<std::int64_t>(*rc::gen::inRange<std::uint64_t>(0, number_max + 1));
  const auto octets = to_bytes(*rc::gen::arbitrary<std::string>());
  bytes out;
  write_var_uint(number, out);
  write_var_int(signed_number, out);
  write_octets(octets, out);
  write_text("\xC3\xA9", out);
  reader from(out);
  RC_ASSERT(from.var_uint() == number);
  RC_ASSERT(from.var_int() == signed_number);
  const auto read = from.octets();
  RC_ASSERT(bytes(read.begin(), read.end()) == octets);
  RC_ASSERT(from.text() == "\xC3\xA9");
  RC_ASSERT(from.is_good() && from.rest().empty());
}

RC_GTEST_PROP(lib0, what_is_cut_short_is_refused, ()) {
  bytes out;
  write_var_uint(*rc::gen::inRange<std::uint64_t>(0, number_max + 1), out);
  write_text("text", out);
  const auto kept = *rc::gen::inRange<std::size_t>(0, out.size());
  reader from(bytes_view(out).first(kept));
  static_cast<void>(from.var_uint());
  static_cast<void>(from.text());
  RC_ASSERT(!from.is_good());
}

}  // namespace
}  // namespace quire::lib0
