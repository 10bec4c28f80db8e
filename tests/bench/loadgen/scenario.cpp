#include "tests/bench/loadgen/scenario.hpp"

#include <algorithm>
#include <array>

namespace quire::bench {

namespace {

/// An open loop keeps sending at its rate while answers are late; this is what the protocol lets be under way.
constexpr std::uint32_t open_loop_window = 32;

constexpr std::array table{
  scenario{.name = "S1", .clients = 2, .writers = 1},
  scenario{.name = "S2", .clients = 50, .writers = 5, .rate = 10, .window = open_loop_window},
  scenario{.name = "S3", .clients = 200, .writers = 1, .rate = 20, .window = open_loop_window},
  scenario{.name = "S4", .documents = 200, .clients = 3, .writers = 1, .rate = 2, .window = open_loop_window},
  scenario{.name = "S5", .documents = 20, .clients = 3, .writers = 3},
  scenario{.name = "S5b", .documents = 20, .clients = 3, .writers = 1},
  scenario{.name = "S6", .kind = load_kind::idle, .documents = 500, .clients = 4},
  scenario{.name = "S6b", .kind = load_kind::idle, .clients = 2'000},
  scenario{.name = "S7", .kind = load_kind::join, .clients = 500, .history = 100'000},
  scenario{.name = "S8", .clients = 200, .writers = 1},
  scenario{.name = "S9", .clients = 200, .writers = 16},
  scenario{.name = "S10", .kind = load_kind::reopen, .documents = 5, .clients = 1, .history = 100'000},
  scenario{
    .name = "S11", .kind = load_kind::reopen, .documents = 1'000, .clients = 1, .history = 200, .is_storm = true},
};

}  // namespace

std::span<const scenario> standard_scenarios() noexcept {
  return table;
}

const scenario* find_scenario(std::string_view name) noexcept {
  const auto found = std::ranges::find(table, name, &scenario::name);
  return found == table.end() ? nullptr : &*found;
}

}  // namespace quire::bench
