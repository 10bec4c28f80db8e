#pragma once

#include "actors/types/text/history.hpp"
#include "actors/types/text/operation.hpp"
#include "actors/types/text/rope.hpp"
#include "actors/types/type_state.hpp"

namespace quire::actors::types::text {

/// The document type: operations and cursors in the form of docs/types/text.md.
[[nodiscard]] const document_type& type() noexcept;

/// A plain text with the operations that late edits are rebased over.
class text_state final : public type_state {
 public:
  explicit text_state(const type_limits& limits);

  /// Errors: document_damaged.
  [[nodiscard]] static result<state_ptr> load(bytes_view snapshot, quire::revision at, const type_limits& limits);

  [[nodiscard]] result<prepared> prepare(quire::revision base, bytes_view operation) override;
  void apply(const prepared& operation) override;
  [[nodiscard]] result<void> replay(bytes_view logged) override;
  [[nodiscard]] quire::revision revision() const noexcept override { return revision_; }
  void write_snapshot(bytes& out) const override;
  void write_content(bytes& out) const override;
  [[nodiscard]] result<void> read_text(bytes& out) const override;
  [[nodiscard]] result<void> read_json(bytes& out) const override;
  [[nodiscard]] result<bytes> replacement(std::string_view text) const override;
  [[nodiscard]] memory_usage memory() const noexcept override;

 private:
  [[nodiscard]] result<operation> rebase(operation late, std::size_t missed) const;
  [[nodiscard]] result<void> check_fits(const operation& op) const;
  [[nodiscard]] result<void> check_size(const operation& op) const;
  void advance(const operation& op, bytes_view encoded);

  // Fixed at start.
  type_limits limits_;
  // Changes with every edit.
  rope content_;
  history history_;
  quire::revision revision_;
  operation next_;  // what `prepare` returned last, decoded
};

}  // namespace quire::actors::types::text
