#include "protocol/utf8.hpp"

#include <cstdint>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <string>

namespace quire {
namespace {

/// By the definition, without asking what may be left out.
std::string encode(char32_t point) {
  const auto byte = [](char32_t value) { return static_cast<char>(static_cast<unsigned char>(value)); };
  if (point < 0x80)
    return {byte(point)};
  if (point < 0x800)
    return {byte(0xC0 | point >> 6), byte(0x80 | (point & 0x3F))};
  if (point < 0x10000)
    return {byte(0xE0 | point >> 12), byte(0x80 | (point >> 6 & 0x3F)), byte(0x80 | (point & 0x3F))};
  return {byte(0xF0 | point >> 18), byte(0x80 | (point >> 12 & 0x3F)), byte(0x80 | (point >> 6 & 0x3F)),
          byte(0x80 | (point & 0x3F))};
}

TEST(utf8, every_scalar_value_is_accepted_and_every_surrogate_refused) {
  for (char32_t point = 0; point <= 0x10FFFF; ++point) {
    const bool is_surrogate = point >= 0xD800 && point <= 0xDFFF;
    ASSERT_EQ(is_utf8(encode(point)), !is_surrogate) << static_cast<std::uint32_t>(point);
  }
  EXPECT_FALSE(is_utf8(encode(0x110000)));
}

TEST(utf8, over_long_forms_and_stray_bytes_are_refused) {
  for (const auto* bad : {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xF0\x80\x80\x80",
                          "\xF0\x8F\xBF\xBF", "\xF5\x80\x80\x80", "\xFE", "\xFF", "\xC3", "\xE2\x82", "\xF0\x9F\x98",
                          "\xC3(", "\xE2\x82(", "\xF0\x9F\x98("}) {
    EXPECT_FALSE(is_utf8(bad));
    EXPECT_FALSE(is_utf8("0123456789" + std::string(bad)));
  }
}

RC_GTEST_PROP(utf8, a_prefix_is_the_longest_that_cuts_no_character, ()) {
  const auto points = *rc::gen::container<std::u32string>(rc::gen::element<char32_t>(U'a', U'é', U'漢', U'\U0001F600'));
  std::string text;
  for (const auto point : points)
    text += encode(point);
  const auto most = *rc::gen::inRange<std::size_t>(0, text.size() + 2);
  const auto prefix = utf8_prefix(text, most);
  RC_ASSERT(prefix.size() <= most);
  RC_ASSERT(is_utf8(prefix));
  RC_ASSERT(text.starts_with(prefix));
  RC_ASSERT(prefix.size() == text.size() || prefix.size() + 4 > most);
}

}  // namespace
}  // namespace quire
