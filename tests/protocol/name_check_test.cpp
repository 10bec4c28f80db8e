#include "protocol/name_check.hpp"

#include "protocol/limits.hpp"

#include <gtest/gtest.h>

namespace quire {
namespace {

std::string refusal(std::string organisation, std::string name) {
  const auto outcome = check_name({std::move(organisation), std::move(name)});
  if (outcome)
    return "accepted";
  EXPECT_EQ(outcome.error().code, errc::invalid_name);
  return outcome.error().detail;
}

TEST(name_check, names_of_any_script_and_with_slashes_are_accepted) {
  EXPECT_EQ(refusal("default", "notes/2024 plan"), "accepted");
  EXPECT_EQ(refusal("société", "\xE6\xBC\xA2\xE5\xAD\x97 \xF0\x9F\x98\x80 \xC2\xA0"), "accepted");
}

TEST(name_check, an_empty_part_is_refused) {
  EXPECT_EQ(refusal("", "name"), "the organisation is empty");
  EXPECT_EQ(refusal("default", ""), "the document's name is empty");
}

TEST(name_check, a_part_may_be_as_long_as_its_limit) {
  EXPECT_EQ(refusal(std::string(128, 'o'), std::string(512, 'n')), "accepted");
  EXPECT_EQ(refusal(std::string(129, 'o'), "name"), "the organisation has 129 bytes; 128 are allowed");
  EXPECT_EQ(refusal("default", std::string(513, 'n')), "the document's name has 513 bytes; 512 are allowed");
}

TEST(name_check, control_characters_are_refused) {
  for (const auto& control : {std::string(1, '\0'), std::string("\n"), std::string("\x1F"), std::string("\x7F"),
                              std::string("\xC2\x80"), std::string("\xC2\x9F")})
    EXPECT_EQ(refusal("default", "a" + control + "b"), "the document's name has control characters");
}

TEST(name_check, what_is_not_utf8_is_refused) {
  EXPECT_EQ(refusal("\xFF", "name"), "the organisation is not valid UTF-8");
}

TEST(name_check, a_label_has_1_to_128_bytes_of_text) {
  for (const auto& good : {std::string("x"), std::string("väl 😀 / % ?"), std::string(128, 'x')})
    EXPECT_TRUE(check_label(good)) << good;
  for (const auto& bad : {std::string(), std::string(129, 'x'), std::string("a\nb"), std::string("\xFF")}) {
    const auto checked = check_label(bad);
    ASSERT_FALSE(checked) << bad;
    EXPECT_EQ(checked.error().code, errc::invalid_name);
  }
}

}  // namespace
}  // namespace quire
