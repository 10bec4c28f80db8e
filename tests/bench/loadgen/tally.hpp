#pragma once

#include "tests/bench/loadgen/histogram.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace quire::bench {

/// What is counted for a while.
struct measurements {
  std::uint64_t edits = 0;       ///< Come back to their authors.
  std::uint64_t deliveries = 0;  ///< Come to somebody else.
  histogram to_author;           ///< From when an edit was due until its author had it back.
  histogram to_others;           ///< The same until another had it.
  histogram to_open;             ///< From when a document was asked for until the answer that it is open.
};

/// What went wrong, once and for all.
class troubles {
 public:
  void add(std::string what) {
    constexpr std::size_t kept_max = 10;
    ++count_;
    if (first_.size() < kept_max)
      first_.push_back(std::move(what));
  }

  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  [[nodiscard]] bool is_empty() const noexcept { return count_ == 0; }
  /// The first few.
  [[nodiscard]] const std::vector<std::string>& first() const noexcept { return first_; }

 private:
  std::size_t count_ = 0;
  std::vector<std::string> first_;
};

/// What the clients of a load write down together.
struct tally {
  measurements counted;
  bench::troubles troubles;
};

}  // namespace quire::bench
