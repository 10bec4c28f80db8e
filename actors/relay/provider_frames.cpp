#include "actors/relay/provider_frames.hpp"

#include <optional>

namespace quire::actors {

namespace {

// MessagePack: a map of one, whose key is a string of nine bytes.
constexpr std::string_view head =
  "\x81\xA9"
  "awareness";
constexpr std::uint8_t string_of_16_bits = 0xDA;

}  // namespace

shared_bytes to_frame(const protocol::yjs::server_message& message, protocol::dialect dialect, std::string_view label) {
  bytes out;
  protocol::yjs::encode(
    message, dialect == protocol::dialect::hocuspocus ? std::optional<std::string_view>(label) : std::nullopt, out);
  return share(std::move(out));
}

bytes to_presence_state(std::string_view awareness_state) {
  const auto size = awareness_state.size();
  bytes out;
  out.reserve(head.size() + 3 + size);
  append(out, as_bytes(head));
  for (const auto octet : {std::size_t{string_of_16_bits}, size >> 8U, size & 0xFFU})
    out.push_back(static_cast<std::byte>(octet));
  append(out, as_bytes(awareness_state));
  return out;
}

client_id to_presence_client(std::uint64_t yjs_client) noexcept {
  client_id client;
  for (std::size_t i = 0; i < 8; ++i)
    client.octets[15 - i] = static_cast<std::uint8_t>(yjs_client >> (8 * i));
  return client;
}

}  // namespace quire::actors
