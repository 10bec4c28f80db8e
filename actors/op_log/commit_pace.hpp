#pragma once

#include "protocol/limits.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace quire::actors {

/// What a commit takes on average, lately: a moving average in which each commit has a weight of an eighth.
/// A store that is slow is spared: less is sent to it at once, then nothing new is begun.
class commit_pace {
 public:
  void note(std::chrono::nanoseconds took, std::size_t operation_bytes) noexcept {
    const auto commits = std::max<std::size_t>(operation_bytes / limits::commit_bytes_max, 1);
    average_ += (took / static_cast<std::int64_t>(commits) - average_) / 8;
  }
  void forget() noexcept { average_ = {}; }

  [[nodiscard]] std::chrono::nanoseconds average() const noexcept { return average_; }
  [[nodiscard]] bool is_slow() const noexcept { return average_ > limits::commit_slow; }
  [[nodiscard]] bool is_too_slow() const noexcept { return average_ > limits::commit_too_slow; }

 private:
  std::chrono::nanoseconds average_{0};
};

}  // namespace quire::actors
