#include "actors/types/yjs/any.hpp"

#include "actors/types/json_string.hpp"
#include "actors/types/yjs/base64.hpp"
#include "actors/types/yjs/json_number.hpp"

#include <array>
#include <bit>
#include <string>

namespace quire::actors::types::yjs {

namespace {

std::uint64_t read_big_endian(lib0::reader& from, std::size_t octets) noexcept {
  std::uint64_t number = 0;
  for (const std::byte each : from.octets(octets))
    number = number << 8U | std::to_integer<std::uint64_t>(each);
  return number;
}

any_tag read_tag(lib0::reader& from) noexcept {
  return static_cast<any_tag>(from.octet());
}

/// Passes over a value that holds no other.
void skip_single(any_tag tag, lib0::reader& from) noexcept {
  switch (tag) {
    case any_tag::octets: static_cast<void>(from.octets()); break;
    case any_tag::text: static_cast<void>(from.text()); break;
    case any_tag::int64:
    case any_tag::float64: static_cast<void>(from.octets(8)); break;
    case any_tag::float32: static_cast<void>(from.octets(4)); break;
    case any_tag::integer: static_cast<void>(from.var_int()); break;
    case any_tag::yes:
    case any_tag::no:
    case any_tag::null:
    case any_tag::undefined: break;
    default: from.refuse("a kind of value that there is not");
  }
}

double read_float(any_tag tag, lib0::reader& from) noexcept {
  if (tag == any_tag::float32)
    return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(read_big_endian(from, 4))));
  return std::bit_cast<double>(read_big_endian(from, 8));
}

std::string read_integer(any_tag tag, lib0::reader& from) {
  if (tag == any_tag::integer)
    return std::to_string(from.var_int());
  return std::to_string(static_cast<std::int64_t>(read_big_endian(from, 8)));
}

void append_quoted(std::string_view text, bytes& out) {
  append(out, as_bytes("\""));
  append_json_escaped(text, out);
  append(out, as_bytes("\""));
}

// The recursion of the two below is no deeper than nesting_max, which was checked when the value came in.

void write_array_json(lib0::reader& from, bytes& out) {
  append(out, as_bytes("["));
  for (std::uint64_t i = 0, count = from.count(); i < count; ++i) {
    if (i > 0)
      append(out, as_bytes(","));
    if (!write_any_json(from, out))
      append(out, as_bytes("null"));
  }
  append(out, as_bytes("]"));
}

void write_object_json(lib0::reader& from, bytes& out) {
  append(out, as_bytes("{"));
  bool is_first = true;
  for (std::uint64_t i = 0, count = from.count(2); i < count; ++i) {
    const std::size_t before = out.size();
    if (!is_first)
      append(out, as_bytes(","));
    append_quoted(from.text(), out);
    append(out, as_bytes(":"));
    if (write_any_json(from, out))
      is_first = false;
    else
      out.resize(before);
  }
  append(out, as_bytes("}"));
}

void write_array_text(lib0::reader& from, bytes& out) {
  for (std::uint64_t i = 0, count = from.count(); i < count; ++i) {
    if (i > 0)
      append(out, as_bytes(","));
    const auto next = static_cast<any_tag>(from.rest()[0]);
    if (next == any_tag::null || next == any_tag::undefined)
      skip_any(from);
    else
      write_any_text(from, out);
  }
}

void write_octets_text(bytes_view octets, bytes& out) {
  for (std::size_t i = 0; i < octets.size(); ++i)
    append(out, as_bytes((i > 0 ? "," : "") + std::to_string(std::to_integer<unsigned>(octets[i]))));
}

}  // namespace

std::string_view read_key(lib0::reader& from) noexcept {
  const std::string_view key = from.text();
  if (key.size() > key_bytes_max)
    from.refuse("a name that is too long");
  return from.is_good() ? key : std::string_view{};
}

void skip_any(lib0::reader& from) noexcept {
  /// An array or object that is being read: how many values it still has.
  struct container {
    std::uint64_t left = 0;
    bool has_keys = false;
  };
  std::array<container, nesting_max> open{};
  std::size_t depth = 0;
  do {
    if (depth > 0) {
      container& inner = open[depth - 1];
      if (inner.left == 0) {
        --depth;
        continue;
      }
      --inner.left;
      if (inner.has_keys)
        static_cast<void>(read_key(from));
    }
    const any_tag tag = read_tag(from);
    if (tag != any_tag::array && tag != any_tag::object) {
      skip_single(tag, from);
    } else if (depth == nesting_max) {
      from.refuse("values within each other too deep");
    } else {
      const bool has_keys = tag == any_tag::object;
      open[depth++] = {from.count(has_keys ? 2 : 1), has_keys};
    }
  } while (depth > 0 && from.is_good());
}

bool write_any_json(lib0::reader& from, bytes& out) {
  const any_tag tag = read_tag(from);
  switch (tag) {
    case any_tag::octets:
      append(out, as_bytes("\""));
      append_base64(from.octets(), out);
      append(out, as_bytes("\""));
      return true;
    case any_tag::array: write_array_json(from, out); return true;
    case any_tag::object: write_object_json(from, out); return true;
    case any_tag::text: append_quoted(from.text(), out); return true;
    case any_tag::yes: append(out, as_bytes("true")); return true;
    case any_tag::no: append(out, as_bytes("false")); return true;
    case any_tag::integer:
    case any_tag::int64: append(out, as_bytes(read_integer(tag, from))); return true;
    case any_tag::float32:
    case any_tag::float64: append_number(read_float(tag, from), "null", out); return true;
    case any_tag::null: append(out, as_bytes("null")); return true;
    default: return false;
  }
}

void write_any_text(lib0::reader& from, bytes& out) {
  const any_tag tag = read_tag(from);
  switch (tag) {
    case any_tag::octets: return write_octets_text(from.octets(), out);
    case any_tag::array: return write_array_text(from, out);
    case any_tag::object:
      for (std::uint64_t i = 0, count = from.count(2); i < count; ++i) {
        static_cast<void>(from.text());
        skip_any(from);
      }
      return append(out, as_bytes("[object Object]"));
    case any_tag::text: return append(out, as_bytes(from.text()));
    case any_tag::yes: return append(out, as_bytes("true"));
    case any_tag::no: return append(out, as_bytes("false"));
    case any_tag::integer:
    case any_tag::int64: return append(out, as_bytes(read_integer(tag, from)));
    case any_tag::float32:
    case any_tag::float64: {
      const double number = read_float(tag, from);
      return append_number(number, number > 0 ? "Infinity" : number < 0 ? "-Infinity" : "NaN", out);
    }
    case any_tag::null: return append(out, as_bytes("null"));
    default: return append(out, as_bytes("undefined"));
  }
}

}  // namespace quire::actors::types::yjs
