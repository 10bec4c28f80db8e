#include "protocol/msgpack_reader.hpp"

#include "protocol/limits.hpp"

#include <array>
#include <cassert>

namespace quire::protocol {

namespace {

std::uint8_t octet(bytes_view data, std::size_t at) noexcept {
  return static_cast<std::uint8_t>(data[at]);
}

std::uint64_t big_endian(bytes_view data) noexcept {
  std::uint64_t number = 0;
  for (std::size_t at = 0; at < data.size(); ++at)
    number = number << 8 | octet(data, at);
  return number;
}

}  // namespace

// Source: the MessagePack specification, "Formats". An extension's type byte counts as its body's.
constexpr msgpack_reader::tag_row msgpack_reader::tag_table[32] = {
  {kind::nil, 0, 0},
  {kind::none, 0, 0},
  {kind::truth, 0, 0},
  {kind::truth, 0, 1},
  {kind::binary, 1, 0},
  {kind::binary, 2, 0},
  {kind::binary, 4, 0},
  {kind::other, 1, 1},
  {kind::other, 2, 1},
  {kind::other, 4, 1},
  {kind::other, 0, 4},
  {kind::other, 0, 8},
  {kind::natural, 1, 0},
  {kind::natural, 2, 0},
  {kind::natural, 4, 0},
  {kind::natural, 8, 0},
  {kind::signed_integer, 1, 0},
  {kind::signed_integer, 2, 0},
  {kind::signed_integer, 4, 0},
  {kind::signed_integer, 8, 0},
  {kind::other, 0, 2},
  {kind::other, 0, 3},
  {kind::other, 0, 5},
  {kind::other, 0, 9},
  {kind::other, 0, 17},
  {kind::text, 1, 0},
  {kind::text, 2, 0},
  {kind::text, 4, 0},
  {kind::array, 2, 0},
  {kind::array, 4, 0},
  {kind::map, 2, 0},
  {kind::map, 4, 0},
};

reading msgpack_reader::peek(token& next) const noexcept {
  if (rest_.empty())
    return reading::cut_off;
  const auto tag = octet(rest_, 0);
  if (tag < 0x80)
    next = {kind::natural, 1, tag};
  else if (tag < 0x90)
    next = {kind::map, 1, tag & 0x0FU};
  else if (tag < 0xA0)
    next = {kind::array, 1, tag & 0x0FU};
  else if (tag < 0xC0)
    next = {kind::text, 1, tag & 0x1FU};
  else if (tag >= 0xE0)
    next = {kind::negative, 1, 0};
  else {
    const auto& row = tag_table[tag - 0xC0];
    if (rest_.size() - 1 < row.width)
      return reading::cut_off;
    next = {row.what, 1U + row.width, big_endian(rest_.subspan(1, row.width)) + row.fixed};
    if (row.what == kind::signed_integer)
      next.what = (octet(rest_, 1) & 0x80) == 0 ? kind::natural : kind::negative;
  }
  return reading::good;
}

/// Whether the bytes left can hold what the token declares.
bool msgpack_reader::is_within(const token& next) const noexcept {
  const auto left = rest_.size() - next.header;
  switch (next.what) {
    case kind::text:
    case kind::binary:
    case kind::other:
    case kind::array: return next.number <= left;
    case kind::map: return next.number * 2 <= left;
    default: return true;
  }
}

reading msgpack_reader::read_unsigned(std::uint64_t& value) noexcept {
  token next;
  if (const auto went = peek(next); went != reading::good)
    return went;
  if (next.what != kind::natural)
    return reading::other_kind;
  value = next.number;
  advance(next.header);
  return reading::good;
}

reading msgpack_reader::read_bool(bool& value) noexcept {
  token next;
  if (const auto went = peek(next); went != reading::good)
    return went;
  if (next.what != kind::truth)
    return reading::other_kind;
  value = next.number != 0;
  advance(next.header);
  return reading::good;
}

bool msgpack_reader::take_nil() noexcept {
  token next;
  if (peek(next) != reading::good || next.what != kind::nil)
    return false;
  advance(next.header);
  return true;
}

reading msgpack_reader::read_body(kind wanted, bytes_view& body) noexcept {
  token next;
  if (const auto went = peek(next); went != reading::good)
    return went;
  if (next.what != wanted)
    return reading::other_kind;
  if (!is_within(next))
    return reading::cut_off;
  const auto length = static_cast<std::size_t>(next.number);
  body = rest_.subspan(next.header, length);
  advance(next.header + length);
  return reading::good;
}

reading msgpack_reader::read_text(std::string_view& value) noexcept {
  bytes_view body;
  const auto went = read_body(kind::text, body);
  if (went == reading::good)
    value = as_text(body);
  return went;
}

reading msgpack_reader::read_binary(bytes_view& value) noexcept {
  return read_body(kind::binary, value);
}

reading msgpack_reader::read_array(std::uint32_t& count) noexcept {
  return read_container(kind::array, count);
}

reading msgpack_reader::read_map(std::uint32_t& count) noexcept {
  return read_container(kind::map, count);
}

reading msgpack_reader::read_container(kind wanted, std::uint32_t& count) noexcept {
  token next;
  if (const auto went = peek(next); went != reading::good)
    return went;
  if (next.what != wanted)
    return reading::other_kind;
  if (!is_within(next))
    return reading::cut_off;
  count = static_cast<std::uint32_t>(next.number);
  advance(next.header);
  return reading::good;
}

reading msgpack_reader::skip(std::size_t levels) noexcept {
  assert(levels <= limits::nesting_max);
  const auto start = rest_;
  const auto stop = [&](reading why) {
    rest_ = start;
    return why;
  };
  // How many values each open container still lacks.
  std::array<std::uint64_t, limits::nesting_max> lacking;
  std::size_t depth = 0;
  do {
    token next;
    if (const auto went = peek(next); went != reading::good)
      return stop(went);
    if (next.what == kind::none)
      return stop(reading::other_kind);
    if (!is_within(next))
      return stop(reading::cut_off);
    const bool is_container = next.what == kind::array || next.what == kind::map;
    const bool has_body = next.what == kind::text || next.what == kind::binary || next.what == kind::other;
    advance(next.header + (has_body ? static_cast<std::size_t>(next.number) : 0));
    if (is_container && depth == levels)
      return stop(reading::too_deep);
    if (is_container)
      lacking[depth++] = next.what == kind::map ? next.number * 2 : next.number;
    else if (depth > 0)
      --lacking[depth - 1];
    // A container that is complete is one value of the one around it.
    while (depth > 0 && lacking[depth - 1] == 0)
      if (--depth > 0)
        --lacking[depth - 1];
  } while (depth > 0);
  return reading::good;
}

}  // namespace quire::protocol
