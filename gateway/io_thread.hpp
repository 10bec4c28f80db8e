#pragma once

#include "gateway/inbox.hpp"
#include "gateway/peer_table.hpp"
#include "gateway/relay_lane.hpp"
#include "gateway/services.hpp"
#include "gateway/timer_wheel.hpp"
#include "gateway/transport.hpp"
#include "gateway/turn.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>
#include <span>
#include <thread>

namespace quire::gateway {

/// For whom a listener is.
enum class audience : std::uint8_t { clients, operators };

/// A thread that serves sockets, and all that they share. Its loop runs what is ready and then ends the turn: what came
/// for each relay goes there as one message, and each connection that has something to send does so once.
/// Affinity: what is marked (any) may be called on any thread; the rest on this one.
class io_thread {
 public:
  explicit io_thread(services& shared);
  ~io_thread();

  io_thread(const io_thread&) = delete;
  io_thread& operator=(const io_thread&) = delete;

  /// (any) Starts the loop.
  void start();
  /// (any) Ends the loop, waits for it, and drops everyone who is still connected.
  void stop();

  /// (any)
  [[nodiscard]] net::io_context& context() noexcept { return context_; }
  /// (any) Begins to serve an accepted socket of this thread's context.
  void admit(transport accepted, audience for_whom);
  /// (any) Tells everyone that the server stops, and to come back after a random part of `spread`; calls `when_empty`
  /// once nobody is connected any more.
  void shut_down(std::chrono::milliseconds spread, std::function<void()> when_empty);

  /// What any peer may read into, for as long as its handler runs.
  [[nodiscard]] std::span<std::byte> receive_buffer() noexcept { return receive_buffer_; }

  [[nodiscard]] services& shared() noexcept { return shared_; }
  [[nodiscard]] turn& this_turn() noexcept { return turn_; }
  [[nodiscard]] peer_table& peers() noexcept { return peers_; }
  [[nodiscard]] relay_lanes& lanes() noexcept { return lanes_; }
  /// The way back to this thread, for whoever is on another.
  [[nodiscard]] const std::shared_ptr<gateway::inbox>& inbox() const noexcept { return inbox_; }

  /// Marks a peer as one without its request or hello, or with it. Over the bound the oldest such is ended.
  void set_unfinished(actors::connection_id who, bool is_unfinished);
  /// Looks at `who` after `delay`, and from then on as its `check` says.
  void check_after(actors::connection_id who, steady_clock::duration delay);
  /// A peer ended.
  void remove(actors::connection_id who);

 private:
  void run();
  void take(std::vector<inbox_item>& items);
  void take(actors::delivery& one);
  void take(actors::subscription_begun& one);
  void take(actors::subscription_ended& one);
  void take(actors::request_failed& one);
  void take(actors::connection_welcomed& one);
  void take(actors::connection_ended& one);
  void tell_if_empty();
  void arm();
  void sweep();

  services& shared_;
  net::io_context context_{1};
  net::executor_work_guard<net::io_context::executor_type> keep_running_;
  std::shared_ptr<gateway::inbox> inbox_;

  bytes receive_buffer_;
  turn turn_;
  relay_lanes lanes_;
  peer_table peers_;
  timer_wheel wheel_;
  net::steady_timer next_sweep_;
  bool is_armed_ = false;  // nothing ticks while nobody is connected
  std::function<void()> when_empty_;

  std::thread thread_;
};

}  // namespace quire::gateway
