#include "actors/types/yjs/any.hpp"
#include "actors/types/yjs/json_number.hpp"
#include "actors/types/yjs/json_text.hpp"
#include "protocol/lib0/writer.hpp"
#include "tests/fixture/yjs/hexadecimal.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace quire::actors::types::yjs {
namespace {

using fixture::from_hexadecimal;
using fixture::to_hexadecimal;

std::string any_json(std::string_view digits) {
  const bytes encoded = from_hexadecimal(digits);
  lib0::reader checked(encoded);
  skip_any(checked);
  if (!checked.is_good() || !checked.rest().empty())
    return std::string("refused: ") + (checked.is_good() ? "bytes behind it" : checked.why());
  lib0::reader from(encoded);
  bytes out;
  return write_any_json(from, out) ? std::string(as_text(out)) : "undefined";
}

std::string any_text(std::string_view digits) {
  const bytes encoded = from_hexadecimal(digits);
  lib0::reader from(encoded);
  bytes out;
  write_any_text(from, out);
  return std::string(as_text(out));
}

std::string json_as_text(std::string_view json) {
  bytes out;
  write_json_as_text(json, out);
  return std::string(as_text(out));
}

std::string printed(double number) {
  bytes out;
  append_number(number, "none", out);
  return std::string(as_text(out));
}

RC_GTEST_PROP(lib0, numbers_read_as_they_were_written, ()) {
  const auto natural = *rc::gen::inRange<std::uint64_t>(0, lib0::number_max) >> *rc::gen::inRange(0U, 53U);
  const auto whole = static_cast<std::int64_t>(natural) * *rc::gen::element(1, -1);
  const auto text = *rc::gen::string<std::string>();
  bytes written;
  lib0::write_var_uint(natural, written);
  lib0::write_var_int(whole, written);
  lib0::write_octets(as_bytes(text), written);
  lib0::reader from(written);
  RC_ASSERT(from.var_uint() == natural);
  RC_ASSERT(from.var_int() == whole);
  RC_ASSERT(as_text(from.octets()) == text);
  RC_ASSERT(from.is_good() && from.rest().empty());
}

RC_GTEST_PROP(lib0, any_bytes_are_a_value_or_refused, (const std::string& data)) {
  lib0::reader from(as_bytes(data));
  skip_any(from);
  if (!from.is_good())
    return;
  lib0::reader again(as_bytes(data));
  bytes out;
  if (write_any_json(again, out))
    RC_ASSERT(is_json(as_text(out)));
  RC_ASSERT(again.position() == from.position());
}

TEST(lib0, numbers_past_what_javascript_counts_are_refused) {
  for (const char* digits : {"ff ff ff ff ff ff ff 10", "80 80 80 80 80 80 80 80 00", "80", ""}) {
    const bytes encoded = from_hexadecimal(digits);
    lib0::reader from(encoded);
    static_cast<void>(from.var_uint());
    EXPECT_FALSE(from.is_good()) << digits;
  }
  const bytes largest = from_hexadecimal("ff ff ff ff ff ff ff 0f");
  lib0::reader from(largest);
  EXPECT_EQ(from.var_uint(), lib0::number_max);
  const bytes nothing = from_hexadecimal("40");
  lib0::reader negative(nothing);
  EXPECT_EQ(negative.var_int(), 0);
  EXPECT_TRUE(negative.is_good());
}

TEST(lib0, a_reader_that_failed_gives_nothing_more) {
  const bytes encoded = from_hexadecimal("02 c3 28 05");
  lib0::reader from(encoded);
  EXPECT_EQ(from.text(), "");
  EXPECT_FALSE(from.is_good());
  EXPECT_EQ(from.var_uint(), 0U);
  EXPECT_STREQ(from.why(), "a text that is not UTF-8");
}

TEST(lib0, every_kind_of_value_prints_as_in_javascript) {
  EXPECT_EQ(any_json("7f"), "undefined");
  EXPECT_EQ(any_json("7e"), "null");
  EXPECT_EQ(any_json("7d 41"), "-1");
  EXPECT_EQ(any_json("7c 3f 00 00 00"), "0.5");
  EXPECT_EQ(any_json("7b 3f b9 99 99 99 99 99 9a"), "0.1");
  EXPECT_EQ(any_json("7b 7f f0 00 00 00 00 00 00"), "null");
  EXPECT_EQ(any_json("7a ff ff ff ff ff ff ff fe"), "-2");
  EXPECT_EQ(any_json("79"), "false");
  EXPECT_EQ(any_json("78"), "true");
  EXPECT_EQ(any_json("77 02 68 22"), R"("h\"")");
  EXPECT_EQ(any_json("76 02 01 61 7d 01 01 62 7f"), R"({"a":1})");
  EXPECT_EQ(any_json("75 03 7f 78 75 00"), "[null,true,[]]");
  EXPECT_EQ(any_json("74 02 ff 00"), R"("/wA=")");
  EXPECT_EQ(any_text("75 03 7f 78 75 01 77 01 61"), ",true,a");
  EXPECT_EQ(any_text("76 01 01 61 7d 01"), "[object Object]");
  EXPECT_EQ(any_text("7b ff f0 00 00 00 00 00 00"), "-Infinity");
  EXPECT_EQ(any_text("74 02 ff 00"), "255,0");
}

TEST(lib0, values_that_there_are_not_are_refused) {
  for (const char* digits : {"", "73", "80", "77 02 61", "75 03 7e", "76 01 01 61", "7c 00 00 00", "77 01 ff"})
    EXPECT_TRUE(any_json(digits).starts_with("refused: ")) << digits;
  std::string nested;
  for (std::size_t i = 0; i < nesting_max; ++i)
    nested += "75 01 ";
  EXPECT_TRUE(any_json("75 01 " + nested + "7e").starts_with("refused: "));
  EXPECT_FALSE(any_json(nested + "7e").starts_with("refused: "));
}

TEST(lib0, numbers_print_as_in_javascript) {
  EXPECT_EQ(printed(0.0), "0");
  EXPECT_EQ(printed(-0.0), "0");
  EXPECT_EQ(printed(100000), "100000");
  EXPECT_EQ(printed(123.456), "123.456");
  EXPECT_EQ(printed(1e21), "1e+21");
  EXPECT_EQ(printed(123456789012345680000.0), "123456789012345680000");
  EXPECT_EQ(printed(0.000001), "0.000001");
  EXPECT_EQ(printed(-1.5e-7), "-1.5e-7");
}

TEST(json_text, what_a_strict_parser_takes_is_json) {
  for (const char* json : {"null", " [1, 2.5e-3, \"a\\u00e9\\n\"] ", "{\"a\":{},\"b\":[]}", "\"\\ud83d\\ude00\"", "-0"})
    EXPECT_TRUE(is_json(json)) << json;
  for (const char* json : {"", "nul", "01", "[1,]", "{\"a\"}", "{a:1}", "\"a", "\"\\x\"", "\"\t\"", "1 2", "[1 2]",
                           "+1", ".5", "1.", "{\"a\":1,}", "[", "]", "undefined", "\"\\u12g4\""})
    EXPECT_FALSE(is_json(json)) << json;
  const std::string open(nesting_max, '[');
  EXPECT_TRUE(is_json(open + std::string(nesting_max, ']')));
  EXPECT_FALSE(is_json("[" + open + std::string(nesting_max + 1, ']')));
}

TEST(json_text, values_become_texts_as_in_javascript) {
  EXPECT_EQ(json_as_text(R"("a\u00e9\ud83d\ude00\ud83d")"), "aé😀\xEF\xBF\xBD");
  EXPECT_EQ(json_as_text("[1,null,[true,\"x\"],{}]"), "1,,true,x,[object Object]");
  EXPECT_EQ(json_as_text(" 1.50 "), "1.5");
  EXPECT_EQ(json_as_text("-1e999"), "-Infinity");
  const auto members = members_of(R"( {"b":1,"a":"x","\u0062": [2] } )");
  ASSERT_EQ(members.size(), 2U);
  EXPECT_EQ(members[0], (std::pair<std::string, std::string_view>("a", "\"x\"")));
  EXPECT_EQ(members[1], (std::pair<std::string, std::string_view>("b", "[2]")));
  EXPECT_TRUE(members_of("[1]").empty());
  EXPECT_TRUE(is_json_null(" null\n"));
}

}  // namespace
}  // namespace quire::actors::types::yjs
