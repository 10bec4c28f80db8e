#include "actors/types/text/rope.hpp"

#include "actors/types/utf8.hpp"
#include "tests/fixture/text/generators.hpp"
#include "tests/fixture/text/model.hpp"

#include <gtest/gtest.h>
#include <random>
#include <rapidcheck/gtest.h>

namespace quire::actors::types::text {
namespace {

using fixture::to_utf8;

// A rope and the same text as a plain string. What lies far apart in a rope is what must be tried, so texts are long.
class twins {
 public:
  void insert(std::size_t at, const std::u32string& text) {
    rope_.insert(at, to_utf8(text));
    plain_.insert(at, text);
  }

  void erase(std::size_t at, std::size_t count) {
    rope_.erase(at, count);
    plain_.erase(at, count);
  }

  [[nodiscard]] std::size_t size() const { return plain_.size(); }
  [[nodiscard]] const rope& tested() const { return rope_; }
  [[nodiscard]] const std::u32string& plain() const { return plain_; }

  void expect_same() const {
    const std::string expected = to_utf8(plain_);
    ASSERT_EQ(rope_.to_string(), expected);
    ASSERT_EQ(rope_.size(), measure(expected));
  }

 private:
  rope rope_;
  std::u32string plain_;
};

std::u32string some_text(std::mt19937_64& random, std::size_t length_max) {
  constexpr std::u32string_view alphabet = U"abcdefgh \né\u0301漢😀";
  std::u32string text(random() % (length_max + 1), U' ');
  for (char32_t& each : text)
    each = alphabet[random() % alphabet.size()];
  return text;
}

void edit_at_random(twins& both, std::mt19937_64& random, std::size_t length_max) {
  const std::size_t at = random() % (both.size() + 1);
  if (random() % 5 < 3)
    return both.insert(at, some_text(random, length_max));
  both.erase(at, random() % (std::min(both.size() - at, length_max) + 1));
}

RC_GTEST_PROP(text_rope, a_rope_is_the_string_that_it_stands_for, (std::uint64_t seed)) {
  std::mt19937_64 random(seed);
  twins both;
  for (const std::size_t length_max : {4'000U, 40U, 1U, 8'000U, 3U}) {
    for (int i = 0; i < 40; ++i)
      edit_at_random(both, random, length_max);
    both.expect_same();
  }
}

RC_GTEST_PROP(text_rope, an_operation_does_to_a_rope_what_it_does_to_a_string, ()) {
  const auto text = *fixture::any_text();
  const auto op = *fixture::any_operation_on(text);
  rope edited(to_utf8(text));
  edited.apply(op);
  RC_ASSERT(edited.to_string() == to_utf8(fixture::applied(op, text)));
  RC_ASSERT(edited.size() == measure(edited.to_string()));
}

RC_GTEST_PROP(text_rope, what_is_read_from_the_middle_is_what_stands_there, (std::uint64_t seed)) {
  std::mt19937_64 random(seed);
  twins both;
  for (int i = 0; i < 12; ++i)
    edit_at_random(both, random, 2'000);
  const std::size_t at = random() % (both.size() + 1);
  const std::size_t count = random() % (both.size() - at + 1);
  const std::string expected = to_utf8(both.plain().substr(at, count));
  RC_ASSERT(both.tested().slice(at, count) == expected);
  RC_ASSERT(both.tested().bytes_of(at, count) == expected.size());
  RC_ASSERT(both.tested().matches(at, count, expected));
  RC_ASSERT(!both.tested().matches(at, count, expected + "x"));
  if (count > 0)  // The macro looks at both sides of an or.
    RC_ASSERT(!both.tested().matches(at, count, std::string_view(expected).substr(1)));
}

RC_GTEST_PROP(text_rope, positions_in_utf16_are_those_of_the_text_in_utf16, (std::uint64_t seed)) {
  std::mt19937_64 random(seed);
  twins both;
  for (int i = 0; i < 12; ++i)
    edit_at_random(both, random, 2'000);
  const std::size_t at = random() % (both.size() + 1);
  const std::size_t units = utf8::count_utf16_units(to_utf8(both.plain().substr(0, at)));
  RC_ASSERT(both.tested().utf16_of(at) == units);
  RC_ASSERT(both.tested().code_point_of_utf16(units) == at);
}

TEST(text_rope, many_leaves_come_and_go) {
  std::mt19937_64 random(1);
  twins both;
  both.insert(0, std::u32string(2'000'000, U'a'));
  for (int i = 0; i < 3'000; ++i)
    both.insert(random() % (both.size() + 1), some_text(random, 900));
  both.expect_same();
  for (int i = 0; i < 3'000; ++i)
    edit_at_random(both, random, 3'000);
  both.expect_same();
  while (both.size() > 0) {
    const std::size_t at = random() % both.size();
    both.erase(at, std::min<std::size_t>(both.size() - at, 20'000));
  }
  both.expect_same();
  EXPECT_LT(both.tested().memory(), 64U * 1024U);
}

TEST(text_rope, a_text_typed_letter_by_letter_takes_little_more_than_its_letters) {
  rope typed;
  for (std::size_t i = 0; i < 100'000; ++i)
    typed.insert(i, "x");
  EXPECT_LT(typed.memory(), 110'000U);
}

}  // namespace
}  // namespace quire::actors::types::text
