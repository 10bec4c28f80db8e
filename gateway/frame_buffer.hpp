#pragma once

#include "protocol/bytes.hpp"

#include <array>
#include <cstddef>
#include <span>

namespace quire::gateway {

/// Where one connection's incoming frame is put together. An idle connection holds a small buffer, which most frames
/// fit in; what is longer gets one of its own, which is given up with the frame.
class frame_buffer {
 public:
  /// Where to read the next part to. `expected`: how much of the frame is still to come, as far as is known.
  [[nodiscard]] std::span<std::byte> room(std::size_t expected);
  /// So much of the room was filled.
  void filled(std::size_t count) noexcept { size_ += count; }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bytes_view view() const noexcept;
  /// Makes room for the next frame.
  void clear() noexcept;

 private:
  std::array<std::byte, 256> small_;
  bytes longer_;  // in use if not empty: then small_ is not
  std::size_t size_ = 0;
};

}  // namespace quire::gateway
