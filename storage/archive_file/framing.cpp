#include "storage/archive_file/framing.hpp"

#include "storage/little_endian.hpp"

#include <xxhash.h>

namespace quire::storage::archive_file {

namespace {

tl::unexpected<error> wrong(const char* what) {
  return fail(errc::document_damaged, what);
}

}  // namespace

bytes file_head() {
  bytes head = to_bytes(magic);
  append_number(head, version);
  return head;
}

checksum checksum_of(bytes_view head) {
  return XXH64(head.data(), head.size(), 0);
}

checksum checksum_of(checksum before, bytes_view record_head, bytes_view content) {
  const auto begun = XXH64(record_head.data(), record_head.size(), before);
  return XXH64(content.data(), content.size(), begun);
}

result<void> tally::take(const record& next) {
  if (is_in_document_)
    return take_in_document(next);
  if (const auto* begun = std::get_if<document_begin>(&next)) {
    is_in_document_ = true;
    state_ = begun->state;
    document_ = {};
    return {};
  }
  const auto* end = std::get_if<file_end>(&next);
  if (end == nullptr)
    return wrong("a part of a document outside of any");
  if (*end != file_)
    return wrong("the counts at the end are not those of what stands before");
  return {};
}

result<void> tally::take_in_document(const record& next) {
  const bool is_part = std::holds_alternative<archived_entry>(next) || std::holds_alternative<sealed_snapshot>(next) ||
                       std::holds_alternative<archived_label>(next);
  if (is_part && state_ == document_state::deleted)
    return wrong("a deleted document has rows, snapshots or labels");
  if (std::holds_alternative<archived_entry>(next)) {
    ++document_.rows;
  } else if (std::holds_alternative<sealed_snapshot>(next)) {
    ++document_.snapshots;
  } else if (std::holds_alternative<archived_label>(next)) {
    ++document_.labels;
  } else if (const auto* end = std::get_if<document_end>(&next)) {
    if (*end != document_)
      return wrong("the counts at a document's end are not those of what it has");
    end_document();
  } else if (const auto* withdrawn = std::get_if<withdrawal>(&next)) {
    is_in_document_ = false;
    file_.withdrawn += withdrawn->reason == withdrawal_reason::again ? 0 : 1;
  } else {
    return wrong("a document does not end");
  }
  return {};
}

void tally::end_document() {
  is_in_document_ = false;
  ++file_.documents;
  file_.rows += document_.rows;
  file_.snapshots += document_.snapshots;
  file_.labels += document_.labels;
}

}  // namespace quire::storage::archive_file
