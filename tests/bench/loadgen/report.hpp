#pragma once

#include "tests/bench/loadgen/scenario.hpp"
#include "tests/bench/loadgen/tally.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace quire::bench {

/// What the server's processes used, while it was measured.
struct server_usage {
  std::chrono::nanoseconds cpu{};
  std::optional<std::chrono::nanoseconds> store_cpu;  ///< Of the store's own processes, if it has any.
  std::uint64_t resident_before = 0;                  ///< Units: bytes. Before the first connection.
  std::uint64_t resident_opened = 0;                  ///< Of an idle load: each document open at its first client only.
  std::uint64_t resident_after = 0;                   ///< At the end of what is measured, all connections open.
};

/// What a run found.
struct report {
  scenario what;
  std::string_view protocol;
  measurements counts;
  bench::troubles troubles;
  /// A join's and a reopening's: from the first connect until the last client is in sync.
  std::chrono::nanoseconds measured{};
  std::chrono::nanoseconds load_cpu{};  ///< The load generator's own.
  std::optional<server_usage> server;   ///< Nothing: no process was named.

  [[nodiscard]] bool is_good() const noexcept { return troubles.is_empty(); }
};

/// For machines.
[[nodiscard]] std::string to_json(const report& found);
/// For people: a few lines.
[[nodiscard]] std::string to_text(const report& found);

}  // namespace quire::bench
