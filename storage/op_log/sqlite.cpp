#include "storage/op_log/sqlite.hpp"

#include "storage/op_log/sqlite/archive.hpp"
#include "storage/op_log/sqlite/file_lock.hpp"
#include "storage/op_log/sqlite/reader.hpp"
#include "storage/op_log/sqlite/restorer.hpp"
#include "storage/op_log/sqlite/schema.hpp"
#include "storage/op_log/sqlite/writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <system_error>

namespace quire::storage {

namespace {

namespace fs = std::filesystem;

// SQLite syncs the directory for its own side files, but not for the database that it makes.
result<void> sync_directory(const fs::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool is_synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const auto reason = std::system_category().message(errno);
  if (descriptor >= 0)
    ::close(descriptor);
  if (!is_synced)
    return fail(errc::store_unavailable, reason);
  return {};
}

// The name by which the file is locked: one for all the ways that lead to it, and never one with a meaning to SQLite.
result<fs::path> true_path(const fs::path& file) {
  std::error_code failed;
  auto path = fs::weakly_canonical(fs::absolute(file, failed), failed);
  if (failed)
    return fail(errc::store_unavailable, failed.message());
  if (!fs::is_directory(path.parent_path(), failed))
    return fail(errc::store_unavailable, "there is no directory " + path.parent_path().string());
  if (fs::is_directory(path, failed))
    return fail(errc::store_unavailable, "it is a directory");
  return path;
}

// Of the newest version, and there to stay.
result<sqlite::connection> open_writing(const fs::path& path, const std::string& vfs) {
  auto writing = sqlite::connection::open(path, vfs);
  if (!writing)
    return writing;
  if (auto migrated = sqlite::migrate(*writing, sqlite::migrations()); !migrated)
    return tl::unexpected(migrated.error());
  if (auto synced = sync_directory(path.parent_path()); !synced)
    return tl::unexpected(synced.error());
  return writing;
}

result<store> open_locked(const fs::path& path, const std::string& vfs,
                          const std::shared_ptr<sqlite::file_lock>& lock) {
  auto writing = open_writing(path, vfs);
  if (!writing)
    return tl::unexpected(writing.error());

  auto reading = sqlite::connection::open(path, vfs);
  if (!reading)
    return tl::unexpected(reading.error());
  if (auto configured = sqlite::configure(*reading); !configured)
    return tl::unexpected(configured.error());
  if (auto restricted = reading->run("PRAGMA query_only = ON"); !restricted)
    return tl::unexpected(restricted.error());
  return store{std::make_unique<sqlite::writer>(std::move(*writing), lock),
               {},
               std::make_unique<sqlite::reader>(std::move(*reading), lock)};
}

}  // namespace

result<store> open_sqlite(const fs::path& file, const std::string& vfs) {
  if (!vfs.empty() && sqlite3_vfs_find(vfs.c_str()) == nullptr)
    return fail(errc::invalid_configuration, "no SQLite VFS is called " + vfs);
  const auto path = true_path(file);
  if (!path)
    return fail(path.error().code, file.string() + ": " + path.error().detail);
  const auto lock = sqlite::file_lock::take(*path);
  if (!lock)
    return tl::unexpected(lock.error());
  auto opened = open_locked(*path, vfs, *lock);
  if (!opened)
    return fail(opened.error().code, path->string() + ": " + opened.error().detail);
  return opened;
}

result<std::unique_ptr<archive>> open_sqlite_archive(const fs::path& file) {
  if (std::error_code failed; !fs::exists(file, failed))
    return fail(errc::store_unavailable, "there is no file " + file.string());
  auto reading = sqlite::connection::open(file, "");
  if (!reading)
    return tl::unexpected(reading.error());
  if (auto checked = sqlite::check_schema(*reading); !checked)
    return fail(checked.error().code, file.string() + ": " + checked.error().detail);
  if (auto restricted = reading->run("PRAGMA query_only = ON; PRAGMA busy_timeout = 5000"); !restricted)
    return tl::unexpected(restricted.error());
  return std::make_unique<sqlite::archive>(std::move(*reading));
}

result<std::unique_ptr<restorer>> open_sqlite_restorer(const fs::path& file) {
  const auto path = true_path(file);
  if (!path)
    return fail(path.error().code, file.string() + ": " + path.error().detail);
  const auto lock = sqlite::file_lock::take(*path);
  if (!lock)
    return tl::unexpected(lock.error());
  auto writing = open_writing(*path, "");
  if (!writing)
    return fail(writing.error().code, path->string() + ": " + writing.error().detail);
  return std::make_unique<sqlite::restorer>(std::move(*writing), *lock);
}

}  // namespace quire::storage
