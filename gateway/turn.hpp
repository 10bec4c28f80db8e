#pragma once

#include "gateway/net.hpp"
#include "gateway/relay_lane.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace quire::gateway {

class sender;

/// What a turn did, for the metrics: they are told once a turn.
struct turn_counts {
  std::size_t bytes_received = 0;
  std::size_t bytes_sent = 0;
  std::size_t frames_received = 0;
  std::size_t edits_received = 0;
  std::size_t deliveries = 0;
  std::ptrdiff_t queued_bytes = 0;  ///< What came to the send queues, less what left them.
};

/// One turn of an I/O thread's loop: all that was ready. What it brings for a relay goes there as one message, and
/// each connection that has something to send does so once, both at the turn's end.
/// Affinity: its I/O thread.
class turn {
 public:
  /// The time when it was first asked for in this turn: exact enough for every bound here.
  [[nodiscard]] steady_clock::time_point now() noexcept;
  [[nodiscard]] turn_counts& counts() noexcept { return counts_; }

  /// Takes what a connection sent for a document.
  void add(const std::shared_ptr<relay_lane>& lane, actors::session_item item);
  /// Hands over what a lane holds now rather than at the turn's end: something that must come after it is about to go.
  void hand_over(relay_lane& lane);

  void flush_at_end(std::shared_ptr<sender> dirty);

  /// Hands over, then flushes. Returns what the turn did.
  turn_counts end();

 private:
  std::optional<steady_clock::time_point> now_;
  turn_counts counts_;
  std::vector<std::shared_ptr<relay_lane>> lanes_;
  std::vector<std::shared_ptr<sender>> dirty_;
};

}  // namespace quire::gateway
