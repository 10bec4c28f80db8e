#pragma once

#include <cstdint>

namespace quire::protocol {

/// What a connection speaks.
enum class dialect : std::uint8_t {
  quire,        ///< Our own protocol: docs/protocol.md.
  y_websocket,  ///< A Yjs provider's; one document a connection, which no message names.
  hocuspocus,   ///< A Yjs provider's; a name, the label, before each message.
};

}  // namespace quire::protocol
