#include "actors/types/text/codec.hpp"

#include "actors/types/msgpack_packer.hpp"
#include "actors/types/utf8.hpp"
#include "protocol/msgpack_reader.hpp"
#include "protocol/utf8.hpp"

#include <algorithm>
#include <optional>

namespace quire::actors::types::text {

namespace {

using protocol::msgpack_reader;
using protocol::reading;

void pack_text(msgpack_packer& pack, std::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  pack.pack_str(size).pack_str_body(text.data(), size);
}

void pack_erase(msgpack_packer& pack, const piece& erased) {
  pack.pack_map(1);
  pack_text(pack, "d");
  if (erased.text.empty())
    pack.pack_uint32(erased.count);
  else
    pack_text(pack, erased.text);
}

// Sizes of the shortest forms: what the packer writes.
std::size_t size_of_number(std::size_t value) noexcept {
  if (value <= 0x7F)
    return 1;
  return value <= 0xFF ? 2 : value <= 0xFFFF ? 3 : value <= 0xFFFF'FFFF ? 5 : 9;
}

std::size_t size_of_text(std::size_t length) noexcept {
  const std::size_t head = length <= 31 ? 1 : length <= 0xFF ? 2 : length <= 0xFFFF ? 3 : 5;
  return head + length;
}

std::size_t encoded_size(const operation& op) noexcept {
  const std::size_t count = op.parts().size();
  std::size_t size = count <= 15 ? 1 : count <= 0xFFFF ? 3 : 5;
  for (const part& each : op.parts()) {
    size += each.text_bytes > 0 ? size_of_text(each.text_bytes) : size_of_number(each.count);
    size += each.kind == part_kind::erase ? size_of_text(1) + 1 : 0;  // the key and the map's head
  }
  return size;
}

std::size_t encoded_size(const cursor& where) noexcept {
  return 1 + size_of_number(where.anchor) + size_of_number(where.head);
}

tl::unexpected<error> refuse(const char* detail) {
  return fail(errc::malformed_operation, detail);
}

// Takes a number and a string, where either may stand: a piece's count, or its text.
result<piece> read_extent(msgpack_reader& from, part_kind counted, part_kind worded) {
  std::uint64_t count = 0;
  std::string_view text;
  if (from.read_unsigned(count) == reading::good) {
    if (count == 0 || count > operation::length_max)
      return refuse("a count out of range");
    return piece{counted, static_cast<std::uint32_t>(count), {}};
  }
  if (from.read_text(text) != reading::good)
    return refuse("cut short, or neither a count nor a text");
  if (text.empty())
    return refuse("an empty text");
  if (!is_utf8(text))
    return refuse("a text that is not UTF-8");
  return piece{worded, static_cast<std::uint32_t>(utf8::count_code_points(text)), text};
}

result<piece> read_piece(msgpack_reader& from) {
  std::uint32_t pairs = 0;
  if (from.read_map(pairs) != reading::good)
    return read_extent(from, part_kind::retain, part_kind::insert);
  std::string_view key;
  if (pairs != 1 || from.read_text(key) != reading::good || key != "d")
    return refuse("a map that is not an erase");
  return read_extent(from, part_kind::erase, part_kind::erase);
}

result<operation> read_parts(msgpack_reader& from, std::uint32_t count) {
  operation_builder made;
  std::optional<part_kind> last;
  std::size_t covered = 0;
  std::size_t inserted = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto next = read_piece(from);
    if (!next)
      return tl::unexpected<error>(next.error());
    if (next->kind == last)
      return refuse("two neighbours of one kind");
    std::size_t& total = next->kind == part_kind::insert ? inserted : covered;
    total += next->count;
    if (total > operation::length_max)
      return refuse("counts out of range");
    last = next->kind;
    made.add(*next);
  }
  if (last == part_kind::retain)
    return refuse("a retain at the end");
  return std::move(made).finish();
}

}  // namespace

void encode(const operation& op, bytes& out) {
  out.reserve(out.size() + encoded_size(op));
  byte_sink sink(out);
  msgpack_packer pack(sink);
  pack.pack_array(static_cast<std::uint32_t>(op.parts().size()));
  piece_reader from(op);
  while (!from.at_end()) {
    const piece next = from.take_all();
    switch (next.kind) {
      case part_kind::retain: pack.pack_uint32(next.count); break;
      case part_kind::insert: pack_text(pack, next.text); break;
      case part_kind::erase: pack_erase(pack, next); break;
    }
  }
}

result<operation> decode(bytes_view encoded, const codec_limits& limits) {
  if (encoded.size() > std::min(limits.bytes_max, part_text_bytes_max))
    return fail(errc::operation_too_large, "an operation of " + std::to_string(encoded.size()) + " bytes");
  msgpack_reader from(encoded);
  std::uint32_t count = 0;
  if (from.read_array(count) != reading::good)
    return refuse("cut short, or not an array");
  if (count > limits.parts_max)
    return fail(errc::operation_too_large, "an operation of " + std::to_string(count) + " parts");
  auto made = read_parts(from, count);
  if (made && !from.rest().empty())
    return refuse("bytes after the end");
  // A whole that is longer than need be has a number or length that is.
  if (made && encoded_size(*made) != encoded.size())
    return refuse("a number or length that is not in its shortest form");
  return made;
}

void encode(const cursor& where, bytes& out) {
  byte_sink sink(out);
  msgpack_packer pack(sink);
  pack.pack_array(2);
  pack.pack_uint64(where.anchor);
  pack.pack_uint64(where.head);
}

result<cursor> decode_cursor(bytes_view encoded) {
  msgpack_reader from(encoded);
  std::uint32_t count = 0;
  std::uint64_t anchor = 0;
  std::uint64_t head = 0;
  if (from.read_array(count) != reading::good || count != 2 || from.read_unsigned(anchor) != reading::good ||
      from.read_unsigned(head) != reading::good || !from.rest().empty())
    return fail(errc::malformed_message, "a cursor that is not a pair of positions");
  if (anchor > operation::length_max || head > operation::length_max)
    return fail(errc::malformed_message, "a cursor out of range");
  const cursor made{static_cast<std::size_t>(anchor), static_cast<std::size_t>(head)};
  if (encoded_size(made) != encoded.size())
    return fail(errc::malformed_message, "a cursor with a number that is not in its shortest form");
  return made;
}

}  // namespace quire::actors::types::text
