#pragma once

#include "storage/archive.hpp"
#include "storage/op_log/sqlite/statement.hpp"

namespace quire::storage::sqlite {

/// The rows of an SQLite store.
class archive final : public storage::archive {
 public:
  explicit archive(connection opened);

  [[nodiscard]] result<std::vector<archived_document>> documents(const document_id& after, std::size_t count) override;
  [[nodiscard]] result<archived_document> find(const document_name& document) override;
  [[nodiscard]] result<std::vector<archived_entry>> entries(const document_id& document, revision after,
                                                            std::size_t count) override;
  [[nodiscard]] result<std::vector<archived_entry>> entries_within(const document_id& document, revision after,
                                                                   std::size_t count, std::size_t bytes_max) override;
  [[nodiscard]] result<std::vector<archived_snapshot>> snapshots(const document_id& document) override;
  [[nodiscard]] result<std::vector<archived_label>> labels(const document_id& document) override;
  [[nodiscard]] result<std::vector<std::string>> strays() override;

 private:
  connection db_;
  statement documents_;
  statement find_;
  statement entries_;
  statement snapshots_;
  statement labels_;
  statement strays_;
};

}  // namespace quire::storage::sqlite
