#pragma once

#include "storage/checksum.hpp"
#include "storage/op_log.hpp"
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
  [[nodiscard]] result<std::vector<document_summary>> list(std::string_view organisation, std::string_view after,
                                                           std::size_t count) override;

 private:
  // A live document whose row has been checked.
  struct document_row {
    std::int64_t number = 0;
    document_info info;
    checksum identity = 0;
    revision head;
    checksum chain = 0;
  };
  // A place in a document's log, and the checksum there.
  struct place {
    revision at;
    checksum chain = 0;
  };

  template <class Work>
  [[nodiscard]] auto in_transaction(const Work& work) -> decltype(work());
  [[nodiscard]] result<document_row> find(const document_id& document);
  [[nodiscard]] result<std::optional<snapshot>> newest_snapshot(const document_row& document, place& start);
  [[nodiscard]] result<place> place_at(const document_row& document, revision at);
  // Reads the rows after `from` up to `to` into `page`, and checks that they follow it and each other.
  [[nodiscard]] result<void> read_rows(const document_row& document, place from, revision to, std::size_t bytes_max,
                                       history_page& page);

  // Fixed at start. The lock outlives the connection.
  std::shared_ptr<file_lock> lock_;
  connection db_;

  row_chain rows_;

  statement begin_;
  statement end_;
  statement find_;
  statement newest_snapshot_;
  statement chain_at_;
  statement entries_;
  statement list_;
};

}  // namespace quire::storage::sqlite
