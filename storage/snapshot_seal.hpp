#pragma once

#include "storage/checksum.hpp"
#include "storage/op_log.hpp"

namespace quire::storage {

/// A snapshot as it is stored: compressed, and with a checksum of all of it.
struct sealed_snapshot {
  quire::revision revision;
  std::uint16_t format = 0;
  checksum chain = 0;  ///< The log's checksum at the revision: of which log this is the state, and how it goes on.
  checksum seal = 0;
  bytes body;  ///< One zstd frame that tells its content's size.
};

/// Compresses and seals.
/// Errors: internal if zstd refuses.  Cost: about 300 MB/s.
[[nodiscard]] result<sealed_snapshot> seal(const snapshot& taken, checksum chain);

/// The same state for a log with another checksum there. `sealed` must be sound.
[[nodiscard]] sealed_snapshot resealed(sealed_snapshot sealed, checksum chain);

/// Checks and unpacks what `seal` made.
/// Errors: document_damaged says what does not match; the body is not unpacked before its checksum is right.
[[nodiscard]] result<snapshot> unseal(const sealed_snapshot& sealed);

}  // namespace quire::storage
