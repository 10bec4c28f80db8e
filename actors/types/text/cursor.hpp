#pragma once

#include "protocol/bytes.hpp"
#include "protocol/result.hpp"

namespace quire::actors::types::text {

/// Errors: malformed_message if it is not a cursor.
[[nodiscard]] result<void> check_cursor(bytes_view cursor);

/// Where a cursor is after an operation. Its owner's own leaves it at the end of what was changed last.
[[nodiscard]] bytes move_cursor(bytes_view cursor, bytes_view operation, bool is_own);

}  // namespace quire::actors::types::text
