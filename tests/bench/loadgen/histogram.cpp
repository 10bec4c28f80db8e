#include "tests/bench/loadgen/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>

namespace quire::bench {

void histogram::record(std::chrono::nanoseconds duration) noexcept {
  const auto value = static_cast<std::uint64_t>(std::max<std::chrono::nanoseconds::rep>(duration.count(), 0));
  ++buckets_[bucket_of(value)];
  ++count_;
  max_ = std::max(max_, value);
}

void histogram::reset() noexcept {
  *this = histogram{};
}

std::chrono::nanoseconds histogram::percentile(double share) const noexcept {
  assert(share > 0 && share <= 1);
  // 0.28 * 25 is a little over 7: without the allowance the eighth of 25 would be taken for 28 per cent of them.
  const auto exact = share * static_cast<double>(count_);
  const auto wanted = static_cast<std::uint64_t>(std::ceil(exact * (1 - 1e-12)));
  std::uint64_t passed = 0;
  for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
    passed += buckets_[bucket];
    if (passed >= wanted && passed > 0)
      return std::chrono::nanoseconds(std::min(last_value_of(bucket), max_));
  }
  return std::chrono::nanoseconds::zero();
}

// Values below `steps` have a bucket each; above, every power of two is cut into `steps` equal ones.
std::size_t histogram::bucket_of(std::uint64_t value) noexcept {
  if (value < steps)
    return static_cast<std::size_t>(value);
  const auto shift = static_cast<unsigned>(std::bit_width(value)) - precision_bits - 1;
  const auto bucket = (std::size_t{shift} + 1) * steps + static_cast<std::size_t>((value >> shift) - steps);
  return std::min(bucket, bucket_count - 1);
}

std::uint64_t histogram::last_value_of(std::size_t bucket) noexcept {
  if (bucket < steps)
    return bucket;
  if (bucket == bucket_count - 1)
    return ~std::uint64_t{0};
  const auto shift = static_cast<unsigned>(bucket / steps - 1);
  return ((std::uint64_t{bucket % steps} + steps + 1) << shift) - 1;
}

}  // namespace quire::bench
