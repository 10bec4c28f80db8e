#pragma once

#include "storage/archive.hpp"
#include "storage/log_walk.hpp"

#include <variant>

/// Documents in a file, on their way from one store to another. docs/archive.md describes every byte.
namespace quire::storage::archive_file {

enum class document_state : std::uint8_t {
  live = 1,
  deleted = 2,  ///< Only its generation is remembered: no rows and no snapshots follow.
};

/// Begins a document.
struct document_begin {
  document_info info;
  checksum identity = 0;
  document_state state = document_state::live;
  quire::epoch epoch;
  log_place head;
  server_time modified;
  /// Where the log begins: revision 0 with `identity`, or the snapshot that stands for all before it.
  log_place floor;
};

/// The document begun last is whole.
struct document_end {
  std::uint64_t rows = 0;
  std::uint64_t snapshots = 0;
  std::uint64_t labels = 0;

  friend bool operator==(const document_end&, const document_end&) = default;
};

enum class withdrawal_reason : std::uint8_t {
  deleted = 1,  ///< While it was exported.
  damaged = 2,  ///< In the store that it was exported from.
  again = 3,    ///< Its log was trimmed while it was exported: it follows from its beginning.
};

/// The document begun last is not to be had: its records mean nothing.
struct withdrawal {
  withdrawal_reason reason = withdrawal_reason::deleted;
};

/// Ends the file. The counts are of documents that ended; those withdrawn, and what they had, are only in `withdrawn`.
struct file_end {
  std::uint64_t documents = 0;
  std::uint64_t withdrawn = 0;
  std::uint64_t rows = 0;
  std::uint64_t snapshots = 0;
  std::uint64_t labels = 0;

  friend bool operator==(const file_end&, const file_end&) = default;
};

using record =
  std::variant<document_begin, archived_entry, sealed_snapshot, document_end, withdrawal, file_end, archived_label>;

/// Numbers in the file: never reuse one. A reader passes over a type that it does not know if `optional_bit` is set.
enum class record_type : std::uint16_t {
  document_begin = 1,
  row = 2,
  snapshot = 3,
  document_end = 4,
  withdrawal = 5,
  file_end = 6,
  label = 7,
};
inline constexpr std::uint16_t optional_bit = 0x8000;

[[nodiscard]] record_type type_of(const record& of) noexcept;
[[nodiscard]] bool is_known(std::uint16_t type) noexcept;

/// How many bytes the content of such a record may have; a longer one is refused before it is read.
[[nodiscard]] std::size_t content_bytes_max(std::uint16_t type) noexcept;

/// Appends the content of a record.
void encode(const record& from, bytes& out);

/// Law:    decode(type_of(r), encode(r)) is r.
/// Errors: document_damaged if it is not such a record, whole and with nothing after it. `type` must be known.
[[nodiscard]] result<record> decode(record_type type, bytes_view content);

}  // namespace quire::storage::archive_file
