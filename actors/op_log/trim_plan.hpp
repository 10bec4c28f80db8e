#pragma once

#include "actors/replay.hpp"
#include "actors/retention.hpp"
#include "storage/op_log.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace quire::actors {

/// How a log is to be trimmed next: these snapshots are stored, read back and compared, and only then may it begin at
/// the floor.
struct trim_plan {
  revision floor;
  std::vector<storage::snapshot> wanted;         ///< Of the floor and of labels, as far as they are not there.
  std::vector<revision> relied_on;               ///< Labelled, with a snapshot already: it is to be read back.
  std::shared_ptr<const storage::replay> state;  ///< What the log leads to at the floor.
  bool has_more = false;                         ///< The policy asks for a higher floor; this is a step.
};

/// Decides. Only times of commits count: what is older than the age before the newest commit goes. The clock can only
/// keep more, where it says that it is earlier. A row is not older than any before it, so that what was committed under
/// a clock that was set back stays as long as what came before.
/// Errors: as the history's; precondition_failed if a snapshot that it began at was dropped meanwhile: the next trim
/// plans anew.
/// Cost: replays at most limits::trim_replay_operations_max operations for the floor, and as many for each of
/// limits::trim_labels_max labels. Blocks.
[[nodiscard]] result<std::optional<trim_plan>> plan_trim(storage::history& from, const storage::document_info& document,
                                                         const retention_policy& policy, std::size_t operations_min,
                                                         server_time now);

/// Reads back what the plan wanted to be stored, and compares it with what the log leads to.
/// Errors: document_damaged; precondition_failed if a snapshot was dropped meanwhile, because newer ones were stored;
/// as the history's. Blocks.
[[nodiscard]] result<void> check_stored(storage::history& from, const document_id& document, const trim_plan& plan);

/// A snapshot of a revision as the log leads to it from the snapshot before.
/// Errors: too_costly; as the history's. Blocks.
[[nodiscard]] result<std::shared_ptr<const document_replay>> replay_to(storage::history& from,
                                                                       const storage::document_info& document,
                                                                       revision at);

}  // namespace quire::actors
