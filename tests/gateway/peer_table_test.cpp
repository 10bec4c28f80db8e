#include "gateway/peer_table.hpp"

#include <gtest/gtest.h>

namespace quire::gateway {

namespace {

class somebody : public peer {
 public:
  steady_clock::duration check() override { return {}; }
  void shut_down(std::chrono::milliseconds) override {}
  void make_room() override {}
  void abort() override {}
};

}  // namespace

TEST(peer_table, an_id_of_somebody_who_ended_finds_nobody_even_when_the_place_is_taken_again) {
  peer_table table;
  const auto first = table.reserve();
  table.put(first, std::make_shared<somebody>());
  table.remove(first);
  const auto second = table.reserve();
  table.put(second, std::make_shared<somebody>());
  EXPECT_EQ(table.find(first), nullptr);
  EXPECT_NE(table.find(second), nullptr);
  table.remove(first);
  EXPECT_NE(table.find(second), nullptr);
}

TEST(peer_table, the_oldest_of_the_unfinished_is_the_one_that_came_first) {
  peer_table table;
  const auto first = table.reserve();
  const auto second = table.reserve();
  table.set_unfinished(second, true);
  table.set_unfinished(first, true);
  EXPECT_EQ(table.oldest_unfinished(), first);
  table.set_unfinished(first, false);
  EXPECT_EQ(table.oldest_unfinished(), second);
  EXPECT_EQ(table.unfinished(), 1U);
}

TEST(peer_table, it_is_empty_when_the_last_has_gone) {
  peer_table table;
  EXPECT_TRUE(table.empty());
  const auto one = table.reserve();
  table.put(one, std::make_shared<somebody>());
  EXPECT_FALSE(table.empty());
  EXPECT_EQ(table.all().size(), 1U);
  table.remove(one);
  EXPECT_TRUE(table.empty());
}

}  // namespace quire::gateway
