#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace quire::bench {

enum class load_kind : std::uint8_t {
  edits,   ///< Writers write, everybody receives.
  idle,    ///< Connections stand open and nobody writes.
  join,    ///< One document is written first; then all clients open it at once.
  reopen,  ///< Documents are written by one run. Another, after the server was started anew, opens them.
};

/// One load, as performance tables name it.
struct scenario {
  std::string_view name;
  load_kind kind = load_kind::edits;
  std::uint32_t documents = 1;
  std::uint32_t clients = 1;  ///< A document's.
  std::uint32_t writers = 0;  ///< A document's; they are among its clients.
  double rate = 0;           ///< Units: edits a second and writer. 0: closed loop, the next when the own one came back.
  std::uint32_t window = 1;  ///< A writer's edits under way.
  std::uint32_t history = 0;  ///< Edits of each document, written before the clients of a join or a reopening come.
  bool is_storm = false;      ///< All clients of a reopening come at once, not one after another.

  friend bool operator==(const scenario&, const scenario&) = default;
};

/// The standard set, S1 to S11.
[[nodiscard]] std::span<const scenario> standard_scenarios() noexcept;

/// The standard scenario of that name, or null.
[[nodiscard]] const scenario* find_scenario(std::string_view name) noexcept;

}  // namespace quire::bench
