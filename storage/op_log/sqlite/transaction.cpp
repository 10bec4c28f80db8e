#include "storage/op_log/sqlite/transaction.hpp"

namespace quire::storage::sqlite {

transactions::transactions(connection& db)
  : db_(&db),
    begin_(db, "BEGIN IMMEDIATE"),
    commit_(db, "COMMIT"),
    roll_back_(db, "ROLLBACK"),
    begin_part_(db, "SAVEPOINT part"),
    keep_part_(db, "RELEASE part"),
    undo_part_(db, "ROLLBACK TO part"),
    barrier_(db, "UPDATE store SET barriers = barriers + 1") {}

result<void> transactions::begin() {
  auto begun = begin_.run();
  if (!begun)
    begun.error().code = errc::store_unavailable;  // whatever it is, nothing has been done
  return begun;
}

// A failed commit may have left its frames in the write-ahead log, whole, and only their sync failed. This process sees
// none of it, but after a power failure they could be read back as committed. The next commit that succeeds writes over
// them: that settles it. A full disk needs no such proof: the last frame, which makes it a commit, was not written.
result<void> transactions::commit() {
  auto committed = commit_.run();
  if (committed)
    return committed;
  const bool has_certainly_failed = db_->has_certainly_failed();
  roll_back();
  if (committed.error().code == errc::store_unavailable && (has_certainly_failed || barrier()))
    return committed;
  return fail(errc::commit_in_doubt, std::move(committed.error().detail));
}

void transactions::roll_back() {
  // SQLite may have rolled back by itself, after some errors. If this fails, so will the next begin.
  if (db_->is_in_transaction())
    static_cast<void>(roll_back_.run());
}

result<void> transactions::undo_part() {
  if (auto undone = undo_part_.run(); !undone)
    return undone;
  return keep_part();
}

bool transactions::barrier() {
  if (begin_.run() && barrier_.run() && commit_.run())
    return true;
  roll_back();
  return false;
}

}  // namespace quire::storage::sqlite
