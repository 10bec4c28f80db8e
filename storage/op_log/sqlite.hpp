#pragma once

#include "storage/op_log.hpp"

#include <filesystem>
#include <string>

namespace quire::storage {

/// Opens or creates a store in an SQLite file, through the VFS of that name; an empty name is SQLite's own.
/// Errors: as `open_store`.
[[nodiscard]] result<store> open_sqlite(const std::filesystem::path& file, const std::string& vfs);

}  // namespace quire::storage
