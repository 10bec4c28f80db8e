#pragma once

#include "protocol/bytes.hpp"

#include <concepts>
#include <cstddef>

namespace quire::storage {

/// Appends a number as its bytes, least first: what checksums are taken of must not depend on the machine.
template <std::unsigned_integral Number>
void append_number(bytes& out, Number value) {
  for (std::size_t index = 0; index < sizeof value; ++index)
    out.push_back(static_cast<std::byte>(value >> (8 * index)));
}

/// Appends the length, in four bytes, and the bytes themselves.
inline void append_sized(bytes& out, bytes_view data) {
  append_number(out, static_cast<std::uint32_t>(data.size()));
  append(out, data);
}

}  // namespace quire::storage
