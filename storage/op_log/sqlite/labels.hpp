#pragma once

#include "storage/checksum.hpp"
#include "storage/op_log/sqlite/statement.hpp"

namespace quire::storage::sqlite {

/// Writes the labels of live documents, in the transaction under way.
class labels {
 public:
  explicit labels(connection& db);

  /// True: the name is new. Errors: already_exists, too_many_labels.
  [[nodiscard]] result<bool> set(std::int64_t document, const label& made, bool shall_be_new);
  /// Errors: not_found.
  [[nodiscard]] result<void> remove(std::int64_t document, std::string_view name);
  /// Removes all of a document.
  [[nodiscard]] result<void> drop(std::int64_t document) { return drop_.run(document); }

 private:
  connection* db_;
  statement place_;
  statement set_;
  statement remove_;
  statement drop_;
};

}  // namespace quire::storage::sqlite
