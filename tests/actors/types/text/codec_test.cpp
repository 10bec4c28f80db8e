#include "actors/types/text/codec.hpp"

#include "tests/fixture/text/model.hpp"

#include <gtest/gtest.h>
#include <string>

namespace quire::actors::types::text {
namespace {

using namespace std::string_literals;

constexpr codec_limits small{100, 4};

errc refusal(const std::string& encoded) {
  const auto decoded = decode(as_bytes(encoded), small);
  EXPECT_FALSE(decoded.has_value());
  return decoded ? errc::internal : decoded.error().code;
}

TEST(text_codec, the_example_of_the_documentation_is_true) {
  const auto decoded = decode(as_bytes("\x93\x05\xA2hi\x81\xA1"s + "d\x03"), small);
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(fixture::show(*decoded), "5 \"hi\" -3");
  EXPECT_TRUE(decode(as_bytes("\x90"s), small).value().is_empty());
}

TEST(text_codec, what_is_not_in_normal_form_is_refused) {
  for (const std::string& encoded : {
         "\x92\xA1x\x03"s,                               // a retain at the end
         "\x91\x03"s,                                    // nothing but a retain
         "\x93\x01\x01\xA1x"s,                           // two retains
         "\x92\xA1x\xA1y"s,                              // two inserts
         "\x92\x81\xA1"s + "d\x01\x81\xA1"s + "d\xA1x",  // two erases, one with its text
         "\x92\x00\xA1x"s,                               // a retain of nothing
         "\x91\xA0"s,                                    // an insert of nothing
         "\x91\x81\xA1"s + "d\x00"s,                     // an erase of nothing
         "\x91\x81\xA1"s + "d\xA0",                      // an erase of an empty text
       })
    EXPECT_EQ(refusal(encoded), errc::malformed_operation);
}

TEST(text_codec, what_is_no_part_is_refused) {
  for (const std::string& encoded : {
         ""s, "\xA1x"s, "\x80"s, "\xC0"s,           // no array
         "\x91\xC0"s, "\x91\xC3"s, "\x91\xFF"s,     // nil, true, -1
         "\x91\xD0\xFF"s,                           // -1 in two bytes
         "\x91\xCA\x3F\x80\x00\x00"s,               // 1.0
         "\x91\xC4\x01x"s,                          // binary
         "\x91\x91\x01"s,                           // an array
         "\x91\x80"s,                               // a map of nothing
         "\x91\x82\xA1"s + "d\x01\xA1"s + "e\x01",  // a map of two
         "\x91\x81\xA1"s + "e\x01",                 // another key
         "\x91\x81\x01\x01"s,                       // a number as the key
         "\x91\x81\xA1"s + "d\xC0",                 // an erase of nil
         "\x91\x81\xA1"s + "d\x81\xA1"s + "d\x01",  // an erase of an erase
       })
    EXPECT_EQ(refusal(encoded), errc::malformed_operation);
}

TEST(text_codec, a_text_that_is_not_utf8_is_refused) {
  for (const std::string& encoded :
       {"\x91\xA1\xFF"s, "\x91\xA3\xED\xA0\x80"s, "\x91\xA2\xC0\x80"s, "\x91\x81\xA1"s + "d\xA1\x80"})
    EXPECT_EQ(refusal(encoded), errc::malformed_operation);
}

TEST(text_codec, a_number_or_length_in_more_bytes_than_it_needs_is_refused) {
  for (const std::string& encoded : {"\x92\xCC\x05\xA1x"s, "\x92\xD0\x05\xA1x"s, "\x91\xD9\x01x"s, "\xDC\x00\x01\xA1x"s,
                                     "\x91\xDE\x00\x01\xA1"s + "d\x01", "\x91\x81\xD9\x01"s + "d\x01"})
    EXPECT_EQ(refusal(encoded), errc::malformed_operation);
}

TEST(text_codec, what_is_cut_short_or_goes_on_is_refused) {
  const std::string whole = "\x93\x05\xA2hi\x81\xA1"s + "d\x03";
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_EQ(refusal(whole.substr(0, length)), errc::malformed_operation);
  EXPECT_EQ(refusal(whole + "\x01"), errc::malformed_operation);
  EXPECT_EQ(refusal("\xDD\xFF\xFF\xFF\xFF\x01"s), errc::malformed_operation);
  EXPECT_EQ(refusal("\x91\xDB\xFF\xFF\xFF\xFFx"s), errc::malformed_operation);
}

TEST(text_codec, counts_that_no_document_reaches_are_refused) {
  EXPECT_EQ(refusal("\x92\xCE\x80\x00\x00\x00\xA1x"s), errc::malformed_operation);
  EXPECT_EQ(refusal("\x92\xCF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xA1x"s), errc::malformed_operation);
  EXPECT_EQ(refusal("\x94\xCE\x7F\xFF\xFF\xFF\xA1x\x01\xA1x"s), errc::malformed_operation);
}

TEST(text_codec, an_operation_over_its_limits_is_refused_for_that) {
  EXPECT_EQ(refusal("\x91\xD9\x80"s + std::string(128, 'x')), errc::operation_too_large);
  EXPECT_EQ(refusal("\x95\x01\xA1x\x01\xA1x\x81\xA1"s + "d\x01"), errc::operation_too_large);
}

}  // namespace
}  // namespace quire::actors::types::text
