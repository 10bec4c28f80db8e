#pragma once

#include "tests/bench/busy_documents.hpp"

#include <chrono>
#include <functional>
#include <span>
#include <vector>

namespace quire::bench {

/// Makes the edits of one commit durable.
using commit_function = std::function<void(std::span<const storage::append_request>)>;

/// What was written in a slice of time.
struct slice {
  double rows_per_s = 0;
  double p50_ms = 0;  ///< Of one commit.
  double p99_ms = 0;
};

/// Lets each of `lanes` commit for so long, on a thread of its own and all at once, `edits` a commit, each to documents
/// of its own. The first commit of each is not counted. Throws what they throw.
[[nodiscard]] slice measure(std::span<const commit_function> lanes, std::span<busy_documents> documents,
                            std::size_t edits, std::chrono::nanoseconds span);

}  // namespace quire::bench
