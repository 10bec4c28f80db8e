#include "tests/bench/loadgen/edits_scanner.hpp"

#include "protocol/limits.hpp"
#include "protocol/msgpack_reader.hpp"

#include <algorithm>

namespace quire::bench {

namespace {

using protocol::msgpack_reader;
using protocol::reading;

constexpr std::uint64_t edits_number = 67;
constexpr std::uint32_t message_fields = 4;  // its number, document, first, run
constexpr std::uint32_t edit_fields = 3;     // client, sequence, operation

bool read_number(msgpack_reader& in, std::uint64_t& value) {
  return in.read_unsigned(value) == reading::good;
}

// An array of at least that many values; `more`: how many it has beyond.
bool read_record(msgpack_reader& in, std::uint32_t fields, std::uint32_t& more) {
  std::uint32_t count = 0;
  if (in.read_array(count) != reading::good || count < fields)
    return false;
  more = count - fields;
  return true;
}

bool skip_values(msgpack_reader& in, std::uint32_t count) {
  while (count > 0 && in.skip(limits::nesting_max) == reading::good)
    --count;
  return count == 0;
}

bool read_edit(msgpack_reader& in, scanned_edit& out) {
  std::uint32_t more = 0;
  std::uint64_t sequence = 0;
  bytes_view client;
  if (!read_record(in, edit_fields, more) || in.read_binary(client) != reading::good ||
      client.size() != out.client.octets.size() || !read_number(in, sequence) ||
      in.read_binary(out.operation) != reading::good)
    return false;
  std::ranges::copy(client, std::as_writable_bytes(std::span(out.client.octets)).begin());
  out.sequence = client_sequence(static_cast<std::uint32_t>(sequence));
  return skip_values(in, more);
}

bool read_edits(msgpack_reader& in, scanned_edits& out) {
  std::uint64_t document = 0;
  std::uint64_t first = 0;
  std::uint32_t count = 0;
  if (!read_number(in, document) || !read_number(in, first) || in.read_array(count) != reading::good)
    return false;
  out.document = document_number(document);
  out.first = revision(first);
  out.run.resize(count);
  return std::ranges::all_of(out.run, [&](scanned_edit& each) { return read_edit(in, each); });
}

}  // namespace

scan scan_edits(bytes_view& frame, scanned_edits& out) {
  msgpack_reader in(frame);
  std::uint64_t number = 0;
  std::uint32_t count = 0;
  if (in.read_array(count) != reading::good || count == 0 || !read_number(in, number))
    return scan::broken;
  if (number != edits_number)
    return scan::other;
  if (count < message_fields || !read_edits(in, out) || !skip_values(in, count - message_fields))
    return scan::broken;
  frame = in.rest();
  return scan::edits;
}

}  // namespace quire::bench
