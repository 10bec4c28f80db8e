#pragma once

#include "protocol/bytes.hpp"
#include "storage/op_log.hpp"

#include <cstdint>

namespace quire::storage {

/// Guards stored rows against damage, not against forgery. Every row's checksum starts from the one before it, so that
/// a row that is lost, changed or in the wrong place does not fit.  Source: XXH64, seeded with the one before.
using checksum = std::uint64_t;

/// Covers what of a document never changes; its log's chain starts from it. docs/storage.md has the bytes.
[[nodiscard]] checksum document_checksum(const document_info& document);

/// Covers a label of the document that has this checksum.
[[nodiscard]] checksum label_checksum(checksum document, const label& of);

/// The checksum at a place of a log that is no longer kept, for a copy of the document that has this checksum.
[[nodiscard]] checksum moved_checksum(checksum document, checksum original);

/// Computes the checksums of log rows. Holds a buffer, so that rows cost no allocation.
class row_chain {
 public:
  /// The checksum of a row, after that of the row before.
  /// Errors: none: any content has a checksum.
  [[nodiscard]] checksum next(checksum before, const log_entry& entry, epoch under);

 private:
  bytes row_;
};

}  // namespace quire::storage
