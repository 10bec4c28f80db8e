#pragma once

#include "tests/bench/loadgen/client.hpp"

#include <memory>
#include <queue>
#include <vector>

namespace quire::bench {

/// Clients on one thread, and the loop that turns their sockets and their timers.
class crowd {
 public:
  [[nodiscard]] static result<std::unique_ptr<crowd>> create(endpoint server, tally& counts);
  ~crowd();

  crowd(const crowd&) = delete;
  crowd& operator=(const crowd&) = delete;

  /// Adds a client, which is not connected yet.
  client& add(std::uint32_t author, std::unique_ptr<dialect> speech, ledger& shown);
  [[nodiscard]] const std::vector<std::unique_ptr<client>>& clients() const noexcept { return clients_; }

  /// Connects all that were added, a few at a time, and waits until they are ready. False: not before the deadline.
  [[nodiscard]] bool connect_all(instant deadline);
  /// Asks a client for what is due when it is due. For one whose pace is an open loop.
  void keep_time(client& writer);

  /// Turns until `is_done()`; it is asked after each turn. False: the deadline came first, or there was trouble.
  template <class Predicate>
  [[nodiscard]] bool turn_until(Predicate is_done, instant deadline) {
    while (!is_done()) {
      if (!tally_.troubles.is_empty() || clock::now() >= deadline)
        return false;
      turn(deadline);
    }
    return true;
  }
  /// Turns until then. False: there was trouble.
  [[nodiscard]] bool turn_for(clock::duration span);

 private:
  /// A writer and when to ask it again.
  struct appointment {
    instant when;
    client* writer;

    friend bool operator>(const appointment& a, const appointment& b) noexcept { return a.when > b.when; }
  };

  crowd(endpoint server, tally& counts, int epoll);
  void turn(instant deadline);
  void keep_appointments();
  [[nodiscard]] bool connect_more();
  [[nodiscard]] result<void> connect(client& next);

  // Fixed at start.
  endpoint server_;
  tally& tally_;
  int epoll_;

  // Changes with every turn.
  std::vector<std::unique_ptr<client>> clients_;
  std::size_t connected_ = 0;  ///< How many of them have begun to.
  std::priority_queue<appointment, std::vector<appointment>, std::greater<>> appointments_;
  bytes scratch_;
};

}  // namespace quire::bench
