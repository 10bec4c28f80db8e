#include "actors/types/yjs/content.hpp"
#include "actors/types/yjs/update.hpp"
#include "protocol/lib0/writer.hpp"

namespace quire::actors::types::yjs {

namespace {

constexpr unsigned key_bit = 0x20;
constexpr unsigned right_origin_bit = 0x40;
constexpr unsigned origin_bit = 0x80;

void write_id(const id& named, bytes& out) {
  lib0::write_var_uint(named.client, out);
  lib0::write_var_uint(named.clock, out);
}

void write_parent(const update_struct& what, bytes& out) {
  if (what.parent == parent_form::root) {
    lib0::write_var_uint(1, out);
    lib0::write_text(what.root, out);
  } else {
    lib0::write_var_uint(0, out);
    write_id(what.parent_item, out);
  }
  if (what.has_key)
    lib0::write_text(what.key, out);
}

void write_text_behind(const update_struct& what, std::uint32_t offset, bytes& out) {
  const auto cut = cut_of(what.kind, what.content, what.length, offset);
  if (!cut.is_in_character)
    return lib0::write_text(what.content.substr(cut.bytes), out);
  const std::string_view behind = what.content.substr(cut.bytes + 4);
  lib0::write_var_uint(half_character.size() + behind.size(), out);
  append(out, as_bytes(half_character));
  append(out, as_bytes(behind));
}

void write_content(const update_struct& what, std::uint32_t offset, bytes& out) {
  switch (what.kind) {
    case content_kind::deleted: return lib0::write_var_uint(what.length - offset, out);
    case content_kind::json:
    case content_kind::any:
      lib0::write_var_uint(what.length - offset, out);
      return append(out, as_bytes(what.content.substr(cut_of(what.kind, what.content, what.length, offset).bytes)));
    case content_kind::text: return write_text_behind(what, offset, out);
    case content_kind::octets:
    case content_kind::embed: return lib0::write_text(what.content, out);
    case content_kind::type:
      lib0::write_var_uint(static_cast<std::uint64_t>(what.type), out);
      if (what.type == type_ref::xml_element || what.type == type_ref::xml_hook)
        lib0::write_text(what.content, out);
      return;
    default: return append(out, as_bytes(what.content));
  }
}

}  // namespace

void encode_skip(std::uint64_t length, bytes& out) {
  lib0::write_octet(static_cast<std::uint8_t>(content_kind::skip), out);
  lib0::write_var_uint(length, out);
}

void encode_struct(const update_struct& what, std::uint64_t client, std::uint32_t offset, bytes& out) {
  if (what.kind == content_kind::collected) {
    lib0::write_octet(0, out);
    return lib0::write_var_uint(what.length - offset, out);
  }
  const bool has_origin = what.has_origin || offset > 0;
  const unsigned info = static_cast<unsigned>(what.kind) | (has_origin ? origin_bit : 0U) |
                        (what.has_right_origin ? right_origin_bit : 0U) | (what.has_key ? key_bit : 0U);
  lib0::write_octet(static_cast<std::uint8_t>(info), out);
  if (has_origin)
    write_id(offset > 0 ? id{client, what.clock + offset - 1} : what.origin, out);
  if (what.has_right_origin)
    write_id(what.right_origin, out);
  if (!has_origin && !what.has_right_origin)
    write_parent(what, out);
  write_content(what, offset, out);
}

}  // namespace quire::actors::types::yjs
