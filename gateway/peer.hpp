#pragma once

#include "actors/outlet.hpp"
#include "gateway/net.hpp"

namespace quire::gateway {

class connection;

/// Someone at the other end of an accepted socket: an HTTP session, and after the upgrade a connection.
/// Affinity: its I/O thread.
class peer {
 public:
  virtual ~peer() = default;

  /// Acts on whatever is overdue, and says after how long to look again.
  virtual steady_clock::duration check() = 0;
  /// The server stops: say so, and to come back after `retry`, and end.
  virtual void shut_down(std::chrono::milliseconds retry) = 0;
  /// Too many are without their request or hello: say so if there is a way to, and end now.
  virtual void make_room() = 0;
  /// End now, without a word.
  virtual void abort() = 0;
  /// This peer as a connection; null if it is none yet.
  virtual connection* as_connection() noexcept { return nullptr; }
};

}  // namespace quire::gateway
