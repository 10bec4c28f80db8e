#pragma once

#include "actors/instruments.hpp"
#include "actors/messages.hpp"
#include "actors/op_log/executor.hpp"
#include "actors/retention.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <memory>

namespace quire::actors {

/// Who the op log works with.
struct op_log_surroundings {
  std::shared_ptr<storage::store> store;
  std::shared_ptr<executor> writer;  ///< Uses `store->log`.
  /// Each uses one of `store->lanes`. None if the store has none: appends then go to `store->log`, by `writer`.
  std::vector<std::shared_ptr<executor>> lanes;
  std::shared_ptr<executor> reader;  ///< Uses `store->history` and `more_history`: at most as many threads.
  instruments* watched = nullptr;
  types::type_limits types = {};  ///< Of past states.
  retention kept = {};
};

/// The OP LOG actor owns the order of commits: in each lane one is under way at a time, and what gathers meanwhile is
/// the next. A document is always in the same lane. The engine spawns it. Dying it would stop all writing, so nothing
/// in it throws; what it had not committed was shown to nobody. It never blocks: the store is used on the executors'
/// threads.
[[nodiscard]] op_log_actor::behavior_type op_log(op_log_actor::pointer self, op_log_surroundings around);

}  // namespace quire::actors
