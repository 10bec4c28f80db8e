#pragma once

#include "actors/delivery.hpp"
#include "protocol/yjs/awareness.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace quire::actors {

/// Who is at a document by the word of Yjs providers: what each Yjs client says of itself. In memory only.
/// An entry belongs to the connection that brought its newest clock, and goes with it.
/// Bound: `limits::awareness_entries_max` clients that are here, together `limits::awareness_bytes_max` bytes; of as
/// many that left the clock is remembered, so that an echo does not bring them back. Source: y-protocols, awareness.js.
class awareness_board {
 public:
  /// Takes those entries that are newer than what is known: of a greater clock (unknown counts as 0), or gone at the
  /// same clock. Returns how many found no room, and are not shown.
  std::size_t update(connection_id from, std::span<const protocol::yjs::awareness_entry> entries);

  /// The connection ended: its clients are gone, at the clock they had, as their peers accept it.
  void leave(connection_id connection);

  // Views are good until the next call of `update` or `leave`.

  /// Everybody who is here.
  [[nodiscard]] std::vector<protocol::yjs::awareness_entry> everybody() const;

  /// What changed and was not taken yet, as it is now: at least one, further ones up to
  /// `limits::awareness_flush_bytes_max` bytes; the rest is for the next call.
  [[nodiscard]] std::vector<protocol::yjs::awareness_entry> take_changes();
  [[nodiscard]] bool has_changes() const noexcept { return !changed_.empty(); }

 private:
  struct client {
    std::uint64_t clock = 0;
    std::string state = {};     ///< JSON. Empty: gone.
    std::uint64_t gone_as = 0;  ///< Its number among the departures; 0: it is here.
    connection_id from = {};
  };

  [[nodiscard]] bool has_room(const client* before, std::size_t size) const noexcept;
  void set_here(connection_id from, const protocol::yjs::awareness_entry& entry);
  void set_gone(std::uint64_t which, client& one);
  void forget_oldest();
  [[nodiscard]] static protocol::yjs::awareness_entry entry_of(std::uint64_t which, const client& one) noexcept;

  std::map<std::uint64_t, client> clients_;
  std::map<std::uint64_t, std::uint64_t> gone_;  // those of them that are gone, in the order in which they went
  std::uint64_t departures_ = 0;
  std::size_t bytes_ = 0;  // of the states of those that are here
  std::set<std::uint64_t> changed_;
  std::uint64_t last_taken_ = 0;  // of those that changed: the next are above it, so that everybody has a turn
};

}  // namespace quire::actors
