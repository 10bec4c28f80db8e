#pragma once

#include "storage/archive.hpp"
#include "storage/op_log/postgresql/link.hpp"

namespace quire::storage::postgresql {

/// The rows of a PostgreSQL store.
class archive final : public storage::archive {
 public:
  explicit archive(link to) : link_(std::move(to)) {}

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
  [[nodiscard]] result<answer> run(const statement& what, const parameters& with);

  link link_;
};

}  // namespace quire::storage::postgresql
