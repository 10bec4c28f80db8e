#pragma once

#include "protocol/bytes.hpp"
#include "protocol/names.hpp"
#include "protocol/result.hpp"

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace quire::storage::sqlite {

/// What SQLite's code means here; this is where its codes end.
[[nodiscard]] errc meaning_of(int code) noexcept;

/// One connection. Affinity: one thread at a time; its statements belong to the same one.
class connection {
 public:
  /// Opens or creates. An empty `vfs` is the default one.
  [[nodiscard]] static result<connection> open(const std::filesystem::path& file, const std::string& vfs);

  /// Runs statements that answer nothing.
  [[nodiscard]] result<void> run(const std::string& sql);
  /// The first column of the first row of a statement.
  [[nodiscard]] result<std::int64_t> number(const std::string& sql);

  /// Rows that this connection has changed so far; those of a statement that failed do not count.
  [[nodiscard]] std::int64_t changes() const noexcept { return sqlite3_total_changes64(handle_.get()); }
  [[nodiscard]] bool is_in_transaction() const noexcept { return sqlite3_get_autocommit(handle_.get()) == 0; }
  [[nodiscard]] error failure(int code) const;
  /// Whether the call that failed last has certainly not written all it was to write.
  [[nodiscard]] bool has_certainly_failed() const noexcept;
  [[nodiscard]] sqlite3* handle() const noexcept { return handle_.get(); }

 private:
  struct closer {
    void operator()(sqlite3* open) const noexcept { sqlite3_close_v2(open); }
  };
  explicit connection(sqlite3* opened) : handle_(opened) {}

  std::unique_ptr<sqlite3, closer> handle_;
};

}  // namespace quire::storage::sqlite
