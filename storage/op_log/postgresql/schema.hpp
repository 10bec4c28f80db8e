#pragma once

#include "storage/op_log/postgresql/connection.hpp"

#include <span>
#include <string_view>

namespace quire::storage::postgresql {

/// The steps from an empty database to the present schema, in order. Each is one transaction.
[[nodiscard]] std::span<const std::string_view> migrations() noexcept;

/// Brings the schema to the newest version. Safe when several nodes do it at once: they take turns.
/// Errors: schema_mismatch (newer than this build, or another program's tables), store_unavailable.
[[nodiscard]] result<void> migrate(connection& db, std::span<const std::string_view> steps);

/// Errors: schema_mismatch if the schema is not the one that this build works with.
[[nodiscard]] result<void> check_schema(connection& db);

}  // namespace quire::storage::postgresql
