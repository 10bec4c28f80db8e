#include "actors/types/text/leaf.hpp"

#include "actors/types/utf8.hpp"

#include <cassert>
#include <cstring>

namespace quire::actors::types::text {

lengths<std::size_t> measure(std::string_view text) noexcept {
  const std::size_t code_points = utf8::count_code_points(text);
  const bool is_ascii = code_points == text.size();
  return {text.size(), code_points, is_ascii ? code_points : utf8::count_utf16_units(text)};
}

std::size_t leaf::offset_of(std::size_t code_point, const sizes& size) const noexcept {
  if (size.bytes == size.code_points)
    return code_point;
  if (code_point < gap_code_points_)
    return utf8::offset_of(front(), code_point);
  if (code_point == gap_code_points_)
    return gap_;
  return gap_ + utf8::offset_of(back(size), code_point - gap_code_points_);
}

void leaf::move_gap(std::size_t code_point, const sizes& size) noexcept {
  if (code_point == gap_code_points_)
    return;
  const std::size_t target = offset_of(code_point, size);
  const std::size_t gap_bytes = capacity - size.bytes;
  if (target < gap_)
    std::memmove(data_ + target + gap_bytes, data_ + target, gap_ - target);
  else
    std::memmove(data_ + gap_, data_ + gap_ + gap_bytes, target - gap_);
  gap_ = static_cast<std::uint16_t>(target);
  gap_code_points_ = static_cast<std::uint16_t>(code_point);
}

void leaf::insert(std::size_t code_point, std::string_view text, const sizes& text_size, sizes& size) noexcept {
  assert(size.bytes + text.size() <= capacity);
  move_gap(code_point, size);
  std::memcpy(data_ + gap_, text.data(), text.size());
  gap_ = static_cast<std::uint16_t>(gap_ + text_size.bytes);
  gap_code_points_ = static_cast<std::uint16_t>(gap_code_points_ + text_size.code_points);
  size += text_size;
}

void leaf::erase(std::size_t code_point, std::size_t count, sizes& size) noexcept {
  assert(code_point + count <= size.code_points);
  // The gap only grows when it lies within what is erased or at its edge, as when typing is taken back.
  if (gap_code_points_ < code_point)
    move_gap(code_point, size);
  else if (gap_code_points_ > code_point + count)
    move_gap(code_point + count, size);
  const std::size_t begin = offset_of(code_point, size);
  const std::size_t end = offset_of(code_point + count, size);
  sizes erased{static_cast<std::uint16_t>(end - begin), static_cast<std::uint16_t>(count),
               static_cast<std::uint16_t>(count)};
  if (size.bytes != size.code_points) {
    erased.utf16_units = static_cast<std::uint16_t>(utf8::count_utf16_units(front().substr(begin)) +
                                                    utf8::count_utf16_units(back(size).substr(0, end - gap_)));
  }
  gap_ = static_cast<std::uint16_t>(begin);
  gap_code_points_ = static_cast<std::uint16_t>(code_point);
  size -= erased;
}

}  // namespace quire::actors::types::text
