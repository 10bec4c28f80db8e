#pragma once

#include "actors/types/yjs/update.hpp"

#include <cstddef>
#include <string_view>

/// A run's content as bytes: where its units are in it.
namespace quire::actors::types::yjs {

/// What stands for a character of which a cut left one half.
inline constexpr std::string_view half_character = "\xEF\xBF\xBD";

/// Where a run of `length` units is cut.
struct cut_place {
  std::size_t bytes = 0;         ///< The offset of the unit, or of the character that it is the second half of.
  bool is_in_character = false;  ///< Between the two halves of a character of four bytes.
};

/// Where the unit with that number begins in content of kind text, json or any.
/// Cost: constant in ASCII text, else linear in the bytes before it.
[[nodiscard]] cut_place cut_of(content_kind kind, std::string_view content, std::uint32_t length,
                               std::uint32_t unit) noexcept;

/// The first units of content.
struct content_head {
  std::uint32_t units = 0;
  std::size_t bytes = 0;
};

/// As many whole characters of a text, or elements of a json or any, as have at most `room` bytes, but at least one of
/// them. Of other content, which has no parts, nothing. Cost: linear in those bytes.
[[nodiscard]] content_head head_within(content_kind kind, std::string_view content, std::size_t room) noexcept;

}  // namespace quire::actors::types::yjs
