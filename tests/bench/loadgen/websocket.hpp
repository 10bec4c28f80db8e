#pragma once

#include "protocol/bytes.hpp"
#include "protocol/websocket/opcode.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// As much of WebSocket (RFC 6455) as a client needs that trusts its server.
namespace quire::bench::websocket {

using quire::websocket::opcode;

/// One whole frame, its payload where it was received.
struct frame {
  websocket::opcode opcode = opcode::binary;
  bytes_view payload;
};

enum class parsing : std::uint8_t {
  whole,       ///< A frame was taken off.
  incomplete,  ///< More bytes are needed.
  foreign,     ///< Masked, fragmented or with reserved bits: not what a server may send here.
};

/// The request that asks for an upgrade; `subprotocol` may be empty.
[[nodiscard]] std::string upgrade_request(std::string_view host, std::string_view path, std::string_view subprotocol);

/// How many bytes the server's agreement to `upgrade_request` takes: 0 while it is not all there, nothing if it is
/// not an agreement.
[[nodiscard]] std::optional<std::size_t> upgrade_bytes(std::string_view received);

/// Takes the first frame off `data`.
[[nodiscard]] parsing take_frame(bytes_view& data, frame& out) noexcept;

/// Appends a frame as a client sends it. The mask is zero, which costs nothing and is a mask like any other.
void put_client_frame(bytes& out, opcode kind, bytes_view payload);

}  // namespace quire::bench::websocket
