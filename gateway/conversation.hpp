#pragma once

#include "actors/outlet.hpp"
#include "gateway/authenticator.hpp"
#include "gateway/net.hpp"
#include "protocol/bytes.hpp"
#include "protocol/result.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

namespace quire::gateway {

class connection;

/// What a connection and its client say to each other: a protocol over WebSocket. The connection has the frames, the
/// bounds and the clock; its conversation knows what a message means and how things are said.
/// Affinity: the connection's I/O thread.
class conversation {
 public:
  explicit conversation(connection& over) : over_(over) {}
  virtual ~conversation() = default;

  conversation(const conversation&) = delete;
  conversation& operator=(const conversation&) = delete;

  /// A larger WebSocket message is refused.
  [[nodiscard]] virtual std::size_t frame_bytes_max() const noexcept = 0;

  /// The answer to the upgrade is on its way.
  virtual void start() = 0;

  /// Takes what a WebSocket message brought off `unread`: until it is empty, or the connection may take no more for
  /// now. Called again with the rest then. `is_new`: the message begins here.
  virtual void take(bytes_view& unread, bool is_new) = 0;

  // What the engine brought; the connection has acted on it already.

  virtual void welcomed(const actors::connection_welcomed& one) = 0;
  virtual void begun(const actors::subscription_begun& one) = 0;
  virtual void ended(const actors::subscription_ended& one) = 0;
  virtual void failed(const actors::request_failed& one) = 0;
  /// Credit came back while nothing is read by this conversation's own wish.
  virtual void go_on() {}

  /// What it asked the authenticator is answered.
  virtual void authenticated(std::uint32_t /*ticket*/, const result<access>& /*given*/) {}

  // What the connection decided.

  /// Says what it can before the close frame, and returns the close frame's code.
  [[nodiscard]] virtual std::uint16_t say_farewell(errc code, std::string_view detail,
                                                   std::chrono::milliseconds retry) = 0;
  /// Called now and then while it is open: keeps it alive, and ends what lasts too long.
  virtual void check() = 0;
  /// The client does not read as fast as its documents change: their frames were dropped.
  virtual void overflowed() = 0;

 protected:
  connection& over_;
};

/// Makes a connection's conversation, in the connection's constructor.
using conversation_maker = std::function<std::unique_ptr<conversation>(connection&)>;

}  // namespace quire::gateway
