#include "tests/bench/loadgen/scenario.hpp"

#include <gtest/gtest.h>
#include <set>
#include <vector>

namespace quire::bench {
namespace {

TEST(scenarios, are_found_by_name) {
  ASSERT_NE(find_scenario("S5b"), nullptr);
  EXPECT_EQ(find_scenario("S5b")->name, "S5b");
  EXPECT_EQ(find_scenario("S0"), nullptr);
}

/// What docs/benchmarks.md says of each: documents × clients, writers, edits a second of each (0: the next when the own
/// one came back).
scenario writing(std::string_view name, std::uint32_t documents, std::uint32_t clients, std::uint32_t writers,
                 double rate) {
  scenario out{.name = name, .documents = documents, .clients = clients, .writers = writers, .rate = rate};
  out.window = rate > 0 ? 32 : 1;
  return out;
}

// Whoever changes a load compares its figures with those of another load: let it be on purpose.
TEST(scenarios, are_the_loads_that_the_page_of_figures_describes) {
  using enum load_kind;
  const std::vector<scenario> described{
    writing("S1", 1, 2, 1, 0),
    writing("S2", 1, 50, 5, 10),
    writing("S3", 1, 200, 1, 20),
    writing("S4", 200, 3, 1, 2),
    writing("S5", 20, 3, 3, 0),
    writing("S5b", 20, 3, 1, 0),
    {.name = "S6", .kind = idle, .documents = 500, .clients = 4},
    {.name = "S6b", .kind = idle, .documents = 1, .clients = 2'000},
    {.name = "S7", .kind = join, .documents = 1, .clients = 500, .history = 100'000},
    writing("S8", 1, 200, 1, 0),
    writing("S9", 1, 200, 16, 0),
    {.name = "S10", .kind = reopen, .documents = 5, .clients = 1, .history = 100'000},
    {.name = "S11", .kind = reopen, .documents = 1'000, .clients = 1, .history = 200, .is_storm = true},
  };
  ASSERT_EQ(standard_scenarios().size(), described.size());
  for (std::size_t index = 0; index < described.size(); ++index)
    EXPECT_EQ(standard_scenarios()[index], described[index]) << described[index].name;
}

TEST(scenarios, have_names_of_their_own) {
  std::set<std::string_view> names;
  for (const auto& each : standard_scenarios())
    EXPECT_TRUE(names.insert(each.name).second) << each.name;
}

TEST(scenarios, can_be_run) {
  for (const auto& each : standard_scenarios()) {
    EXPECT_GT(each.documents, 0U) << each.name;
    EXPECT_GE(each.clients, each.writers) << each.name;
    EXPECT_GE(each.window, 1U) << each.name;
    EXPECT_EQ(each.kind == load_kind::edits, each.writers > 0) << each.name;
    EXPECT_EQ(each.kind == load_kind::join || each.kind == load_kind::reopen, each.history > 0) << each.name;
  }
}

}  // namespace
}  // namespace quire::bench
