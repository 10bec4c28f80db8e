#pragma once

#include "actors/types/yjs/update.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace quire::actors::types::yjs {

/// Structs and deletions that wait for others that have not come. They count in no state vector, and are written in
/// full encodings, so that they are not lost.
class pending {
 public:
  /// A struct as bytes, for the update that it came in is gone.
  struct waiting_struct {
    std::uint32_t length = 0;
    std::string encoded;
  };
  using waiting_structs = std::map<std::uint64_t, waiting_struct>;  ///< By clock; some may overlap.

  [[nodiscard]] bool is_empty() const noexcept { return blocks_.empty() && deletes_.empty(); }
  /// What they take, about. Units: bytes.
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  /// What adding so much takes at most.
  [[nodiscard]] static std::size_t cost_of(std::size_t encoded_bytes, std::size_t structs,
                                           std::size_t ranges) noexcept {
    return encoded_bytes + (structs + ranges) * overhead;
  }

  void add(std::uint64_t client, const update_struct& what);
  void add_deletes(const id_range& range);
  /// Whether it waits already. Those of one client that were added together need not be told apart.
  [[nodiscard]] bool has(std::uint64_t client, std::uint64_t clock, std::uint64_t end) const noexcept;
  [[nodiscard]] bool has_deletes(const id_range& range) const noexcept;

  /// Says what the first struct of a client waits for.
  void wait(std::uint64_t client, const id& for_what);
  /// A client whose first struct waited for a unit of `of` below `next_clock`; it waits for nothing now.
  [[nodiscard]] std::optional<std::uint64_t> take_ready(std::uint64_t of, std::uint64_t next_clock);
  /// The first struct of a client, read into `into`; false if it has none.
  [[nodiscard]] bool first_of(std::uint64_t client, update_struct& into) const;
  void pop_first_of(std::uint64_t client);
  /// Takes the deletions of a client's units below `next_clock`.
  void take_deletes(std::uint64_t client, std::uint64_t next_clock, std::vector<id_range>& out);

  /// By descending client.
  [[nodiscard]] const std::map<std::uint64_t, waiting_structs, std::greater<>>& blocks() const noexcept {
    return blocks_;
  }
  [[nodiscard]] const std::map<id, std::uint64_t>& deletes() const noexcept { return deletes_; }

 private:
  void stop_waiting(std::uint64_t client);

  static constexpr std::size_t overhead = 96;  // of a node and its string

  std::map<std::uint64_t, waiting_structs, std::greater<>> blocks_;
  std::set<std::pair<id, std::uint64_t>> waits_;  // what is waited for, and who waits
  std::map<std::uint64_t, id> waited_for_;        // by who waits
  std::map<id, std::uint64_t> deletes_;           // lengths; sorted and joined
  std::size_t bytes_ = 0;
};

}  // namespace quire::actors::types::yjs
