#pragma once

#include "storage/checksum.hpp"
#include "storage/op_log/sqlite/statement.hpp"

namespace quire::storage::sqlite {

/// Deletes the beginnings of logs without holding up commits: what is before the floor is refused at once, and its rows
/// follow in slices, each in a transaction that is made anyway. All of its state is in the store, so that it goes on
/// after a crash.
/// Law: `trimming` is 1 exactly as long as there are rows up to `floor`.
class trimming {
 public:
  explicit trimming(connection& db);

  /// Sets the floor of a live document, in the transaction under way. `chain`: the log's checksum there.
  /// Errors: precondition_failed if it, or a label before it, has no snapshot; document_damaged.
  [[nodiscard]] result<void> mark(std::int64_t document, revision floor, checksum chain);

  /// Drops the snapshots before the floor that no label names.
  [[nodiscard]] result<void> drop_snapshots(std::int64_t document) { return drop_snapshots_.run(document); }

  /// Deletes the next slice, if there is any.  Cost: a microsecond if there is none.
  [[nodiscard]] result<void> proceed();

 private:
  [[nodiscard]] result<void> check(std::int64_t document, revision floor, checksum chain);

  statement place_;
  statement mark_;
  statement drop_snapshots_;
  statement next_;
  statement drop_slice_;
  statement finish_;
};

}  // namespace quire::storage::sqlite
