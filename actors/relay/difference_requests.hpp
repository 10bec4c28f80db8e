#pragma once

#include "actors/delivery.hpp"
#include "protocol/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

namespace quire::actors {

/// What providers lack and the document is asked for. Who lacks the same is answered with the same.
/// Law: an answer that comes has all that its asker missed before it was live: what the document sends comes in order.
/// Bound: one request a connection, the newest; `limits::differences_in_flight_max` of them with the document.
class difference_requests {
 public:
  struct asker {
    connection_id connection;
    bool asks_back = false;
  };
  struct request {
    std::uint64_t ticket = 0;
    bytes known;
  };

  void add(asker who, bytes known);
  void remove(connection_id connection);

  /// What may go to the document now; it counts as sent.
  [[nodiscard]] std::optional<request> next();

  /// The document answered: who asked.
  [[nodiscard]] std::vector<asker> settle(std::uint64_t ticket);

  /// The document is another one: everything goes again.
  void restart();

 private:
  struct entry {
    bytes known;
    std::vector<asker> askers = {};  ///< Also those that have asked for another since, or left.
    std::size_t waiting = 0;         ///< How many of them still wait for it.
    bool is_sent = false;
  };

  void forget(std::map<std::uint64_t, entry>::iterator unwanted);

  std::map<std::uint64_t, entry> entries_;                      // by ticket
  std::map<bytes, std::uint64_t> by_known_;                     // the tickets of all of them
  std::unordered_map<connection_id, std::uint64_t> waits_for_;  // a ticket
  std::size_t in_flight_ = 0;
  std::uint64_t last_ticket_ = 0;
};

}  // namespace quire::actors
