#pragma once

#include "actors/document/stored_state.hpp"
#include "storage/verification.hpp"

namespace quire::actors {

/// A document as its log leads to it, outside any actor.
class document_replay final : public storage::replay {
 public:
  /// Errors: unknown_document_type.
  [[nodiscard]] static result<std::unique_ptr<storage::replay>> begin(const storage::document_info& document);

  explicit document_replay(const types::document_type& type);

  [[nodiscard]] result<void> start(const storage::snapshot& stored) override;
  [[nodiscard]] result<void> apply(const storage::log_entry& entry) override;
  [[nodiscard]] result<void> compare(const storage::snapshot& stored) const override;

  /// A snapshot of where it is.
  [[nodiscard]] storage::snapshot taken() const;

  [[nodiscard]] const types::type_state& state() const noexcept { return *at_.state; }

 private:
  const types::document_type* type_;
  stored_state at_;
};

}  // namespace quire::actors
