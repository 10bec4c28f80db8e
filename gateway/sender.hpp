#pragma once

#include "gateway/send_queue.hpp"
#include "gateway/transport.hpp"
#include "gateway/turn.hpp"

#include <functional>
#include <memory>

namespace quire::gateway {

/// Writes one connection's queue to its transport: at the end of each turn all that waits goes out in one send, and
/// what comes while the socket is full goes out together when it is not.
/// Affinity: the connection's I/O thread.
class sender : public std::enable_shared_from_this<sender> {
 public:
  sender(transport over, turn& now);

  [[nodiscard]] transport& over() noexcept { return over_; }
  [[nodiscard]] send_queue& queue() noexcept { return queue_; }

  /// Queues a frame, or bytes that need no header, for the turn's end.
  void push(const websocket::frame_header& header, shared_bytes payload, frame_kind kind);

  /// Sends what waits, unless a send is under way. The turn calls it.
  void flush();

  /// Calls `then` when nothing waits any more; never if it breaks first. The last one counts.
  void when_drained(std::function<void()> then);

  /// The transport failed or was aborted: nothing goes out any more.
  [[nodiscard]] bool is_broken() const noexcept { return is_broken_; }

  /// Closes the transport and gives up what waits.
  void abort();

 private:
  void mark();
  void flush_plain();
  [[nodiscard]] ssize_t send_some();
  void flush_tls();
  void wait_for_room();
  void account(std::size_t count);
  void report();
  void fail();
  void tell_if_drained();

  transport over_;
  turn& turn_;
  send_queue queue_;
  std::size_t reported_bytes_ = 0;  // of what waits
  bytes ciphered_;                  // over TLS: what one write carries, while it is under way
  std::function<void()> when_drained_;
  bool is_marked_ = false;
  bool is_writing_ = false;  // a write, or a wait for room, is under way
  bool is_broken_ = false;
};

}  // namespace quire::gateway
