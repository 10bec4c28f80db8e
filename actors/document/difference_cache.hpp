#pragma once

#include "actors/types/type_state.hpp"

#include <cstddef>
#include <vector>

namespace quire::actors {

/// The differences that a document was asked for last: many who come at once mostly lack the same. Those of another
/// revision go when the next is asked for.
/// Bound: `limits::differences_kept_max` of them, together `limits::difference_cache_bytes_max` bytes; older ones go,
/// and a larger one is not kept.
class difference_cache {
 public:
  /// Null: not here.
  [[nodiscard]] types::shared_difference find(revision at, bytes_view known);

  void put(revision at, bytes_view known, types::shared_difference what);

 private:
  struct entry {
    bytes known;
    types::shared_difference what;

    [[nodiscard]] std::size_t size() const noexcept;
  };

  revision at_;
  std::vector<entry> entries_;  // invariant: all of `at_`, the oldest first
};

}  // namespace quire::actors
