#pragma once

#include "actors/document/client_records.hpp"
#include "actors/types/type_state.hpp"
#include "storage/op_log.hpp"

namespace quire::actors {

/// A document as the store has it: what its snapshot says, and its log after that.
struct stored_state {
  types::state_ptr state;
  client_records clients;
};

/// The state at a snapshot; without one, before the first operation.
/// Errors: document_damaged, also for a form that this build does not know.
[[nodiscard]] result<stored_state> open_stored(const types::document_type& type,
                                               const std::optional<storage::snapshot>& newest,
                                               const types::type_limits& limits);

/// Applies the log's next row. Errors: document_damaged names the revision.
[[nodiscard]] result<void> replay_row(stored_state& onto, const types::document_type& type,
                                      const storage::log_entry& row);

}  // namespace quire::actors
