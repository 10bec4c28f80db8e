#include "actors/types/type_state.hpp"
#include "protocol/limits.hpp"

namespace quire::actors::types {

type_limits::type_limits() noexcept
  : operation_bytes_max(limits::operation_bytes_max),
    operation_parts_max(limits::operation_parts_max),
    update_bytes_max(limits::yjs_update_bytes_max),
    document_bytes_max(limits::document_bytes_max),
    rebase_steps_max(limits::rebase_steps_max),
    history_operations_max(limits::history_operations_max),
    history_bytes_max(limits::history_bytes_max) {}

}  // namespace quire::actors::types
