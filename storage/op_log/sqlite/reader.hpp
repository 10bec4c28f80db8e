#pragma once

#include "storage/log_walk.hpp"
#include "storage/op_log/sqlite/file_lock.hpp"
#include "storage/op_log/sqlite/statement.hpp"

namespace quire::storage::sqlite {

/// The history on SQLite: a connection of its own, which waits for no writer. Each call reads one state of the store.
class reader final : public history {
 public:
  /// `opened` is of a migrated store, and configured.
  reader(connection opened, std::shared_ptr<file_lock> lock);

  [[nodiscard]] result<loaded> load(const document_id& document) override;
  [[nodiscard]] result<history_page> read(const document_id& document, revision from, revision to,
                                          std::size_t bytes_max) override;
  [[nodiscard]] result<loaded> state_at(const document_id& document, revision at, const replay_bounds& bounds) override;
  [[nodiscard]] result<log_extent> extent(const document_id& document) override;
  [[nodiscard]] result<std::optional<revision>> first_since(const document_id& document, server_time since) override;
  [[nodiscard]] result<std::vector<label>> labels(const document_id& document) override;
  [[nodiscard]] result<document_summary> find(const document_name& document) override;
  [[nodiscard]] result<std::vector<document_summary>> list(std::string_view organisation, std::string_view after,
                                                           std::size_t count) override;

 private:
  // A live document whose row has been checked.
  struct document_row : checked_document {
    std::int64_t number = 0;
  };

  template <class Work>
  [[nodiscard]] auto in_transaction(const Work& work) -> decltype(work());
  [[nodiscard]] result<document_row> row_of(const document_id& document);
  // The newest that is not after `until`; `start` is then where it is.
  [[nodiscard]] result<std::optional<snapshot>> newest_snapshot(const document_row& document, revision until,
                                                                log_place& start);
  // Whether the snapshot at `start` is of this log.
  [[nodiscard]] result<void> check_start(const document_row& document, log_place start);
  [[nodiscard]] result<std::vector<label>> labels_of(const document_row& document);
  [[nodiscard]] result<log_place> place_at(const document_row& document, revision at);
  // The rows after `from` up to `to`, checked.
  [[nodiscard]] result<history_page> read_rows(const document_row& document, log_place from, revision to,
                                               std::size_t bytes_max);

  // Fixed at start. The lock outlives the connection.
  std::shared_ptr<file_lock> lock_;
  connection db_;

  statement begin_;
  statement end_;
  statement find_;
  statement newest_snapshot_;
  statement chain_at_;
  statement entries_;
  statement snapshots_;
  statement first_since_;
  statement labels_;
  statement find_named_;
  statement list_;
};

}  // namespace quire::storage::sqlite
