#include "protocol/lib0/writer.hpp"

#include "protocol/lib0/reader.hpp"

#include <cassert>

namespace quire::lib0 {

void write_var_uint(std::uint64_t number, bytes& out) {
  assert(number <= number_max);
  for (; number >= 0x80U; number >>= 7U)
    write_octet(static_cast<std::uint8_t>(number | 0x80U), out);
  write_octet(static_cast<std::uint8_t>(number), out);
}

void write_var_int(std::int64_t number, bytes& out) {
  const bool is_negative = number < 0;
  const auto size = static_cast<std::uint64_t>(is_negative ? -number : number);
  assert(size <= number_max);
  const unsigned more = size >= 0x40U ? 0x80U : 0U;
  write_octet(static_cast<std::uint8_t>(more | (is_negative ? 0x40U : 0U) | (size & 0x3FU)), out);
  if (more != 0)
    write_var_uint(size >> 6U, out);
}

void write_octets(bytes_view data, bytes& out) {
  write_var_uint(data.size(), out);
  append(out, data);
}

}  // namespace quire::lib0
