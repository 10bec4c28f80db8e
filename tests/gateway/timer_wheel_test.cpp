#include "gateway/timer_wheel.hpp"

#include <gtest/gtest.h>

namespace quire::gateway {

namespace {

using namespace std::chrono_literals;
using actors::connection_id;
using actors::connection_list;

}  // namespace

TEST(timer_wheel, one_is_named_when_its_time_has_come_and_not_before) {
  timer_wheel wheel(1s);
  wheel.schedule(connection_id(7), 3s);
  EXPECT_TRUE(wheel.advance().empty());
  EXPECT_TRUE(wheel.advance().empty());
  EXPECT_EQ(wheel.advance(), connection_list{connection_id(7)});
  EXPECT_TRUE(wheel.advance().empty());
}

TEST(timer_wheel, a_delay_shorter_than_a_tick_takes_one) {
  timer_wheel wheel(1s);
  wheel.schedule(connection_id(1), 0s);
  wheel.schedule(connection_id(2), 1ms);
  EXPECT_EQ(wheel.advance().size(), 2U);
}

TEST(timer_wheel, a_delay_longer_than_the_wheel_is_cut_to_it) {
  timer_wheel wheel(1s);
  wheel.schedule(connection_id(1), 1h);
  int ticks = 1;
  while (wheel.advance().empty())
    ++ticks;
  EXPECT_EQ(ticks, 31);
}

}  // namespace quire::gateway
