#include "storage/checksum.hpp"

#include "storage/little_endian.hpp"

#include <xxhash.h>

namespace quire::storage {

namespace {

std::uint64_t milliseconds(server_time at) {
  return static_cast<std::uint64_t>(at.time_since_epoch().count());
}

}  // namespace

checksum document_checksum(const document_info& document) {
  bytes row;
  append(row, std::as_bytes(std::span(document.id.octets)));
  append_sized(row, as_bytes(document.document.organisation));
  append_sized(row, as_bytes(document.document.name));
  append_number(row, document.generation.value());
  append_sized(row, as_bytes(document.type));
  append_number(row, milliseconds(document.created));
  return XXH64(row.data(), row.size(), 0);
}

checksum label_checksum(checksum document, const label& of) {
  bytes row;
  append_sized(row, as_bytes(of.name));
  append_number(row, of.at.value());
  append_sized(row, as_bytes(of.author));
  append_number(row, milliseconds(of.set));
  return XXH64(row.data(), row.size(), document);
}

checksum moved_checksum(checksum document, checksum original) {
  bytes row;
  append_number(row, original);
  return XXH64(row.data(), row.size(), document);
}

checksum row_chain::next(checksum before, const log_entry& entry, epoch under) {
  row_.clear();
  append_number(row_, entry.revision.value());
  append_number(row_, under.value());
  append(row_, std::as_bytes(std::span(entry.client.octets)));
  append_number(row_, entry.sequence.value());
  append_number(row_, milliseconds(entry.at));
  append_number(row_, entry.encoding);
  append_sized(row_, as_bytes(entry.author));
  append_sized(row_, *entry.operation);
  return XXH64(row_.data(), row_.size(), before);
}

}  // namespace quire::storage
