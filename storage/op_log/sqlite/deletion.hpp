#pragma once

#include "storage/op_log/sqlite/statement.hpp"

namespace quire::storage::sqlite {

/// Deletes documents without holding up commits: a deleted one is gone at once, and its log follows in slices, each in
/// a transaction that is made anyway. All of its state is in the store, so that nothing is left over at a crash.
class deletion {
 public:
  explicit deletion(connection& db);

  /// Deletes a live document and its snapshots, in the transaction under way.
  [[nodiscard]] result<void> mark(std::int64_t number);

  /// Deletes the next slice, if there is any, in the transaction under way.  Cost: a microsecond if there is none.
  [[nodiscard]] result<void> proceed();

  /// Forgets the deleted generations of a name, for the transaction that makes a newer one.
  [[nodiscard]] result<void> forget(std::string_view organisation, std::string_view name);

 private:
  [[nodiscard]] result<void> finish(std::int64_t number);

  statement mark_;
  statement drop_snapshots_;
  statement next_;
  statement drop_slice_;
  statement finish_;
  statement forget_;
  statement forget_superseded_;
};

}  // namespace quire::storage::sqlite
