#pragma once

#include "protocol/result.hpp"
#include "tests/bench/loadgen/channel.hpp"
#include "tests/bench/loadgen/report.hpp"
#include "tests/bench/loadgen/scenario.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <sys/types.h>
#include <vector>

namespace quire::bench {

enum class server_kind : std::uint8_t {
  quire,  ///< Protocol version 1.
  floor,  ///< A relay of tests/bench/floors: it keeps nothing, so it has no joins and nothing to be checked afterwards.
};

/// Of a reopening, which takes two runs with the server's restart between them.
enum class load_part : std::uint8_t { write, open };

struct run_options {
  endpoint server;
  server_kind kind = server_kind::quire;
  scenario what;
  std::chrono::milliseconds warming{500};  ///< Load that is not counted.
  std::chrono::milliseconds measured{2'000};
  std::uint32_t edits_each = 0;  ///< Instead of a time: each writer writes so many, and all of them count.
  std::vector<pid_t> processes;  ///< The server's.
  std::optional<pid_t> store;    ///< The parent of the store's processes, if it has any.
  load_part part = load_part::write;
  std::optional<std::uint64_t> number;  ///< Names the run's documents: both parts of a reopening have the same.
};

/// Puts a scenario's load on a server. What the server does wrong is in the report, as trouble.
/// Errors: internal, invalid_configuration: the load itself cannot run.
[[nodiscard]] result<report> run(const run_options& options);

}  // namespace quire::bench
