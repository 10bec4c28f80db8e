#pragma once

#include "storage/checksum.hpp"
#include "storage/op_log.hpp"
#include "storage/op_log/sqlite/deletion.hpp"
#include "storage/op_log/sqlite/file_lock.hpp"
#include "storage/op_log/sqlite/labels.hpp"
#include "storage/op_log/sqlite/transaction.hpp"
#include "storage/op_log/sqlite/trimming.hpp"

namespace quire::storage::sqlite {

/// The op log on SQLite. Epoch and head are checked in the transaction that appends, which is the only writer.
class writer final : public op_log {
 public:
  /// `opened` is migrated and configured.
  writer(connection opened, std::shared_ptr<file_lock> lock);

  [[nodiscard]] result<std::vector<result<void>>> append(std::span<const append_request> requests) override;
  [[nodiscard]] result<acquired> acquire(const document_name& document) override;
  [[nodiscard]] result<void> release(const document_id& document, epoch under) override;
  [[nodiscard]] result<epoch> hand_over(const document_id& document, epoch under, revision head,
                                        const owner& to) override;
  [[nodiscard]] result<void> remove(const document_id& document, epoch under) override;
  [[nodiscard]] result<void> write_snapshot(const document_id& document, epoch under, const snapshot& taken) override;
  [[nodiscard]] result<void> add_snapshot(const document_id& document, epoch under, const snapshot& taken) override;
  [[nodiscard]] result<void> trim(const document_id& document, epoch under, revision floor) override;
  [[nodiscard]] result<bool> set_label(const document_id& document, epoch under, const label& made,
                                       bool shall_be_new) override;
  [[nodiscard]] result<void> remove_label(const document_id& document, epoch under, std::string_view name) override;

 private:
  // A live document, as the row says now.
  struct head_row {
    std::int64_t number = 0;
    quire::epoch epoch;
    revision head;
    checksum chain = 0;
    revision floor;
    checksum floor_chain = 0;
  };

  [[nodiscard]] result<std::vector<result<void>>> append_in_parts(std::span<const append_request> requests);
  [[nodiscard]] result<std::vector<result<void>>> finish(std::vector<result<void>> outcomes);
  [[nodiscard]] result<void> append_one(const append_request& request);
  [[nodiscard]] result<head_row> create(const append_request& request);
  // The live document, if `under` is its epoch.
  [[nodiscard]] result<head_row> find_owned(const document_id& document, epoch under);
  [[nodiscard]] result<acquired> find_newest(const document_name& document);
  [[nodiscard]] result<bool> is_newer_than_snapshots(const head_row& row, revision taken);
  [[nodiscard]] result<bool> has_snapshot(const head_row& row, revision at);
  [[nodiscard]] result<void> insert_snapshot(const head_row& row, const snapshot& taken);
  [[nodiscard]] result<checksum> chain_at(const head_row& row, revision at);

  // Fixed at start. The lock outlives the connection.
  std::shared_ptr<file_lock> lock_;
  connection db_;
  transactions transactions_;
  deletion deletion_;
  labels labels_;
  trimming trimming_;

  row_chain rows_;

  statement find_;
  statement find_newest_;
  statement raise_epoch_;
  statement create_;
  statement insert_;
  statement advance_;
  statement newest_snapshot_;
  statement has_snapshot_;
  statement identity_;
  statement chain_at_;
  statement insert_snapshot_;
  statement drop_old_snapshots_;
};

}  // namespace quire::storage::sqlite
