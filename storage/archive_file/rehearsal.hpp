#pragma once

#include "storage/restorer.hpp"

namespace quire::storage::archive_file {

/// A restorer that writes nothing: it finds out whether the names are free, and forgets the rest.
class rehearsal final : public restorer {
 public:
  /// Null: a store that is not there yet.
  explicit rehearsal(std::unique_ptr<archive> in) : in_(std::move(in)) {}

  [[nodiscard]] result<std::optional<known_generation>> find(const document_name& document) override;
  [[nodiscard]] result<void> begin(const archived_document& /*document*/) override { return {}; }
  [[nodiscard]] result<void> add(const archived_label& /*label*/) override { return {}; }
  [[nodiscard]] result<void> add(std::span<const archived_entry> /*rows*/) override { return {}; }
  [[nodiscard]] result<void> add(const archived_snapshot& /*snapshot*/) override { return {}; }
  [[nodiscard]] result<void> end(checksum /*chain*/) override { return {}; }
  [[nodiscard]] result<void> withdraw() override { return {}; }
  [[nodiscard]] result<void> commit() override { return {}; }

 private:
  std::unique_ptr<archive> in_;
};

}  // namespace quire::storage::archive_file
