#include "gateway/frame_buffer.hpp"

#include <algorithm>

namespace quire::gateway {

namespace {

/// One read at most: what a frame declares is not allocated before it comes.
constexpr std::size_t read_bytes_max = 64 * 1024;
constexpr std::size_t read_bytes_min = 1024;

}  // namespace

std::span<std::byte> frame_buffer::room(std::size_t expected) {
  if (size_ == 0)
    return small_;
  if (longer_.empty())
    longer_.assign(small_.begin(), small_.begin() + static_cast<std::ptrdiff_t>(size_));
  longer_.resize(size_ + std::clamp(expected, read_bytes_min, read_bytes_max));
  return std::span(longer_).subspan(size_);
}

bytes_view frame_buffer::view() const noexcept {
  return bytes_view(longer_.empty() ? bytes_view(small_) : bytes_view(longer_)).first(size_);
}

void frame_buffer::clear() noexcept {
  longer_ = bytes();  // gives the memory back, which clear() would not
  size_ = 0;
}

}  // namespace quire::gateway
