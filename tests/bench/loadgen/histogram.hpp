#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace quire::bench {

/// How many durations fell where. Buckets grow with what they hold, so that each is within 1/64 of its values.
class histogram {
 public:
  /// Counts one duration; a negative one counts as nothing at all.  Cost: constant, no allocation.
  void record(std::chrono::nanoseconds duration) noexcept;

  /// Forgets everything.
  void reset() noexcept;

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// Exact.
  [[nodiscard]] std::chrono::nanoseconds max() const noexcept { return std::chrono::nanoseconds(max_); }

  /// The least duration that `share` of all do not exceed, rounded up to its bucket's end.
  /// Range: share is within (0, 1]. Nothing counted: zero.
  [[nodiscard]] std::chrono::nanoseconds percentile(double share) const noexcept;

 private:
  static constexpr unsigned precision_bits = 6;
  static constexpr std::size_t steps = std::size_t{1} << precision_bits;
  /// Enough for 2^40 ns, about 18 minutes; longer ones share the last bucket.
  static constexpr std::size_t bucket_count = (40 - precision_bits + 1) * steps;

  [[nodiscard]] static std::size_t bucket_of(std::uint64_t value) noexcept;
  [[nodiscard]] static std::uint64_t last_value_of(std::size_t bucket) noexcept;

  std::array<std::uint64_t, bucket_count> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace quire::bench
