#pragma once

#include <string>
#include <string_view>

namespace quire::bench {

/// A request for an upgrade to WebSocket, as far as a floor reads it.
struct upgrade {
  std::string path;
  std::string reply;  ///< What agrees to it.
};

/// Reads a whole request head; an empty path if it asks for no upgrade.
[[nodiscard]] upgrade read_upgrade(std::string_view head);

}  // namespace quire::bench
