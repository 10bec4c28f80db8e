#pragma once

#include "storage/archive_file/bytes_way.hpp"
#include "storage/archive_file/framing.hpp"

namespace quire::storage::archive_file {

/// Reads an archive file, record by record, and checks all of the format: checksums, lengths, which record comes where,
/// and the counts. It holds one record.
class reader {
 public:
  explicit reader(byte_source& from) : from_(&from) {}

  /// The next record that this version knows. After `file_end` there is none, and nothing else in the source.
  /// Errors: document_damaged (with the byte), schema_mismatch (another format's, or a later version's file or record),
  /// store_unavailable (the source's).
  [[nodiscard]] result<record> next();

  /// An error with the place in the file of the record that was read last.
  [[nodiscard]] tl::unexpected<error> fail_here(const error& what) const;

 private:
  [[nodiscard]] result<void> read_file_head();
  [[nodiscard]] result<record> read_record(std::uint16_t type, bytes_view content);
  // The type of the next record; its content is then in `content_`.
  [[nodiscard]] result<std::uint16_t> read_frame();
  [[nodiscard]] result<bytes_view> read_whole(bytes& into, std::size_t count);
  [[nodiscard]] result<std::size_t> take(std::span<std::byte> into);
  [[nodiscard]] result<void> expect_end();

  byte_source* from_;
  bytes buffer_;
  std::size_t unread_ = 0;  // Where in the buffer what was not taken yet begins.
  std::uint64_t position_ = 0;
  std::uint64_t record_begin_ = 0;
  bool has_begun_ = false;
  checksum chain_ = 0;
  bytes head_;
  bytes content_;
  bytes checksum_;
  tally tally_;
};

}  // namespace quire::storage::archive_file
