#pragma once

#include "protocol/bytes.hpp"

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

namespace quire::actors::types::yjs {

/// Names one unit of content for good: who made it, and how many units they had made before.
struct id {
  std::uint64_t client = 0;
  std::uint64_t clock = 0;

  friend auto operator<=>(const id&, const id&) noexcept = default;
};

/// Units of one client that follow each other.
struct id_range {
  std::uint64_t client = 0;
  std::uint64_t clock = 0;
  std::uint64_t length = 0;

  [[nodiscard]] std::uint64_t end() const noexcept { return clock + length; }

  friend bool operator==(const id_range&, const id_range&) noexcept = default;
};

/// Sorts ranges as they are written, clients descending and clocks ascending, and joins those that touch or overlap.
void sort_and_join(std::vector<id_range>& ranges);

/// Appends a delete set. `ranges` must be sorted and joined.
void write_delete_set(std::span<const id_range> ranges, bytes& out);

}  // namespace quire::actors::types::yjs
