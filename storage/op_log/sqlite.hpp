#pragma once

#include "storage/restorer.hpp"

#include <filesystem>
#include <string>

namespace quire::storage {

/// Opens or creates a store in an SQLite file, through the VFS of that name; an empty name is SQLite's own.
/// Errors: as `open_store`.
[[nodiscard]] result<store> open_sqlite(const std::filesystem::path& file, const std::string& vfs);

/// The archive of such a file, which an engine may have open meanwhile.
[[nodiscard]] result<std::unique_ptr<archive>> open_sqlite_archive(const std::filesystem::path& file);

/// The restorer of such a file, which nobody has open meanwhile. It is made if it is not there.
[[nodiscard]] result<std::unique_ptr<restorer>> open_sqlite_restorer(const std::filesystem::path& file);

}  // namespace quire::storage
