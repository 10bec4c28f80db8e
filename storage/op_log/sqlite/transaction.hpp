#pragma once

#include "storage/op_log/sqlite/statement.hpp"

namespace quire::storage::sqlite {

/// Begins and ends the writer's transactions, and finds out what became of one whose commit failed.
class transactions {
 public:
  explicit transactions(connection& db);

  [[nodiscard]] result<void> begin();
  /// What was written since `begin` is durable on success.
  /// Errors: store_unavailable: it is undone, for good; commit_in_doubt: only a later commit that succeeds undoes it.
  [[nodiscard]] result<void> commit();
  void roll_back();

  /// A part that can be undone alone.
  [[nodiscard]] result<void> begin_part() { return begin_part_.run(); }
  [[nodiscard]] result<void> keep_part() { return keep_part_.run(); }
  [[nodiscard]] result<void> undo_part();

  /// Runs `work`, a function that returns a result, in a transaction. It is committed if that succeeds.
  template <class Work>
  [[nodiscard]] auto run(const Work& work) -> decltype(work());

 private:
  [[nodiscard]] bool barrier();

  connection* db_;
  statement begin_;
  statement commit_;
  statement roll_back_;
  statement begin_part_;
  statement keep_part_;
  statement undo_part_;
  statement barrier_;
};

template <class Work>
auto transactions::run(const Work& work) -> decltype(work()) {
  if (auto begun = begin(); !begun)
    return tl::unexpected(begun.error());
  auto done = work();
  if (!done) {
    roll_back();
    return done;
  }
  if (auto committed = commit(); !committed)
    return tl::unexpected(committed.error());
  return done;
}

}  // namespace quire::storage::sqlite
