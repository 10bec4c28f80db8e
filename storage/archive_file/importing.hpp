#pragma once

#include "storage/archive_file/document_check.hpp"
#include "storage/archive_file/placement.hpp"
#include "storage/archive_file/reader.hpp"

#include <functional>

namespace quire::storage::archive_file {

/// Copies an archive file into a store: all its documents, or none if anything is wrong with one. It believes nothing:
/// each record is checked before it is given to the store.
class importing {
 public:
  /// `as`: the name that the file's one document gets. `say` is told what is not as in the file.
  importing(reader& from, restorer& to, std::optional<document_name> as, std::function<void(const std::string&)> say)
    : from_(&from), to_(&to), as_(std::move(as)), say_(std::move(say)) {}

  /// Does all of it, once, and tells what the file's end counts.
  /// Errors: as `reader`'s and `restorer`'s, with the byte in the file; document_damaged (a document that
  /// no store could have), already_exists (the store has it), invalid_configuration (a name for several documents).
  [[nodiscard]] result<file_end> run();

 private:
  [[nodiscard]] result<void> take(const record& next);
  [[nodiscard]] result<void> take(const document_begin& document);
  [[nodiscard]] result<void> take(const archived_label& label);
  [[nodiscard]] result<void> take(const archived_entry& row);
  [[nodiscard]] result<void> take(const sealed_snapshot& snapshot);
  [[nodiscard]] result<void> take(const document_end&);
  [[nodiscard]] result<void> take(const withdrawal&);
  [[nodiscard]] result<void> take(const file_end&) { return to_->commit(); }

  [[nodiscard]] result<void> begin(const document_begin& document);
  [[nodiscard]] checksum chain_of(const sealed_snapshot& snapshot) const;
  [[nodiscard]] result<void> write_waiting();

  reader* from_;
  restorer* to_;
  std::optional<document_name> as_;
  std::function<void(const std::string&)> say_;
  std::uint64_t live_documents_ = 0;

  // Of the document under way.
  document_begin document_;
  document_check check_;
  placement place_;
  row_chain rows_;
  checksum chain_ = 0;  // As the store gets it.
  std::vector<archived_entry> waiting_;
  std::size_t waiting_bytes_ = 0;
};

}  // namespace quire::storage::archive_file
