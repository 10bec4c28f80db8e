#pragma once

#include "storage/archive_file/bytes_way.hpp"
#include "storage/archive_file/framing.hpp"

namespace quire::storage::archive_file {

/// Writes an archive file, in pieces of a megabyte. The same records make the same bytes.
/// Errors of every function: store_unavailable (the sink's); document_too_large: a record over its bound.
class writer {
 public:
  explicit writer(byte_sink& to);

  [[nodiscard]] result<void> begin(const document_begin& document) { return put(document); }
  [[nodiscard]] result<void> add(const archived_entry& row) { return put(row); }
  [[nodiscard]] result<void> add(const sealed_snapshot& snapshot) { return put(snapshot); }
  [[nodiscard]] result<void> add(const archived_label& label) { return put(label); }
  [[nodiscard]] result<void> end_document() { return put(tally_.of_document()); }
  /// Makes the records since `begin` mean nothing.
  [[nodiscard]] result<void> withdraw(withdrawal_reason reason) { return put(withdrawal{reason}); }
  /// The last call.
  [[nodiscard]] result<void> finish();

  [[nodiscard]] const file_end& counts() const noexcept { return tally_.of_file(); }

 private:
  [[nodiscard]] result<void> put(const record& next);

  byte_sink* to_;
  bytes waiting_;
  checksum chain_;
  tally tally_;
};

}  // namespace quire::storage::archive_file
