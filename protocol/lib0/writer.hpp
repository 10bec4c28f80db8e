#pragma once

#include "protocol/bytes.hpp"

#include <cstdint>
#include <string_view>

/// Appending lib0's values to bytes: what `reader` reads, each in its shortest form.
namespace quire::lib0 {

/// Range: to number_max.
void write_var_uint(std::uint64_t number, bytes& out);

/// Range: from -number_max to number_max.
void write_var_int(std::int64_t number, bytes& out);

inline void write_octet(std::uint8_t octet, bytes& out) {
  out.push_back(std::byte{octet});
}

void write_octets(bytes_view data, bytes& out);

/// `text` must be UTF-8.
inline void write_text(std::string_view text, bytes& out) {
  write_octets(as_bytes(text), out);
}

}  // namespace quire::lib0
