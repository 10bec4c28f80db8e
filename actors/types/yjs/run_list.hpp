#pragma once

#include "actors/types/yjs/item.hpp"

#include <vector>

namespace quire::actors::types::yjs {

/// The runs of one client in the order of their clocks, without gaps, in chunks: so that putting one between others
/// does not move all that follow.
class run_list {
 public:
  struct position {
    std::uint32_t chunk = 0;
    std::uint32_t slot = 0;

    friend bool operator==(const position&, const position&) noexcept = default;
  };

  [[nodiscard]] bool is_empty() const noexcept { return chunks_.empty(); }
  [[nodiscard]] item_handle operator[](position at) const noexcept { return chunks_[at.chunk][at.slot]; }
  [[nodiscard]] item_handle last() const noexcept { return chunks_.back().back(); }
  [[nodiscard]] position last_position() const noexcept {
    return {static_cast<std::uint32_t>(chunks_.size() - 1), static_cast<std::uint32_t>(chunks_.back().size() - 1)};
  }
  [[nodiscard]] bool is_first(position at) const noexcept { return at.chunk == 0 && at.slot == 0; }
  [[nodiscard]] bool is_last(position at) const noexcept { return at == last_position(); }
  [[nodiscard]] position next(position at) const noexcept {
    return at.slot + 1 < chunks_[at.chunk].size() ? position{at.chunk, at.slot + 1} : position{at.chunk + 1, 0};
  }
  [[nodiscard]] position previous(position at) const noexcept {
    if (at.slot > 0)
      return {at.chunk, at.slot - 1};
    return {at.chunk - 1, static_cast<std::uint32_t>(chunks_[at.chunk - 1].size() - 1)};
  }

  /// Where the run with that unit is, which must be there.
  /// Cost: constant where the last one was found and next to it, else logarithmic.
  [[nodiscard]] position find(std::uint64_t clock, const item_slab& items) const noexcept;

  void push_back(item_handle run);
  /// Cost: linear in a chunk and in the number of chunks.
  void insert_after(position at, item_handle run);
  /// Removes the runs after `from` up to and with `to`.
  void erase_after(position from, position to);

  /// How many there are from there on.  Cost: linear in the number of chunks.
  [[nodiscard]] std::size_t count_from(position at) const noexcept;
  [[nodiscard]] std::size_t memory() const noexcept;

 private:
  static constexpr std::size_t chunk_runs_max = 512;

  std::vector<std::vector<item_handle>> chunks_;  // none is empty
  mutable position hit_;                          // where the last search ended
};

}  // namespace quire::actors::types::yjs
