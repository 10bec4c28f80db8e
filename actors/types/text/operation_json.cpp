#include "actors/types/text/operation_json.hpp"

#include "actors/types/json_string.hpp"

#include <string>

namespace quire::actors::types::text {

namespace {

/// Its text if it has one, else how long it is.
void write_extent(const piece& each, bytes& out) {
  if (each.text.empty())
    return append(out, as_bytes(std::to_string(each.count)));
  append(out, as_bytes("\""));
  append_json_escaped(each.text, out);
  append(out, as_bytes("\""));
}

}  // namespace

void write_json(const operation& op, bytes& out) {
  append(out, as_bytes("["));
  piece_reader from(op);
  for (bool is_first = true; !from.at_end(); is_first = false) {
    const piece next = from.take_all();
    const bool is_erase = next.kind == part_kind::erase;
    if (!is_first)
      append(out, as_bytes(","));
    if (is_erase)
      append(out, as_bytes("{\"d\":"));
    write_extent(next, out);
    if (is_erase)
      append(out, as_bytes("}"));
  }
  append(out, as_bytes("]"));
}

}  // namespace quire::actors::types::text
