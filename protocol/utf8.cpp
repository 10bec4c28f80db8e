#include "protocol/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace quire {

namespace {

constexpr std::uint64_t high_bits = 0x8080808080808080ULL;

std::uint8_t octet(std::string_view text, std::size_t at) noexcept {
  return static_cast<std::uint8_t>(text[at]);
}

bool is_continuation(std::uint8_t byte) noexcept {
  return (byte & 0xC0) == 0x80;
}

std::size_t skip_ascii(std::string_view text, std::size_t at) noexcept {
  for (std::uint64_t eight = 0; at + sizeof eight <= text.size(); at += sizeof eight) {
    std::memcpy(&eight, text.data() + at, sizeof eight);
    if ((eight & high_bits) != 0)
      break;
  }
  while (at < text.size() && octet(text, at) < 0x80)
    ++at;
  return at;
}

/// The length of the well-formed sequence of two to four bytes at `at`, or 0.
/// Source: The Unicode Standard, table 3-7.
std::size_t sequence_length(std::string_view text, std::size_t at) noexcept {
  const auto lead = octet(text, at);
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (lead < 0xC2 || lead > 0xF4 || text.size() - at < length)
    return 0;
  const auto second = octet(text, at + 1);
  const std::uint8_t lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const std::uint8_t highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (second < lowest || second > highest)
    return 0;
  for (std::size_t next = 2; next < length; ++next)
    if (!is_continuation(octet(text, at + next)))
      return 0;
  return length;
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  for (std::size_t at = skip_ascii(text, 0); at < text.size(); at = skip_ascii(text, at)) {
    const auto length = sequence_length(text, at);
    if (length == 0)
      return false;
    at += length;
  }
  return true;
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max) noexcept {
  if (text.size() <= bytes_max)
    return text;
  auto length = bytes_max;
  while (length > 0 && is_continuation(octet(text, length)))
    --length;
  return text.substr(0, length);
}

}  // namespace quire
