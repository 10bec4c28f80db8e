#include "actors/types/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace quire::actors::types::utf8 {

namespace {

// Eight bytes at a time: one bit of each byte lane holds a yes or no.
constexpr std::size_t word_bytes = sizeof(std::uint64_t);
constexpr std::uint64_t low_bit_of_each = 0x0101010101010101ULL;
constexpr std::uint64_t high_bit_of_each = 0x8080808080808080ULL;

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

struct sequence {
  std::size_t length;
  unsigned char second_min;
  unsigned char second_max;
};

// What may follow a first byte above 0x7F; length 0: nothing, it starts no sequence. (RFC 3629, section 4.)
sequence sequence_of(unsigned char lead) noexcept {
  if (lead < 0xC2 || lead > 0xF4)
    return {0, 0, 0};
  if (lead < 0xE0)
    return {2, 0x80, 0xBF};
  if (lead < 0xF0) {
    const unsigned char second_min = lead == 0xE0 ? 0xA0 : 0x80;
    const unsigned char second_max = lead == 0xED ? 0x9F : 0xBF;
    return {3, second_min, second_max};
  }
  const unsigned char second_min = lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char second_max = lead == 0xF4 ? 0x8F : 0xBF;
  return {4, second_min, second_max};
}

// The length of the valid sequence at the front of `rest`, which is not ASCII; 0 if there is none.
std::size_t valid_sequence(std::string_view rest) noexcept {
  const sequence shape = sequence_of(static_cast<unsigned char>(rest[0]));
  if (shape.length == 0 || rest.size() < shape.length)
    return 0;
  const auto second = static_cast<unsigned char>(rest[1]);
  if (second < shape.second_min || second > shape.second_max)
    return 0;
  for (std::size_t i = 2; i < shape.length; ++i) {
    if (!is_continuation(rest[i]))
      return 0;
  }
  return shape.length;
}

}  // namespace

bool is_valid(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size()) {
    if (at + word_bytes <= text.size() && (load_word(text.data() + at) & high_bit_of_each) == 0) {
      at += word_bytes;
    } else if (static_cast<unsigned char>(text[at]) < 0x80U) {
      ++at;
    } else {
      const std::size_t length = valid_sequence(text.substr(at));
      if (length == 0)
        return false;
      at += length;
    }
  }
  return true;
}

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

std::size_t floor_boundary(std::string_view text, std::size_t offset) noexcept {
  if (offset >= text.size())
    return text.size();
  while (offset > 0 && is_continuation(text[offset]))
    --offset;
  return offset;
}

}  // namespace quire::actors::types::utf8
