#include "actors/types/text/invert.hpp"

#include "actors/types/text/rope.hpp"

namespace quire::actors::types::text {

result<operation> invert(const operation& op) {
  operation_builder out;
  piece_reader from(op);
  while (!from.at_end()) {
    piece next = from.take_all();
    if (next.kind == part_kind::erase && next.text.empty())
      return fail(errc::malformed_operation, "an erased stretch without its text cannot be inverted");
    if (next.kind == part_kind::erase)
      next.kind = part_kind::insert;
    else if (next.kind == part_kind::insert)
      next.kind = part_kind::erase;
    out.add(next);
  }
  return std::move(out).finish();
}

operation make_invertible(const operation& op, const rope& before) {
  operation_builder out;
  piece_reader from(op);
  std::size_t at = 0;
  while (!from.at_end()) {
    const piece next = from.take_all();
    if (next.kind == part_kind::erase && next.text.empty())
      out.erase(before.slice(at, next.count));
    else
      out.add(next);
    at += next.kind == part_kind::insert ? 0 : next.count;
  }
  return std::move(out).finish();
}

}  // namespace quire::actors::types::text
