#pragma once

#include "actors/types/text/operation.hpp"
#include "protocol/bytes.hpp"
#include "protocol/result.hpp"

/// The form of operations and cursors on the wire and in the log, in MessagePack: docs/types/text.md.
namespace quire::actors::types::text {

/// Bounds of what is decoded.
struct codec_limits {
  std::size_t bytes_max;
  std::size_t parts_max;
};

/// What the engine wrote itself may be as large as memory has it.
inline constexpr codec_limits own_codec_limits{part_text_bytes_max, operation::length_max};

/// Appends `op`. Every operation has exactly one encoding.
void encode(const operation& op, bytes& out);

/// Errors: operation_too_large; malformed_operation for all else that is not exactly one operation in normal form.
[[nodiscard]] result<operation> decode(bytes_view encoded, const codec_limits& limits);

/// A selection: where it began, and where it ends, which is where the cursor blinks.
struct cursor {
  std::size_t anchor = 0;
  std::size_t head = 0;

  friend bool operator==(const cursor&, const cursor&) = default;
};

void encode(const cursor& where, bytes& out);

/// Errors: malformed_message.
[[nodiscard]] result<cursor> decode_cursor(bytes_view encoded);

}  // namespace quire::actors::types::text
