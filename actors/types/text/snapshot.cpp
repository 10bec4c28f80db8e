#include "actors/types/text/snapshot.hpp"

#include "actors/types/msgpack_packer.hpp"
#include "actors/types/text/codec.hpp"
#include "protocol/msgpack_reader.hpp"
#include "protocol/utf8.hpp"

namespace quire::actors::types::text {

namespace {

using protocol::msgpack_reader;
using protocol::reading;

tl::unexpected<error> damaged(const char* detail) {
  return fail(errc::document_damaged, std::string("snapshot: ") + detail);
}

}  // namespace

void write_snapshot(const rope& content, const history& operations, bytes& out) {
  byte_sink sink(out);
  msgpack_packer pack(sink);
  pack.pack_array(2);
  pack.pack_str(static_cast<std::uint32_t>(content.size().bytes));
  content.for_each_run([&](std::string_view run) { sink.write(run.data(), run.size()); });
  pack.pack_array(static_cast<std::uint32_t>(operations.size()));
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const std::string_view encoded = as_text(operations[i]);
    const auto size = static_cast<std::uint32_t>(encoded.size());
    pack.pack_bin(size).pack_bin_body(encoded.data(), size);
  }
}

result<snapshot_content> read_snapshot(bytes_view snapshot) {
  msgpack_reader from(snapshot);
  snapshot_content read;
  std::uint32_t members = 0;
  std::uint32_t count = 0;
  if (from.read_array(members) != reading::good || members != 2 || from.read_text(read.content) != reading::good ||
      from.read_array(count) != reading::good)
    return damaged("not a text and its last operations");
  if (!is_utf8(read.content))
    return damaged("a text that is not UTF-8");
  for (std::uint32_t i = 0; i < count; ++i) {
    bytes_view encoded;
    if (from.read_binary(encoded) != reading::good || !decode(encoded, own_codec_limits))
      return damaged("an operation does not read");
    read.operations.push_back(encoded);
  }
  if (!from.rest().empty())
    return damaged("bytes after the end");
  return read;
}

}  // namespace quire::actors::types::text
