#pragma once

#include "protocol/bytes.hpp"
#include "protocol/dialect.hpp"
#include "protocol/names.hpp"
#include "protocol/yjs/messages.hpp"

#include <cstdint>
#include <string_view>

namespace quire::actors {

/// A message as a frame that providers of that dialect and label share.
[[nodiscard]] shared_bytes to_frame(const protocol::yjs::server_message& message, protocol::dialect dialect,
                                    std::string_view label);

/// The state of a presence entry by which the users of our own protocol see a provider's: docs/protocol.md.
/// Pre: fewer than 64 KiB.
[[nodiscard]] bytes to_presence_state(std::string_view awareness_state);

/// The client of such an entry: of the ids that are the server's.
[[nodiscard]] client_id to_presence_client(std::uint64_t yjs_client) noexcept;

}  // namespace quire::actors
