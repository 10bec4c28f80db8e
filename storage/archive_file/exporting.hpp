#pragma once

#include "storage/archive_file/writer.hpp"

#include <functional>

namespace quire::storage::archive_file {

/// Copies documents of a store into an archive file. Beside a running engine each is as it was when its turn came. It
/// checks what it reads: a document that is damaged, or was deleted while it was read, is left out of the file. One
/// whose log was trimmed away meanwhile is written anew.
class exporting {
 public:
  /// `say` is told of each document that is left out.
  exporting(archive& from, writer& to, std::function<void(const std::string&)> say)
    : from_(&from), to_(&to), say_(std::move(say)) {}

  /// Errors: not_found, store_unavailable.
  [[nodiscard]] result<void> add(const document_name& document);
  /// Each live document, and of each name the generation that is remembered of a deleted one. By their ids.
  /// Errors: store_unavailable.
  [[nodiscard]] result<void> add_all();

 private:
  // The outer error ends the file; the inner one concerns the document.
  using outcome = result<result<void>>;

  [[nodiscard]] result<void> add_found(const archived_document& document);
  [[nodiscard]] result<void> add_if_newest(const document_id& id, const document_name& name);
  // `now`: the document afterwards.
  [[nodiscard]] outcome copy(const document_begin& document, archived_document& now);

  archive* from_;
  writer* to_;
  std::function<void(const std::string&)> say_;
};

}  // namespace quire::storage::archive_file
