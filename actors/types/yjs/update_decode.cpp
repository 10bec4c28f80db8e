#include "actors/types/utf8.hpp"
#include "actors/types/yjs/any.hpp"
#include "actors/types/yjs/json_text.hpp"
#include "actors/types/yjs/update.hpp"

#include <algorithm>
#include <functional>
#include <string>

namespace quire::actors::types::yjs {

namespace {

constexpr std::uint8_t kind_bits = 0x1F;
/// What of an update's room is kept for the next, in structs, blocks and deletions.
constexpr std::size_t kept_max = 256;

constexpr std::uint8_t key_bit = 0x20;
constexpr std::uint8_t right_origin_bit = 0x40;
constexpr std::uint8_t origin_bit = 0x80;
constexpr std::uint64_t type_ref_max = static_cast<std::uint64_t>(type_ref::xml_text);

id read_id(lib0::reader& from) noexcept {
  const std::uint64_t client = from.var_uint();
  return {client, from.var_uint()};
}

void read_json(lib0::reader& from) noexcept {
  if (!is_json(from.text()) && from.is_good())
    from.refuse("a text that is not JSON");
}

void read_elements(lib0::reader& from, update_struct& into) noexcept {
  const std::uint64_t count = from.count();
  const std::size_t begin = from.position();
  for (std::uint64_t i = 0; i < count && from.is_good(); ++i) {
    if (into.kind == content_kind::any) {
      skip_any(from);
      continue;
    }
    const std::string_view element = from.text();
    if (element != "undefined" && !is_json(element) && from.is_good())
      from.refuse("an element that is not JSON");
  }
  into.length = static_cast<std::uint32_t>(std::min<std::uint64_t>(count, run_length_max));
  into.content = as_text(from.since(begin));
}

void read_run_length(lib0::reader& from, update_struct& into) noexcept {
  const std::uint64_t length = from.var_uint();
  if (length > run_length_max)
    from.refuse("a run that is too long");
  into.length = static_cast<std::uint32_t>(length);
}

/// A subdocument is a name and its options: peers spread these over the options that they have.
void read_subdocument(lib0::reader& from, update_struct& into) noexcept {
  const std::size_t begin = from.position();
  static_cast<void>(from.text());
  lib0::reader options(from.rest());
  skip_any(from);
  if (options.octet() != static_cast<std::uint8_t>(any_tag::object))
    from.refuse("a subdocument without options");
  for (std::uint64_t i = 0, count = options.count(2); i < count && options.is_good(); ++i) {
    const std::string_view name = options.text();
    if (name == "guid" || name == "gcFilter")
      from.refuse("a subdocument with an option that is no option");
    skip_any(options);
  }
  into.content = as_text(from.since(begin));
}

void read_type(lib0::reader& from, update_struct& into) noexcept {
  const std::uint64_t ref = from.var_uint();
  if (ref > type_ref_max)
    from.refuse("a type that there is not");
  into.type = static_cast<type_ref>(ref);
  if (into.type == type_ref::xml_element || into.type == type_ref::xml_hook)
    into.content = read_key(from);
}

void read_content(lib0::reader& from, update_struct& into) noexcept {
  into.length = 1;
  const std::size_t begin = from.position();
  switch (into.kind) {
    case content_kind::deleted: return read_run_length(from, into);
    case content_kind::json:
    case content_kind::any: return read_elements(from, into);
    case content_kind::octets: into.content = as_text(from.octets()); return;
    case content_kind::text: {
      into.content = from.text();
      const std::size_t units = utf8::count_utf16_units(into.content);
      if (units > run_length_max)
        from.refuse("a text that is too long");
      into.length = static_cast<std::uint32_t>(units);
      return;
    }
    case content_kind::embed:
      read_json(from);
      if (from.is_good()) {
        lib0::reader again(from.since(begin));
        into.content = as_text(again.octets());
      }
      return;
    case content_kind::format:
      static_cast<void>(read_key(from));
      read_json(from);
      into.content = as_text(from.since(begin));
      return;
    case content_kind::type: return read_type(from, into);
    case content_kind::subdocument: return read_subdocument(from, into);
    default: from.refuse("a kind of struct that there is not");
  }
}

void read_parent(lib0::reader& from, update_struct& into) noexcept {
  switch (from.var_uint()) {
    case 0:
      into.parent = parent_form::item;
      into.parent_item = read_id(from);
      break;
    case 1:
      into.parent = parent_form::root;
      into.root = read_key(from);
      break;
    default: from.refuse("a parent that is neither a root nor an item");
  }
  if (into.has_key)
    into.key = read_key(from);
}

bool is_later(const id& named, std::uint64_t client, std::uint64_t clock) noexcept {
  return named.client == client && named.clock >= clock;
}

void read_item(lib0::reader& from, std::uint64_t client, std::uint8_t info, update_struct& into) noexcept {
  into.has_origin = (info & origin_bit) != 0;
  into.has_right_origin = (info & right_origin_bit) != 0;
  into.has_key = (info & key_bit) != 0;
  if (into.has_origin)
    into.origin = read_id(from);
  if (into.has_right_origin)
    into.right_origin = read_id(from);
  if (!into.has_origin && !into.has_right_origin)
    read_parent(from, into);
  read_content(from, into);
  if ((into.has_origin && is_later(into.origin, client, into.clock)) ||
      (into.has_right_origin && is_later(into.right_origin, client, into.clock)) ||
      (into.parent == parent_form::item && is_later(into.parent_item, client, into.clock)))
    from.refuse("a struct that refers to its own future");
}

void read_block(lib0::reader& from, std::size_t structs_max, update& into) {
  const std::uint64_t count = from.count(2);
  update_block block{from.var_uint(), into.structs.size(), 0};
  std::uint64_t clock = from.var_uint();
  if (count > structs_max - std::min(structs_max, into.structs.size()))
    return from.refuse("too many structs");
  constexpr std::size_t usual_bytes = 8;
  const std::size_t expected = std::min(static_cast<std::size_t>(count), from.rest().size() / usual_bytes);
  // By doubling: many blocks of few structs would else move all the others each time.
  if (const auto room = into.structs.size() + expected; room > into.structs.capacity())
    into.structs.reserve(std::max(room, 2 * into.structs.capacity()));
  for (std::uint64_t i = 0; i < count && from.is_good(); ++i) {
    if (!from.rest().empty() && from.rest()[0] == std::byte(content_kind::skip)) {
      static_cast<void>(from.octet());
      clock += from.var_uint();
    } else {
      auto& next = into.structs.emplace_back();
      decode_struct(from, block.client, clock, next);
      ++block.count;
      clock += next.length;
    }
    if (clock > lib0::number_max)
      from.refuse("a clock past 2^53 - 1");
  }
  into.blocks.push_back(block);
}

void read_deletes(lib0::reader& from, update& into) {
  const std::uint64_t clients = from.count(2);
  for (std::uint64_t i = 0; i < clients && from.is_good(); ++i) {
    const std::uint64_t client = from.var_uint();
    const std::uint64_t ranges = from.count(2);
    for (std::uint64_t range = 0; range < ranges && from.is_good(); ++range) {
      const std::uint64_t clock = from.var_uint();
      const std::uint64_t length = from.var_uint();
      if (length == 0 || clock + length > lib0::number_max)
        from.refuse("an empty deletion, or one past 2^53 - 1");
      into.deletes.push_back({client, clock, length});
    }
  }
  sort_and_join(into.deletes);
}

}  // namespace

void update::clear() noexcept {
  blocks.clear();
  structs.clear();
  deletes.clear();
  if (structs.capacity() + blocks.capacity() + deletes.capacity() > kept_max)
    *this = update{};
}

void decode_struct(lib0::reader& from, std::uint64_t client, std::uint64_t clock, update_struct& into) noexcept {
  const std::uint8_t info = from.octet();
  into.clock = clock;
  into.kind = static_cast<content_kind>(info & kind_bits);
  if (info == static_cast<std::uint8_t>(content_kind::collected))
    read_run_length(from, into);
  else if (into.kind == content_kind::collected || into.kind == content_kind::skip)
    from.refuse("a run of nothing with the head of an item");
  else
    read_item(from, client, info, into);
  if (into.length == 0)
    from.refuse("an empty struct");
}

result<void> decode_update(bytes_view encoded, const update_limits& limits, update& into) {
  into.clear();
  if (encoded.size() > limits.bytes_max)
    return fail(errc::operation_too_large, "an update of " + std::to_string(encoded.size()) + " bytes");
  lib0::reader from(encoded);
  const std::uint64_t blocks = from.count(3);
  for (std::uint64_t i = 0; i < blocks && from.is_good(); ++i)
    read_block(from, limits.structs_max, into);
  if (from.is_good())
    read_deletes(from, into);
  if (!from.is_good())
    return fail(errc::malformed_operation, std::string("byte ") + std::to_string(from.position()) + ": " + from.why());
  if (!from.rest().empty())
    return fail(errc::malformed_operation, "bytes after the end");
  std::ranges::sort(into.blocks, std::greater<>(), &update_block::client);
  if (std::ranges::adjacent_find(into.blocks, std::equal_to<>(), &update_block::client) != into.blocks.end())
    return fail(errc::malformed_operation, "a client twice");
  return {};
}

}  // namespace quire::actors::types::yjs
