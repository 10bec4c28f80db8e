#include "actors/types/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace quire::actors::types::utf8 {

namespace {

// Eight bytes at a time: one bit of each byte lane holds a yes or no.
constexpr std::size_t word_bytes = sizeof(std::uint64_t);
constexpr std::uint64_t low_bit_of_each = 0x0101010101010101ULL;

std::uint64_t load_word(const char* at) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, at, word_bytes);
  return word;
}

// The lanes hold 0 or 1, so their sum fits the top lane of the product.
std::size_t sum_of_lanes(std::uint64_t lanes) noexcept {
  return static_cast<std::size_t>((lanes * low_bit_of_each) >> 56U);
}

std::size_t continuations(std::uint64_t word) noexcept {
  return sum_of_lanes((word >> 7U) & ~(word >> 6U) & low_bit_of_each);
}

// First bytes of four-byte sequences: 1111xxxx.
std::size_t four_byte_leads(std::uint64_t word) noexcept {
  return sum_of_lanes((word >> 7U) & (word >> 6U) & (word >> 5U) & (word >> 4U) & low_bit_of_each);
}

bool is_four_byte_lead(char byte) noexcept {
  return static_cast<unsigned char>(byte) >= 0xF0U;
}

}  // namespace

std::size_t count_code_points(std::string_view text) noexcept {
  std::size_t count = 0;
  std::size_t at = 0;
  for (; at + word_bytes <= text.size(); at += word_bytes)
    count += word_bytes - continuations(load_word(text.data() + at));
  for (; at < text.size(); ++at)
    count += is_continuation(text[at]) ? 0U : 1U;
  return count;
}

std::size_t count_utf16_units(std::string_view text) noexcept {
  std::size_t count = 0;
  std::size_t at = 0;
  for (; at + word_bytes <= text.size(); at += word_bytes) {
    const std::uint64_t word = load_word(text.data() + at);
    count += word_bytes - continuations(word) + four_byte_leads(word);
  }
  for (; at < text.size(); ++at) {
    if (!is_continuation(text[at]))
      count += is_four_byte_lead(text[at]) ? 2U : 1U;
  }
  return count;
}

std::size_t offset_of(std::string_view text, std::size_t code_point) noexcept {
  std::size_t left = code_point;
  std::size_t at = 0;
  for (; at + word_bytes <= text.size(); at += word_bytes) {
    const std::size_t starts = word_bytes - continuations(load_word(text.data() + at));
    if (starts > left)
      break;
    left -= starts;
  }
  for (; at < text.size(); ++at) {
    if (is_continuation(text[at]))
      continue;
    if (left == 0)
      break;
    --left;
  }
  return at;
}

std::size_t code_point_of_utf16(std::string_view text, std::size_t unit) noexcept {
  std::size_t code_points = 0;
  std::size_t units = 0;
  for (const char byte : text) {
    if (is_continuation(byte))
      continue;
    units += is_four_byte_lead(byte) ? 2U : 1U;
    if (units > unit)
      break;
    ++code_points;
  }
  return code_points;
}

}  // namespace quire::actors::types::utf8
