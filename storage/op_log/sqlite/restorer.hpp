#pragma once

#include "storage/op_log/sqlite/deletion.hpp"
#include "storage/op_log/sqlite/file_lock.hpp"
#include "storage/op_log/sqlite/transaction.hpp"
#include "storage/restorer.hpp"

namespace quire::storage::sqlite {

/// Writes documents into an SQLite store: all of them in one transaction, so that nothing is left of one that was
/// broken off. Until it is committed, what was written lies in the write-ahead log, not in memory.
class restorer final : public storage::restorer {
 public:
  restorer(connection opened, std::shared_ptr<file_lock> lock);

  [[nodiscard]] result<std::optional<known_generation>> find(const document_name& document) override;
  [[nodiscard]] result<void> begin(const archived_document& document) override;
  [[nodiscard]] result<void> add(const archived_label& label) override;
  [[nodiscard]] result<void> add(std::span<const archived_entry> rows) override;
  [[nodiscard]] result<void> add(const archived_snapshot& snapshot) override;
  [[nodiscard]] result<void> end(checksum chain) override;
  [[nodiscard]] result<void> withdraw() override;
  [[nodiscard]] result<void> commit() override;

 private:
  [[nodiscard]] result<void> begin_transaction();

  std::shared_ptr<file_lock> lock_;
  connection db_;
  transactions transactions_;
  deletion deletion_;
  bool has_begun_ = false;
  std::int64_t number_ = 0;  // Of the document under way.

  statement find_newest_;
  statement insert_document_;
  statement insert_label_;
  statement insert_row_;
  statement insert_snapshot_;
  statement set_chain_;
};

}  // namespace quire::storage::sqlite
