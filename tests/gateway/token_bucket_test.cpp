#include "gateway/token_bucket.hpp"

#include <gtest/gtest.h>

namespace quire::gateway {

namespace {

using namespace std::chrono_literals;

const steady_clock::time_point start{};

}  // namespace

TEST(token_bucket, a_burst_goes_at_once_and_no_more) {
  token_bucket bucket(10, 3, start);
  EXPECT_TRUE(bucket.take(start));
  EXPECT_TRUE(bucket.take(start));
  EXPECT_TRUE(bucket.take(start));
  EXPECT_FALSE(bucket.take(start));
}

TEST(token_bucket, it_fills_at_its_rate_up_to_the_burst) {
  token_bucket bucket(10, 3, start);
  while (bucket.take(start)) {
  }
  EXPECT_FALSE(bucket.has_one(start + 99ms));
  EXPECT_TRUE(bucket.take(start + 100ms));
  EXPECT_FALSE(bucket.take(start + 100ms));
  int taken = 0;
  while (bucket.take(start + 1h))
    ++taken;
  EXPECT_EQ(taken, 3);
}

}  // namespace quire::gateway
