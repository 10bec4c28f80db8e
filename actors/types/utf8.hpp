#pragma once

#include <cstddef>
#include <string_view>

/// Counting in UTF-8, which must be valid: it was checked when it came in.
namespace quire::actors::types::utf8 {

[[nodiscard]] std::size_t count_code_points(std::string_view text) noexcept;

/// How many units the text has in UTF-16: two for a code point above U+FFFF, else one.
[[nodiscard]] std::size_t count_utf16_units(std::string_view text) noexcept;

/// The offset of the code point with that number, from 0; the size of the text if it has no more than that.
/// Units: bytes.
[[nodiscard]] std::size_t offset_of(std::string_view text, std::size_t code_point) noexcept;

/// The number of the code point that holds the UTF-16 unit with that number, from 0.
[[nodiscard]] std::size_t code_point_of_utf16(std::string_view text, std::size_t unit) noexcept;

[[nodiscard]] constexpr bool is_continuation(char byte) noexcept {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

}  // namespace quire::actors::types::utf8
