#pragma once

#include "storage/restorer.hpp"

#include <string>

namespace quire::storage {

/// How many appends are under way at once. docs/decisions/0060-how-postgresql-is-used.md says why two.
inline constexpr std::size_t postgresql_lanes = 2;

/// Opens a PostgreSQL database, and brings its schema to the newest version if it is older. One engine at a time.
/// Errors: invalid_configuration (address), store_unavailable, store_locked (another engine has it open),
/// schema_mismatch (newer, another program's, or a database that would lose edits).
[[nodiscard]] result<store> open_postgresql(const std::string& address, std::size_t lanes = postgresql_lanes);

/// Brings the schema to the newest version. Safe at any time, and by several at once.
[[nodiscard]] result<void> migrate_postgresql(const std::string& address);

/// The archive of such a database.
[[nodiscard]] result<std::unique_ptr<archive>> open_postgresql_archive(const std::string& address);

/// The restorer of such a database, which is given a schema first if it has none.
[[nodiscard]] result<std::unique_ptr<restorer>> open_postgresql_restorer(const std::string& address);

}  // namespace quire::storage
