#pragma once

#include "protocol/lib0/reader.hpp"

/// lib0's `any`: a value as JavaScript has them, behind a byte that says which kind.
namespace quire::actors::types::yjs {

enum class any_tag : std::uint8_t {
  octets = 116,
  array = 117,
  object = 118,
  text = 119,
  yes = 120,
  no = 121,
  int64 = 122,
  float64 = 123,
  float32 = 124,
  integer = 125,
  null = 126,
  undefined = 127,
};

/// Arrays and objects within each other, in an `any` as in JSON.
inline constexpr std::size_t nesting_max = 128;
/// Units: bytes of UTF-8. Of map keys, names of attributes, of roots and of XML elements, and keys in an `any`.
inline constexpr std::size_t key_bytes_max = 1024;

/// A text that names something.
[[nodiscard]] std::string_view read_key(lib0::reader& from) noexcept;

/// Passes over one value, checking it.  Cost: linear in its bytes, no recursion.
void skip_any(lib0::reader& from) noexcept;

/// Appends the next value, which `skip_any` has checked, as JSON.stringify prints it; but bytes as a text in base64,
/// and a 64-bit integer in its digits. An undefined is null in an array and leaves its key out in an object.
/// Returns false if it is undefined itself; then nothing is appended.
bool write_any_json(lib0::reader& from, bytes& out);

/// Appends the next value, checked before, as JavaScript's String() prints it.
void write_any_text(lib0::reader& from, bytes& out);

}  // namespace quire::actors::types::yjs
