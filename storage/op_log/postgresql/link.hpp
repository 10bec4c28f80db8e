#pragma once

#include "storage/op_log/postgresql/connection.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace quire::storage::postgresql {

/// The database that all links of a store lead to.
struct database {
  std::string where;
  // Whose documents these are: written in doc_head when one is acquired.
  std::string node = "single";
  std::int64_t incarnation = 0;
  // What the first link found. A later one that leads to another cluster, or back in time, is refused.
  std::string system;
  std::atomic<std::uint32_t> timeline = 0;
};

/// A way to the database that is mended when it is broken. Affinity: one thread.
class link {
 public:
  /// `controls`: it writes, and holds the database for this engine alone.
  enum class purpose { controls, writes, reads };

  link(std::shared_ptr<database> to, std::string name, purpose use)
    : to_(std::move(to)), name_(std::move(name)), use_(use) {}

  /// The connection, made anew if it was lost; what was prepared is then prepared again.
  /// Before a new one that writes is used, the server's side of the lost one has ended: nothing of it commits any more.
  /// Errors: invalid_configuration (address), store_unavailable, schema_mismatch (another database than before, or one
  /// that would lose edits), store_locked.
  [[nodiscard]] result<connection*> get();

  [[nodiscard]] database& to() const noexcept { return *to_; }
  [[nodiscard]] purpose use() const noexcept { return use_; }

 private:
  [[nodiscard]] result<void> set_up(connection& fresh);
  [[nodiscard]] static result<void> hold_database(connection& fresh);
  [[nodiscard]] result<void> check_database(connection& fresh);
  [[nodiscard]] result<void> end_former(connection& fresh);

  std::shared_ptr<database> to_;
  std::string name_;
  purpose use_;
  std::optional<connection> open_;
  std::optional<backend> backend_;  // Of the newest connection, also after that is lost.
};

}  // namespace quire::storage::postgresql
