#pragma once

#include "storage/op_log/postgresql/link.hpp"
#include "storage/restorer.hpp"

namespace quire::storage::postgresql {

/// Writes documents into PostgreSQL, which engines may work with meanwhile: in state `importing` and without an owner
/// they have their names and are nothing else, until one transaction makes them what they are. Its connection is not
/// mended: lost, it is the end of it, and the next one removes what it left.
class restorer final : public storage::restorer {
 public:
  /// Errors: as `open_restorer`.
  [[nodiscard]] static result<std::unique_ptr<restorer>> open(std::shared_ptr<database> to);
  ~restorer() override;

  [[nodiscard]] result<std::optional<known_generation>> find(const document_name& document) override;
  [[nodiscard]] result<void> begin(const archived_document& document) override;
  [[nodiscard]] result<void> add(const archived_label& label) override;
  [[nodiscard]] result<void> add(std::span<const archived_entry> rows) override;
  [[nodiscard]] result<void> add(const archived_snapshot& snapshot) override;
  [[nodiscard]] result<void> end(checksum chain) override;
  [[nodiscard]] result<void> withdraw() override;
  [[nodiscard]] result<void> commit() override;

 private:
  explicit restorer(link to) : link_(std::move(to)) {}

  [[nodiscard]] result<void> take_turn();
  [[nodiscard]] result<answer> run(const statement& what, const parameters& with);
  [[nodiscard]] result<void> do_run(const statement& what, const parameters& with);
  [[nodiscard]] result<void> remove_all();
  [[nodiscard]] result<void> remove(const document_id& document);
  [[nodiscard]] result<void> publish();

  link link_;
  connection* db_ = nullptr;
  document_id document_;  // The one under way.
  bool is_committed_ = false;
};

}  // namespace quire::storage::postgresql
