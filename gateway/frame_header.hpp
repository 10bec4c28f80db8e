#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace quire::gateway {

/// The head of an unfragmented, unmasked binary WebSocket frame: what a server sends before `payload` bytes.
/// Source: RFC 6455, section 5.2.
class frame_header {
 public:
  /// No header: for bytes that are framed already.
  frame_header() noexcept = default;
  explicit frame_header(std::size_t payload_bytes) noexcept;

  [[nodiscard]] std::span<const std::byte> view() const noexcept { return {octets_.data(), size_}; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  std::array<std::byte, 10> octets_{};
  std::uint8_t size_ = 0;
};

}  // namespace quire::gateway
