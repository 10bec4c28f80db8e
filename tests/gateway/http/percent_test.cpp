#include "gateway/http/percent.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace quire::gateway::http {

RC_GTEST_PROP(percent, what_is_encoded_decodes_to_itself, (const std::string& text)) {
  RC_PRE(text.find('\0') == std::string::npos);
  const auto encoded = percent_encode(text);
  RC_ASSERT(encoded.find('/') == std::string::npos);
  RC_ASSERT(percent_decode(encoded).value() == text);
}

TEST(percent, what_is_not_two_digits_after_the_sign_is_refused) {
  for (const auto* bad : {"%", "a%4", "%zz", "%4g", "%%41", "% 1", "%00"})
    EXPECT_FALSE(percent_decode(bad)) << bad;
}

TEST(percent, in_a_name_what_is_not_two_digits_after_the_sign_stands_for_itself) {
  EXPECT_EQ(percent_decode_name("100%"), "100%");
  EXPECT_EQ(percent_decode_name("%4g%%41% 1%2"), "%4g%A% 1%2");
  EXPECT_EQ(percent_decode_name("a%2Fb%25c"), "a/b%c");
  EXPECT_EQ(percent_decode_name("%2541"), "%41");
  EXPECT_EQ(percent_decode_name("%00"), std::string(1, '\0'));
}

TEST(percent, digits_may_be_of_either_case_and_a_plus_is_a_plus) {
  EXPECT_EQ(percent_decode("%2f%2F+"), "//+");
}

}  // namespace quire::gateway::http
