#include "protocol/yjs/awareness.hpp"

#include "protocol/lib0/reader.hpp"
#include "protocol/lib0/writer.hpp"
#include "protocol/limits.hpp"

namespace quire::protocol::yjs {

namespace {

/// A client, a clock, and a state's length.
constexpr std::size_t entry_bytes_min = 3;

}  // namespace

result<std::vector<awareness_entry>> decode_awareness(bytes_view data) {
  lib0::reader from(data);
  const auto count = from.count(entry_bytes_min);
  if (count > limits::awareness_entries_max)
    return fail(errc::too_much_presence, "awareness of too many clients at once");
  std::vector<awareness_entry> entries;
  entries.reserve(static_cast<std::size_t>(count));
  for (std::uint64_t i = 0; i < count && from.is_good(); ++i) {
    awareness_entry entry;
    entry.client = from.var_uint();
    entry.clock = from.var_uint();
    entry.state = from.text();
    if (entry.state.size() > limits::awareness_state_bytes_max)
      return fail(errc::too_much_presence, "an awareness state over its limit in size");
    entries.push_back(entry);
  }
  if (!from.is_good())
    return fail(errc::malformed_message, from.why());
  if (!from.rest().empty())
    return fail(errc::malformed_message, "bytes after the awareness");
  return entries;
}

void encode_awareness(std::span<const awareness_entry> entries, bytes& out) {
  lib0::write_var_uint(entries.size(), out);
  for (const auto& entry : entries) {
    lib0::write_var_uint(entry.client, out);
    lib0::write_var_uint(entry.clock, out);
    lib0::write_text(entry.state, out);
  }
}

}  // namespace quire::protocol::yjs
