#include "protocol/websocket/frame_header.hpp"

namespace quire::websocket {

namespace {

constexpr std::byte final_bit{0x80};
constexpr std::size_t length_in_16_bits = 126;
constexpr std::size_t length_in_64_bits = 127;

}  // namespace

frame_header::frame_header(std::size_t payload_bytes, opcode kind) noexcept {
  octets_[0] = final_bit | static_cast<std::byte>(kind);
  std::size_t length_bytes = 0;
  if (payload_bytes < length_in_16_bits) {
    octets_[1] = static_cast<std::byte>(payload_bytes);
  } else if (payload_bytes <= 0xFFFF) {
    octets_[1] = static_cast<std::byte>(length_in_16_bits);
    length_bytes = 2;
  } else {
    octets_[1] = static_cast<std::byte>(length_in_64_bits);
    length_bytes = 8;
  }
  for (std::size_t at = 0; at < length_bytes; ++at)
    octets_[2 + at] = static_cast<std::byte>(payload_bytes >> (8 * (length_bytes - 1 - at)));
  size_ = static_cast<std::uint8_t>(2 + length_bytes);
}

}  // namespace quire::websocket
