#pragma once

#include <cstdint>

/// The numbers that name messages on the wire.
namespace quire::protocol::yjs {

enum class message_type : std::uint8_t {
  sync = 0,
  awareness = 1,
  auth = 2,
  query_awareness = 3,
  // From here on Hocuspocus alone.
  sync_reply = 4,
  stateless = 5,
  stateless_broadcast = 6,
  close = 7,
  sync_status = 8,
  ping = 9,
  pong = 10,
};

enum class sync_type : std::uint8_t { step_1 = 0, step_2 = 1, update = 2 };

enum class auth_type : std::uint8_t { token = 0, permission_denied = 1, authenticated = 2 };

}  // namespace quire::protocol::yjs
