#include "actors/types/yjs/content.hpp"

#include "actors/types/utf8.hpp"
#include "actors/types/yjs/any.hpp"

#include <algorithm>

namespace quire::actors::types::yjs {

namespace {

constexpr std::size_t block_bytes = 256;

/// The end of a stretch of whole characters, about `block_bytes` long, that begins at `at`.
std::size_t block_end(std::string_view text, std::size_t at) noexcept {
  std::size_t end = std::min(text.size(), at + block_bytes);
  while (end < text.size() && utf8::is_continuation(text[end]))
    ++end;
  return end;
}

cut_place cut_of_text(std::string_view text, std::uint32_t unit) noexcept {
  std::size_t at = 0;
  std::size_t left = unit;
  while (at < text.size()) {
    const std::size_t end = block_end(text, at);
    const std::size_t units = utf8::count_utf16_units(text.substr(at, end - at));
    if (units > left)
      break;
    left -= units;
    at = end;
  }
  while (left > 0) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t units = lead >= 0xF0U ? 2 : 1;
    if (units > left)
      return {at, true};
    left -= units;
    at += lead >= 0xF0U ? 4 : lead >= 0xE0U ? 3 : lead >= 0xC0U ? 2 : 1;
  }
  return {at, false};
}

content_head head_of_text(std::string_view text, std::size_t room) noexcept {
  std::size_t end = std::min(room, text.size());
  while (end > 0 && end < text.size() && utf8::is_continuation(text[end]))
    --end;
  if (end == 0)
    for (++end; end < text.size() && utf8::is_continuation(text[end]);)
      ++end;
  return {static_cast<std::uint32_t>(utf8::count_utf16_units(text.substr(0, end))), end};
}

void skip_element(content_kind kind, lib0::reader& from) noexcept {
  if (kind == content_kind::json)
    static_cast<void>(from.octets());
  else
    skip_any(from);
}

}  // namespace

cut_place cut_of(content_kind kind, std::string_view content, std::uint32_t length, std::uint32_t unit) noexcept {
  if (unit == 0 || unit == length)
    return {unit == 0 ? 0 : content.size(), false};
  if (kind == content_kind::text)
    return content.size() == length ? cut_place{unit, false} : cut_of_text(content, unit);
  lib0::reader from(as_bytes(content));
  for (std::uint32_t i = 0; i < unit; ++i)
    skip_element(kind, from);
  return {from.position(), false};
}

content_head head_within(content_kind kind, std::string_view content, std::size_t room) noexcept {
  if (content.empty())
    return {};
  if (kind == content_kind::text)
    return head_of_text(content, room);
  if (kind != content_kind::json && kind != content_kind::any)
    return {};
  content_head head;
  for (lib0::reader from(as_bytes(content)); !from.rest().empty(); ++head.units) {
    skip_element(kind, from);
    if (head.units > 0 && from.position() > room)
      break;
    head.bytes = from.position();
  }
  return head;
}

}  // namespace quire::actors::types::yjs
