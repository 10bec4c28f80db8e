#pragma once

#include "actors/types/type_state.hpp"
#include "actors/types/yjs/document.hpp"

namespace quire::actors::types::yjs {

/// The document type: operations are Yjs updates (v1), as docs/types/yjs.md has them.
[[nodiscard]] const document_type& type() noexcept;

/// A Yjs document as the engine drives it. An operation's base does not matter: updates merge by themselves.
class yjs_state final : public type_state {
 public:
  explicit yjs_state(const type_limits& limits) noexcept : limits_(limits) {}

  /// Errors: document_damaged.
  [[nodiscard]] static result<state_ptr> load(bytes_view snapshot, quire::revision at, const type_limits& limits);

  /// What is logged and broadcast is the update as it came if all of it is new, else an update of its new part.
  /// Errors: as types::type_state, and future_revision too where it would have to wait and too much waits already.
  [[nodiscard]] result<prepared> prepare(quire::revision base, bytes_view operation) override;
  void apply(const prepared& operation) override;
  [[nodiscard]] result<void> replay(bytes_view logged) override;
  [[nodiscard]] quire::revision revision() const noexcept override { return revision_; }
  void write_snapshot(bytes& out) const override { document_.encode({}, out); }
  void write_content(bytes& out) const override { document_.encode({}, out); }
  /// A position is a state vector.
  [[nodiscard]] result<difference> difference_from(bytes_view known) const override;
  /// The text of the only root, if it is a text; of a document without roots, nothing.
  [[nodiscard]] result<void> read_text(bytes& out) const override;
  /// An object with each root as `guess_type` takes it.
  [[nodiscard]] result<void> read_json(bytes& out) const override;
  /// Errors: type_mismatch, always: an edit of the server's would need a client of its own.
  [[nodiscard]] result<bytes> replacement(std::string_view text) const override;
  [[nodiscard]] memory_usage memory() const noexcept override;

  /// What `read_text` and `read_json` do not say, and diffs and state vectors.
  [[nodiscard]] const document& content() const noexcept { return document_; }

 private:
  [[nodiscard]] result<void> check_size(const update& what) const;

  // Fixed at start.
  type_limits limits_;
  // Changes with every edit.
  document document_;
  quire::revision revision_;
  update next_;  // what `prepare` returned last, decoded: views of its logged bytes
};

}  // namespace quire::actors::types::yjs
