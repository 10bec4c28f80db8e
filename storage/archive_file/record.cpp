#include "storage/archive_file/record.hpp"

#include "protocol/limits.hpp"
#include "storage/archive_file/field_reader.hpp"
#include "storage/little_endian.hpp"

namespace quire::storage::archive_file {

namespace {

constexpr std::size_t small_content_bytes_max = 4 * 1024;
// An operation and its author, with much to spare.
constexpr std::size_t row_content_bytes_max = 2 * limits::yjs_update_bytes_max;
// A name and an author, who comes from a token.
constexpr std::size_t label_content_bytes_max = 16 * 1024;
// A body that zstd could not make smaller, and what stands before it.
constexpr std::size_t snapshot_content_bytes_max = limits::snapshot_bytes_max + limits::snapshot_bytes_max / 128;
// Of types that a later version has: passed over, but read.
constexpr std::size_t unknown_content_bytes_max = snapshot_content_bytes_max;

void append_time(bytes& out, server_time at) {
  append_number(out, static_cast<std::uint64_t>(at.time_since_epoch().count()));
}

template <class Id>
void append_id(bytes& out, const Id& id) {
  append(out, std::as_bytes(std::span(id.octets)));
}

void append_place(bytes& out, log_place place) {
  append_number(out, place.at.value());
  append_number(out, place.chain);
}

log_place place_in(field_reader& from) {
  const auto at = from.strong_number<revision>();
  return {at, from.number<checksum>()};
}

void append_record(bytes& out, const document_begin& document) {
  append_number(out, static_cast<std::uint8_t>(document.state));
  append_id(out, document.info.id);
  append_sized(out, as_bytes(document.info.document.organisation));
  append_sized(out, as_bytes(document.info.document.name));
  append_number(out, document.info.generation.value());
  append_sized(out, as_bytes(document.info.type));
  append_time(out, document.info.created);
  append_number(out, document.identity);
  append_number(out, document.epoch.value());
  append_place(out, document.head);
  append_time(out, document.modified);
  append_place(out, document.floor);
}

document_begin document_in(field_reader& from) {
  document_begin read;
  read.state = static_cast<document_state>(from.number<std::uint8_t>());
  read.info.id = from.id<document_id>();
  read.info.document.organisation = from.text();
  read.info.document.name = from.text();
  read.info.generation = from.strong_number<generation>();
  read.info.type = from.text();
  read.info.created = from.time();
  read.identity = from.number<checksum>();
  read.epoch = from.strong_number<epoch>();
  read.head = place_in(from);
  read.modified = from.time();
  read.floor = place_in(from);
  return read;
}

// The bytes that its checksum is taken of, and the checksum.
void append_record(bytes& out, const archived_entry& row) {
  append_number(out, row.entry.revision.value());
  append_number(out, row.epoch.value());
  append_id(out, row.entry.client);
  append_number(out, row.entry.sequence.value());
  append_time(out, row.entry.at);
  append_number(out, row.entry.encoding);
  append_sized(out, as_bytes(row.entry.author));
  append_sized(out, *row.entry.operation);
  append_number(out, row.chain);
}

archived_entry row_in(field_reader& from) {
  archived_entry read;
  read.entry.revision = from.strong_number<revision>();
  read.epoch = from.strong_number<epoch>();
  read.entry.client = from.id<client_id>();
  read.entry.sequence = from.strong_number<client_sequence>();
  read.entry.at = from.time();
  read.entry.encoding = from.number<std::uint16_t>();
  read.entry.author = from.text();
  const auto operation = from.sized();
  read.entry.operation = share(bytes(operation.begin(), operation.end()));
  read.chain = from.number<checksum>();
  return read;
}

void append_record(bytes& out, const sealed_snapshot& snapshot) {
  append_number(out, snapshot.revision.value());
  append_number(out, snapshot.format);
  append_number(out, snapshot.chain);
  append_number(out, snapshot.seal);
  append_sized(out, snapshot.body);
}

sealed_snapshot snapshot_in(field_reader& from) {
  sealed_snapshot read;
  read.revision = from.strong_number<revision>();
  read.format = from.number<std::uint16_t>();
  read.chain = from.number<checksum>();
  read.seal = from.number<checksum>();
  const auto body = from.sized();
  read.body.assign(body.begin(), body.end());
  return read;
}

void append_record(bytes& out, const document_end& counted) {
  for (const auto number : {counted.rows, counted.snapshots, counted.labels})
    append_number(out, number);
}

document_end document_end_in(field_reader& from) {
  document_end read;
  for (auto* number : {&read.rows, &read.snapshots, &read.labels})
    *number = from.number<std::uint64_t>();
  return read;
}

void append_record(bytes& out, const withdrawal& withdrawn) {
  append_number(out, static_cast<std::uint8_t>(withdrawn.reason));
}

withdrawal withdrawal_in(field_reader& from) {
  return {static_cast<withdrawal_reason>(from.number<std::uint8_t>())};
}

void append_record(bytes& out, const file_end& counted) {
  for (const auto number : {counted.documents, counted.withdrawn, counted.rows, counted.snapshots, counted.labels})
    append_number(out, number);
}

file_end file_end_in(field_reader& from) {
  file_end read;
  for (auto* number : {&read.documents, &read.withdrawn, &read.rows, &read.snapshots, &read.labels})
    *number = from.number<std::uint64_t>();
  return read;
}

// The bytes that its seal is taken of, and the seal.
void append_record(bytes& out, const archived_label& label) {
  append_sized(out, as_bytes(label.made.name));
  append_number(out, label.made.at.value());
  append_sized(out, as_bytes(label.made.author));
  append_time(out, label.made.set);
  append_number(out, label.seal);
}

archived_label label_in(field_reader& from) {
  archived_label read;
  read.made.name = from.text();
  read.made.at = from.strong_number<revision>();
  read.made.author = from.text();
  read.made.set = from.time();
  read.seal = from.number<checksum>();
  return read;
}

record record_in(record_type type, field_reader& from) {
  switch (type) {
    case record_type::document_begin: return document_in(from);
    case record_type::row: return row_in(from);
    case record_type::snapshot: return snapshot_in(from);
    case record_type::document_end: return document_end_in(from);
    case record_type::withdrawal: return withdrawal_in(from);
    case record_type::file_end: return file_end_in(from);
    case record_type::label: break;
  }
  return label_in(from);
}

/// Whether what is a name for a number names one.
bool is_named(const record& read) {
  if (const auto* begun = std::get_if<document_begin>(&read))
    return begun->state == document_state::live || begun->state == document_state::deleted;
  if (const auto* withdrawn = std::get_if<withdrawal>(&read))
    return withdrawn->reason >= withdrawal_reason::deleted && withdrawn->reason <= withdrawal_reason::again;
  return true;
}

}  // namespace

record_type type_of(const record& of) noexcept {
  static_assert(std::is_same_v<std::variant_alternative_t<6, record>, archived_label>);
  return static_cast<record_type>(of.index() + 1);
}

bool is_known(std::uint16_t type) noexcept {
  return type >= static_cast<std::uint16_t>(record_type::document_begin) &&
         type <= static_cast<std::uint16_t>(record_type::label);
}

std::size_t content_bytes_max(std::uint16_t type) noexcept {
  if (!is_known(type))
    return unknown_content_bytes_max;
  switch (static_cast<record_type>(type)) {
    case record_type::row: return row_content_bytes_max;
    case record_type::snapshot: return snapshot_content_bytes_max;
    case record_type::label: return label_content_bytes_max;
    default: return small_content_bytes_max;
  }
}

void encode(const record& from, bytes& out) {
  std::visit([&](const auto& each) { append_record(out, each); }, from);
}

result<record> decode(record_type type, bytes_view content) {
  field_reader fields(content);
  auto read = record_in(type, fields);
  if (!fields.is_whole() || !is_named(read))
    return fail(errc::document_damaged,
                "a record of type " + std::to_string(static_cast<int>(type)) + " does not have the fields of one");
  return read;
}

}  // namespace quire::storage::archive_file
