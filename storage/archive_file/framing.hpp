#pragma once

#include "storage/archive_file/record.hpp"

#include <array>
#include <string_view>

namespace quire::storage::archive_file {

/// What a file begins with: not text, and changed by whoever takes it for text.
inline constexpr std::string_view magic{"\x89QUIRE\r\n", 8};
inline constexpr std::uint32_t version = 1;

/// Before a record's content: type (2) and length (4).
inline constexpr std::size_t record_head_bytes = 6;
/// After it.
inline constexpr std::size_t record_checksum_bytes = 8;

/// The first bytes of a file.
[[nodiscard]] bytes file_head();
/// What the first record's checksum starts from.
[[nodiscard]] checksum checksum_of(bytes_view head);
/// A record's, after that of the record before.
[[nodiscard]] checksum checksum_of(checksum before, bytes_view record_head, bytes_view content);

/// Counts what goes by, and knows which record may come where.
class tally {
 public:
  /// Errors: document_damaged if it can not come here, or its counts are not those of what came.
  [[nodiscard]] result<void> take(const record& next);

  [[nodiscard]] bool is_in_document() const noexcept { return is_in_document_; }
  [[nodiscard]] const document_end& of_document() const noexcept { return document_; }
  [[nodiscard]] const file_end& of_file() const noexcept { return file_; }

 private:
  [[nodiscard]] result<void> take_in_document(const record& next);
  void end_document();

  bool is_in_document_ = false;
  document_state state_ = document_state::live;
  document_end document_;
  file_end file_;
};

}  // namespace quire::storage::archive_file
