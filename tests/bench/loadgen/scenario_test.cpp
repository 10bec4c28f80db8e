#include "tests/bench/loadgen/scenario.hpp"

#include <gtest/gtest.h>
#include <set>

namespace quire::bench {
namespace {

TEST(scenarios, are_found_by_name) {
  ASSERT_NE(find_scenario("S5b"), nullptr);
  EXPECT_EQ(find_scenario("S5b")->documents, 20U);
  EXPECT_EQ(find_scenario("S5b")->writers, 1U);
  EXPECT_EQ(find_scenario("S0"), nullptr);
}

TEST(scenarios, have_names_of_their_own) {
  std::set<std::string_view> names;
  for (const auto& each : standard_scenarios())
    EXPECT_TRUE(names.insert(each.name).second) << each.name;
  EXPECT_EQ(names.size(), 11U);
}

TEST(scenarios, can_be_run) {
  for (const auto& each : standard_scenarios()) {
    EXPECT_GT(each.documents, 0U) << each.name;
    EXPECT_GE(each.clients, each.writers) << each.name;
    EXPECT_GE(each.window, 1U) << each.name;
    EXPECT_EQ(each.kind == load_kind::edits, each.writers > 0) << each.name;
    EXPECT_EQ(each.kind == load_kind::join, each.history > 0) << each.name;
  }
}

}  // namespace
}  // namespace quire::bench
