#pragma once

#include <cstddef>
#include <string_view>

namespace quire {

/// Whether `text` is UTF-8 as Unicode defines it: no over-long forms, no surrogates, nothing past U+10FFFF.
/// Cost: linear; eight bytes a step while they are ASCII.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

/// The longest prefix of `text` of at most `bytes_max` bytes that cuts no character. `text` must be UTF-8.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max) noexcept;

}  // namespace quire
