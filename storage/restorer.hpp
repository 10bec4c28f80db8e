#pragma once

#include "storage/archive.hpp"

namespace quire::storage {

/// The newest generation of a name that a store has, or remembers of a deleted document.
struct known_generation {
  document_id id;
  quire::generation generation;
  quire::epoch epoch;
  bool is_live = false;
};

/// Writes documents as another store had them: the writing side of `archive`. It takes rows as they are and checks
/// nothing but what its tables do. No engine sees anything of it before `commit`, and then all of it; what was not
/// committed when this goes, however that came, is undone, or is removed by the next one.
/// One thread uses it. After an error only `withdraw` makes sense where it says so, and else its end.
/// Errors of every function: store_unavailable.
class restorer {
 public:
  virtual ~restorer() = default;

  [[nodiscard]] virtual result<std::optional<known_generation>> find(const document_name& document) = 0;

  /// Begins a document, live or deleted; one at a time.
  /// Errors: already_exists: a live document has its name, or any its id or its generation.
  [[nodiscard]] virtual result<void> begin(const archived_document& document) = 0;
  /// A label of the document begun last. Each has another name.
  [[nodiscard]] virtual result<void> add(const archived_label& label) = 0;
  /// Rows of the document begun last, in order.
  /// Errors: sequence_reused: the document has a client's edit already.
  [[nodiscard]] virtual result<void> add(std::span<const archived_entry> rows) = 0;
  /// Each later than the one before.
  [[nodiscard]] virtual result<void> add(const archived_snapshot& snapshot) = 0;
  /// The document begun last is whole. `chain`: that of its last row.
  [[nodiscard]] virtual result<void> end(checksum chain) = 0;
  /// Undoes the document begun last, which has not ended.
  [[nodiscard]] virtual result<void> withdraw() = 0;

  /// Makes all of it durable and seen, at once. The last call.
  /// Errors: already_exists: a document of a name was created meanwhile; commit_in_doubt: not known.
  [[nodiscard]] virtual result<void> commit() = 0;
};

/// Opens a store to write into. Of SQLite no engine may have it open; PostgreSQL may be worked with meanwhile. A store
/// that is not there is made, an older one migrated. What an interrupted one left is removed.
/// Errors: as `open_store`; store_locked also if another restorer is at work; invalid_configuration for `memory`.
[[nodiscard]] result<std::unique_ptr<restorer>> open_restorer(std::string_view address);

}  // namespace quire::storage
