#pragma once

#include <cstdint>

namespace quire::websocket {

/// What a WebSocket frame is. Source: RFC 6455, section 5.2.
enum class opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

[[nodiscard]] constexpr bool is_control(opcode kind) noexcept {
  return static_cast<std::uint8_t>(kind) >= static_cast<std::uint8_t>(opcode::close);
}

}  // namespace quire::websocket
