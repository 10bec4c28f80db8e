#pragma once

#include "storage/op_log/sqlite/connection.hpp"

#include <span>
#include <string_view>

namespace quire::storage::sqlite {

/// Tells a file of ours from another program's SQLite database: "Quir".
inline constexpr std::int64_t application_id = 0x51756972;

/// The statements that bring a file from each schema version to the next: the first makes version 1.
[[nodiscard]] std::span<const std::string_view> migrations() noexcept;

/// Brings a file to the newest version, one transaction a step, so that a crash leaves a whole version behind.
/// Errors: schema_mismatch if it is another program's, or newer than `steps`; it is then left as it was.
[[nodiscard]] result<void> migrate(connection& db, std::span<const std::string_view> steps);

/// Errors: schema_mismatch if the file is not of the version that this build works with.
[[nodiscard]] result<void> check_schema(connection& db);

/// Sets what a connection of ours needs. Only after `migrate` or in it: it makes the file one with a write-ahead log.
[[nodiscard]] result<void> configure(connection& db);

}  // namespace quire::storage::sqlite
