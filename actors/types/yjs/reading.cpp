#include "actors/types/yjs/reading.hpp"

#include "actors/types/yjs/json_text.hpp"
#include "protocol/lib0/reader.hpp"

#include <algorithm>

namespace quire::actors::types::yjs {

namespace {

bool is_xml(type_ref type) noexcept {
  return type == type_ref::xml_element || type == type_ref::xml_hook || type == type_ref::xml_text;
}

// The first bytes of surrogates' characters are the greatest, but their units are less than those from U+E000 on.
unsigned rank(char byte) noexcept {
  const auto value = static_cast<unsigned char>(byte);
  return value >= 0xF0U ? 0xEDU * 2 + 1 : value * 2U;
}

}  // namespace

type_ref guess_type(const store& content, const shared_type& root) noexcept {
  if (!root.entries().empty())
    return type_ref::map;
  for (item_handle at = root.first; at != none; at = content[at].right) {
    const item& run = content[at];
    if (run.is_deleted)
      continue;
    if (run.is_type())
      return is_xml(content.type(run.type()).ref) ? type_ref::xml_fragment : type_ref::array;
    const bool is_of_text =
      run.kind == content_kind::text || run.kind == content_kind::format || run.kind == content_kind::embed;
    return is_of_text ? type_ref::text : type_ref::array;
  }
  return type_ref::array;
}

void write_plain_text(const store& content, const shared_type& from, bytes& out) {
  for (item_handle at = from.first; at != none; at = content[at].right) {
    const item& run = content[at];
    if (run.kind == content_kind::text && !run.is_deleted)
      append(out, as_bytes(run.content()));
  }
}

void attributes::take(const item& format) {
  lib0::reader from(as_bytes(format.content()));
  const std::string_view key = from.text();
  const std::string_view value = from.text();
  const auto known = std::ranges::find(all_, key, [](const auto& each) { return each.first; });
  if (is_json_null(value)) {
    if (known != all_.end())
      all_.erase(known);
  } else if (known != all_.end()) {
    known->second = value;
  } else {
    all_.emplace_back(key, value);
  }
}

bool is_before_in_utf16(std::string_view a, std::string_view b) noexcept {
  const auto [in_a, in_b] = std::ranges::mismatch(a, b);
  if (in_a == a.end() || in_b == b.end())
    return in_a == a.end() && in_b != b.end();
  if (rank(*in_a) == rank(*in_b))
    return static_cast<unsigned char>(*in_a) < static_cast<unsigned char>(*in_b);
  return rank(*in_a) < rank(*in_b);
}

}  // namespace quire::actors::types::yjs
