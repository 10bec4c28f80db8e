#include "tests/bench/loadgen/websocket.hpp"

#include <array>

namespace quire::bench::websocket {

namespace {

// The key of RFC 6455's example with its answer: one pair is as good as any to see that the other side understood.
constexpr std::string_view key = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::string_view answer = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

constexpr std::uint8_t final_bit = 0x80;
constexpr std::uint8_t mask_bit = 0x80;
constexpr std::size_t short_max = 125;
constexpr std::size_t medium_max = 0xFFFF;
constexpr std::uint8_t medium_mark = 126;
constexpr std::uint8_t long_mark = 127;

std::uint64_t read_big_endian(bytes_view data) noexcept {
  std::uint64_t value = 0;
  for (const auto each : data)
    value = value << 8 | std::to_integer<std::uint64_t>(each);
  return value;
}

void put_big_endian(bytes& out, std::uint64_t value, unsigned width) {
  for (unsigned shift = width * 8; shift > 0; shift -= 8)
    out.push_back(static_cast<std::byte>(value >> (shift - 8)));
}

}  // namespace

std::string upgrade_request(std::string_view host, std::string_view path, std::string_view subprotocol) {
  std::string out;
  out.append("GET ").append(path).append(" HTTP/1.1\r\nHost: ").append(host);
  out.append("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ");
  out.append(key).append("\r\n");
  if (!subprotocol.empty())
    out.append("Sec-WebSocket-Protocol: ").append(subprotocol).append("\r\n");
  return out.append("\r\n");
}

std::optional<std::size_t> upgrade_bytes(std::string_view received) {
  constexpr std::string_view end = "\r\n\r\n";
  const auto found = received.find(end);
  if (found == std::string_view::npos)
    return 0;
  const auto head = received.substr(0, found);
  if (!head.starts_with("HTTP/1.1 101") || head.find(answer) == std::string_view::npos)
    return std::nullopt;
  return found + end.size();
}

parsing take_frame(bytes_view& data, frame& out) noexcept {
  constexpr std::size_t least = 2;
  if (data.size() < least)
    return parsing::incomplete;
  const auto first = std::to_integer<std::uint8_t>(data[0]);
  const auto second = std::to_integer<std::uint8_t>(data[1]);
  if ((first & 0xF0U) != final_bit || (second & mask_bit) != 0)
    return parsing::foreign;
  const std::size_t extra = second == medium_mark ? 2 : second == long_mark ? 8 : 0;
  if (data.size() < least + extra)
    return parsing::incomplete;
  const std::uint64_t size = extra == 0 ? second : read_big_endian(data.subspan(least, extra));
  const auto rest = data.subspan(least + extra);
  if (rest.size() < size)
    return parsing::incomplete;
  out = {static_cast<opcode>(first & 0x0FU), rest.first(static_cast<std::size_t>(size))};
  data = rest.subspan(static_cast<std::size_t>(size));
  return parsing::whole;
}

void put_client_frame(bytes& out, opcode kind, bytes_view payload) {
  constexpr std::array<std::byte, 4> no_mask{};
  out.push_back(static_cast<std::byte>(final_bit | static_cast<std::uint8_t>(kind)));
  if (payload.size() <= short_max) {
    out.push_back(static_cast<std::byte>(mask_bit | payload.size()));
  } else if (payload.size() <= medium_max) {
    out.push_back(static_cast<std::byte>(mask_bit | medium_mark));
    put_big_endian(out, payload.size(), 2);
  } else {
    out.push_back(static_cast<std::byte>(mask_bit | long_mark));
    put_big_endian(out, payload.size(), 8);
  }
  append(out, no_mask);
  append(out, payload);
}

}  // namespace quire::bench::websocket
