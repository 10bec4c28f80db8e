#pragma once

#include "storage/archive_file/writer.hpp"
#include "storage/little_endian.hpp"
#include "tests/fixture/written_document.hpp"
#include "tests/storage/archive_file/memory_file.hpp"

namespace quire::fixture {

/// A document of so many edits as a file begins it, and its rows.
struct sample_document {
  storage::archive_file::document_begin begin;
  std::vector<storage::archived_entry> rows;
};

inline sample_document sample(const std::string& name, std::uint8_t id, std::uint64_t count) {
  sample_document made;
  made.begin.info = written_document(name, id_of(id)).info();
  made.begin.identity = storage::document_checksum(made.begin.info);
  made.begin.epoch = epoch(3);
  made.begin.floor = {revision(0), made.begin.identity};
  made.begin.head = made.begin.floor;
  made.begin.modified = made.begin.info.created;
  storage::row_chain rows;
  for (auto& entry : edits(0, count)) {
    const auto chain = rows.next(made.begin.head.chain, entry, epoch(2));
    made.begin.head = {entry.revision, chain};
    made.begin.modified = entry.at;
    made.rows.push_back({std::move(entry), epoch(2), chain});
  }
  return made;
}

/// Puts records, as bytes that need not be ones, into a file whose checksums are right.
class hand_written_file {
 public:
  explicit hand_written_file(std::uint32_t version = storage::archive_file::version) {
    content_ = to_bytes(storage::archive_file::magic);
    storage::append_number(content_, version);
    chain_ = storage::archive_file::checksum_of(content_);
  }

  hand_written_file& put(std::uint16_t type, bytes_view content) {
    bytes head;
    storage::append_number(head, type);
    storage::append_number(head, static_cast<std::uint32_t>(content.size()));
    chain_ = storage::archive_file::checksum_of(chain_, head, content);
    append(content_, head);
    append(content_, content);
    storage::append_number(content_, chain_);
    ends_.push_back(content_.size());
    return *this;
  }
  hand_written_file& put(const storage::archive_file::record& next) {
    bytes content;
    encode(next, content);
    return put(static_cast<std::uint16_t>(type_of(next)), content);
  }
  /// The whole of a document.
  hand_written_file& put(const sample_document& document) {
    put(document.begin);
    for (const auto& row : document.rows)
      put(row);
    return put(storage::archive_file::document_end{document.rows.size(), 0});
  }

  [[nodiscard]] const bytes& content() const noexcept { return content_; }
  /// Where each record ends.
  [[nodiscard]] const std::vector<std::size_t>& ends() const noexcept { return ends_; }

 private:
  bytes content_;
  storage::checksum chain_ = 0;
  std::vector<std::size_t> ends_;
};

}  // namespace quire::fixture
