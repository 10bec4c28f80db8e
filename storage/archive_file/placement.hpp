#pragma once

#include "storage/archive_file/record.hpp"
#include "storage/restorer.hpp"

namespace quire::storage::archive_file {

/// What a document of an archive becomes in a store.
struct placement {
  document_info info;
  checksum identity = 0;
  quire::epoch epoch;
  bool is_needed = true;  ///< False: a deleted one of which the store remembers as much or more.

  /// Whether it keeps its identity, and with it each checksum.
  [[nodiscard]] bool is_same(const document_begin& document) const { return identity == document.identity; }
};

/// docs/decisions/0079-what-an-imported-document-keeps.md has the rule. `known`: what the store has under the name that
/// it gets. `as`: a name for a copy. `fresh`: an id for one that can not keep its own.
/// Errors: already_exists.
[[nodiscard]] result<placement> place(const document_begin& document, const std::optional<known_generation>& known,
                                      const std::optional<document_name>& as, const document_id& fresh);

}  // namespace quire::storage::archive_file
