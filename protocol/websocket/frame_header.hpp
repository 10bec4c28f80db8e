#pragma once

#include "protocol/websocket/opcode.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace quire::websocket {

/// The head of an unfragmented, unmasked WebSocket frame: what a server sends before `payload_bytes` of payload.
/// Source: RFC 6455, section 5.2.
class frame_header {
 public:
  explicit frame_header(std::size_t payload_bytes, opcode kind = opcode::binary) noexcept;

  /// For bytes that are no frame.
  [[nodiscard]] static frame_header none() noexcept { return {}; }

  [[nodiscard]] std::span<const std::byte> view() const noexcept { return {octets_.data(), size_}; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  frame_header() noexcept = default;

  std::array<std::byte, 10> octets_{};
  std::uint8_t size_ = 0;
};

}  // namespace quire::websocket
