#pragma once

#include "protocol/bytes.hpp"

#include <string_view>

namespace quire::gateway::http {

/// Whether a Sec-WebSocket-Key is one: 16 octets in base64. Source: RFC 6455, section 4.2.1.
[[nodiscard]] bool is_websocket_key(std::string_view key) noexcept;

/// The whole answer to an upgrade that is accepted. `subprotocol`: the one that is spoken, of those that were offered;
/// empty: none was. Source: RFC 6455, section 4.2.2.
[[nodiscard]] shared_bytes switching_protocols(std::string_view key, std::string_view subprotocol);

}  // namespace quire::gateway::http
