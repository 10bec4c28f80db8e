#pragma once

#include "protocol/bytes.hpp"
#include "protocol/result.hpp"

namespace quire::storage::archive_file {

/// Where an archive file is read from.
class byte_source {
 public:
  virtual ~byte_source() = default;

  /// Reads at most so many bytes, and at least one; 0: there are no more.
  /// Errors: store_unavailable.
  [[nodiscard]] virtual result<std::size_t> read(std::span<std::byte> into) = 0;
};

/// Where an archive file is written to.
class byte_sink {
 public:
  virtual ~byte_sink() = default;

  /// Errors: store_unavailable.
  [[nodiscard]] virtual result<void> write(bytes_view data) = 0;
};

}  // namespace quire::storage::archive_file
