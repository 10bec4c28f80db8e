#include "storage/op_log/sqlite/connection.hpp"

#include "storage/op_log/sqlite/statement.hpp"

namespace quire::storage::sqlite {

errc meaning_of(int code) noexcept {
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE: return errc::already_exists;
    // A row stands where, by the document's head, none can be.
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: return errc::document_damaged;
    default: break;
  }
  switch (code & 0xFF) {
    case SQLITE_CORRUPT: return errc::document_damaged;
    case SQLITE_NOTADB: return errc::schema_mismatch;
    case SQLITE_BUSY:
    case SQLITE_CANTOPEN:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
    case SQLITE_PERM:
    case SQLITE_PROTOCOL:
    case SQLITE_READONLY: return errc::store_unavailable;
    default: return errc::internal;
  }
}

result<connection> connection::open(const std::filesystem::path& file, const std::string& vfs) {
  constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &opened, flags, vfs.empty() ? nullptr : vfs.c_str());
  connection made(opened);  // also after a failure there is something to close
  if (code != SQLITE_OK) {
    const auto what = opened == nullptr ? error{errc::store_unavailable, sqlite3_errstr(code)} : made.failure(code);
    return fail(what.code, file.string() + ": " + what.detail);
  }
  return made;
}

result<void> connection::run(const std::string& sql) {
  const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK)
    return tl::unexpected(failure(code));
  return {};
}

result<std::int64_t> connection::number(const std::string& sql) {
  statement asked(*this, sql);
  auto rows = asked.query();
  const auto row = rows.step();
  if (!row)
    return tl::unexpected(row.error());
  return *row ? rows.integer(0) : 0;
}

bool connection::has_certainly_failed() const noexcept {
  const int code = sqlite3_errcode(handle_.get()) & 0xFF;
  return code == SQLITE_FULL || code == SQLITE_READONLY || code == SQLITE_BUSY;
}

error connection::failure(int code) const {
  std::string detail = sqlite3_errmsg(handle_.get());
  // The message of an input or output error says no more than that; the kind of it, and the system's number, help.
  if ((code & 0xFF) == SQLITE_IOERR || (code & 0xFF) == SQLITE_CANTOPEN)
    detail +=
      " (SQLite " + std::to_string(code) + ", system " + std::to_string(sqlite3_system_errno(handle_.get())) + ")";
  return {meaning_of(code), std::move(detail)};
}

}  // namespace quire::storage::sqlite
