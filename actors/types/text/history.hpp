#pragma once

#include "protocol/bytes.hpp"

#include <cstddef>
#include <vector>

namespace quire::actors::types::text {

/// The last operations, encoded, back to back: what late edits are rebased over.
class history {
 public:
  /// Keeps at most so many operations and bytes; older ones go first.
  history(std::size_t operations_max, std::size_t bytes_max) noexcept
    : operations_max_(operations_max), bytes_max_(bytes_max) {}

  void add(bytes_view encoded);

  [[nodiscard]] std::size_t size() const noexcept { return ends_.size() - dropped_; }
  /// From 0, the oldest.
  [[nodiscard]] bytes_view operator[](std::size_t index) const noexcept;

  /// What it holds altogether, about. Units: bytes.
  [[nodiscard]] std::size_t memory() const noexcept {
    return encoded_.capacity() + ends_.capacity() * sizeof(std::size_t);
  }

 private:
  [[nodiscard]] std::size_t start_of(std::size_t slot) const noexcept { return slot == 0 ? 0 : ends_[slot - 1]; }
  void sweep();

  // Fixed at start.
  std::size_t operations_max_;
  std::size_t bytes_max_;
  // Changes with every edit. The first `dropped_` are no longer there, and are swept when they are half of all.
  bytes encoded_;
  std::vector<std::size_t> ends_;
  std::size_t dropped_ = 0;
};

}  // namespace quire::actors::types::text
