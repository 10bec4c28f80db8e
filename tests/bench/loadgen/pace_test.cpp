#include "tests/bench/loadgen/pace.hpp"

#include <gtest/gtest.h>

namespace quire::bench {
namespace {

using namespace std::chrono_literals;

constexpr instant begin{1h};

TEST(pace, sends_nothing_before_it_is_started) {
  pace writer(4);
  EXPECT_EQ(writer.next_to_send(begin), 0U);
  EXPECT_TRUE(writer.is_settled());
}

TEST(pace, fills_its_window_and_goes_on_with_each_answer) {
  pace writer(2);
  writer.start_closed_loop();
  EXPECT_EQ(writer.next_to_send(begin), 1U);
  EXPECT_EQ(writer.next_to_send(begin), 2U);
  EXPECT_EQ(writer.next_to_send(begin), 0U);
  EXPECT_TRUE(writer.answered(1));
  EXPECT_EQ(writer.next_to_send(begin + 5ms), 3U);
  EXPECT_EQ(writer.due(2), begin);
  EXPECT_EQ(writer.due(3), begin + 5ms);
}

TEST(pace, keeps_the_time_of_an_open_loop_however_late_it_is_asked) {
  pace writer(8);
  writer.start_open_loop(begin, 10ms);
  EXPECT_EQ(writer.next_to_send(begin - 1ms), 0U);
  EXPECT_EQ(writer.next_due(), begin);
  EXPECT_EQ(writer.next_to_send(begin + 25ms), 1U);
  EXPECT_EQ(writer.next_to_send(begin + 25ms), 2U);
  EXPECT_EQ(writer.next_to_send(begin + 25ms), 3U);
  EXPECT_EQ(writer.next_to_send(begin + 25ms), 0U);
  EXPECT_EQ(writer.due(3), begin + 20ms);
  EXPECT_EQ(writer.next_due(), begin + 30ms);
}

TEST(pace, counts_what_a_full_window_held_back_from_when_it_was_due) {
  pace writer(1);
  writer.start_open_loop(begin, 10ms);
  EXPECT_EQ(writer.next_to_send(begin), 1U);
  EXPECT_EQ(writer.next_to_send(begin + 50ms), 0U);
  EXPECT_EQ(writer.next_due(), instant::max());
  EXPECT_TRUE(writer.answered(1));
  EXPECT_EQ(writer.next_to_send(begin + 50ms), 2U);
  EXPECT_EQ(writer.due(2), begin + 10ms);
}

TEST(pace, refuses_an_answer_out_of_order) {
  pace writer(2);
  writer.start_closed_loop();
  EXPECT_EQ(writer.next_to_send(begin), 1U);
  EXPECT_EQ(writer.next_to_send(begin), 2U);
  EXPECT_FALSE(writer.answered(2));
}

TEST(pace, ends_at_its_number_of_edits_or_when_stopped) {
  pace counted(1, 1);
  counted.start_closed_loop();
  EXPECT_EQ(counted.next_to_send(begin), 1U);
  EXPECT_FALSE(counted.is_finished());
  EXPECT_TRUE(counted.answered(1));
  EXPECT_EQ(counted.next_to_send(begin), 0U);
  EXPECT_TRUE(counted.is_finished());

  pace stopped(1);
  stopped.start_open_loop(begin, 1ms);
  stopped.stop();
  EXPECT_EQ(stopped.next_to_send(begin), 0U);
  EXPECT_TRUE(stopped.is_finished());
}

}  // namespace
}  // namespace quire::bench
