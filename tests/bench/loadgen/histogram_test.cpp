#include "tests/bench/loadgen/histogram.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace quire::bench {
namespace {

using std::chrono::nanoseconds;

TEST(histogram, has_nothing_to_say_of_nothing) {
  const histogram empty;
  EXPECT_EQ(empty.count(), 0U);
  EXPECT_EQ(empty.max(), nanoseconds::zero());
  EXPECT_EQ(empty.percentile(0.5), nanoseconds::zero());
}

TEST(histogram, takes_a_negative_duration_for_none) {
  histogram times;
  times.record(nanoseconds(-5));
  EXPECT_EQ(times.count(), 1U);
  EXPECT_EQ(times.percentile(1), nanoseconds::zero());
}

TEST(histogram, holds_durations_beyond_its_last_bucket) {
  histogram times;
  times.record(std::chrono::hours(1));
  EXPECT_EQ(times.percentile(0.5), std::chrono::hours(1));
}

TEST(histogram, forgets_when_reset) {
  histogram times;
  times.record(nanoseconds(7));
  times.reset();
  EXPECT_EQ(times.count(), 0U);
  EXPECT_EQ(times.max(), nanoseconds::zero());
}

TEST(histogram, takes_no_rank_too_many_for_a_share_that_a_double_holds_inexactly) {
  histogram times;
  for (int each = 0; each < 25; ++each)
    times.record(nanoseconds(each));
  EXPECT_EQ(times.percentile(0.28), nanoseconds(6));
}

RC_GTEST_PROP(histogram, is_within_a_64th_of_the_exact_percentile, ()) {
  constexpr std::int64_t longest = std::int64_t{1} << 39;
  auto exact =
    *rc::gen::nonEmpty(rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, longest)));
  const auto percent = *rc::gen::inRange<std::size_t>(1, 101);
  histogram times;
  for (const auto each : exact)
    times.record(nanoseconds(each));
  std::ranges::sort(exact);

  const auto rank = (percent * exact.size() + 99) / 100;
  const auto found = times.percentile(static_cast<double>(percent) / 100).count();
  RC_ASSERT(found >= exact[rank - 1]);
  RC_ASSERT(found <= exact[rank - 1] + exact[rank - 1] / 64 + 1);
  RC_ASSERT(times.max().count() == exact.back());
}

}  // namespace
}  // namespace quire::bench
