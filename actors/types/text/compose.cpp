#include "actors/types/text/compose.hpp"

#include "actors/types/utf8.hpp"

namespace quire::actors::types::text {

namespace {

// What `first` erased is no longer there for `second` to meet.
void pass_erased(piece_reader& from, operation_builder& out) {
  while (!from.at_end() && from.kind() == part_kind::erase)
    out.add(from.take_all());
}

void retain(piece_reader& from, std::uint32_t count, operation_builder& out) {
  while (count > 0) {
    pass_erased(from, out);
    if (from.at_end())
      return out.retain(count);
    const piece kept = from.take(count);
    out.add(kept);
    count -= kept.count;
  }
}

// Cuts `count` code points off the front of what is erased.
piece cut(piece& erased, std::uint32_t count) {
  piece front{erased.kind, count, erased.text.substr(0, utf8::offset_of(erased.text, count))};
  erased.count -= count;
  erased.text.remove_prefix(front.text.size());
  return front;
}

void erase(piece_reader& from, piece erased, operation_builder& out) {
  while (erased.count > 0) {
    pass_erased(from, out);
    if (from.at_end())
      return out.add(erased);
    const piece met = from.take(erased.count);
    const piece front = cut(erased, met.count);
    if (met.kind == part_kind::retain)
      out.add(front);  // an insert that is erased again leaves nothing
  }
}

}  // namespace

operation compose(const operation& first, const operation& second) {
  operation_builder out;
  piece_reader from(first);
  piece_reader then(second);
  while (!then.at_end()) {
    const piece next = then.take_all();
    switch (next.kind) {
      case part_kind::retain: retain(from, next.count, out); break;
      case part_kind::insert: out.add(next); break;
      case part_kind::erase: erase(from, next, out); break;
    }
  }
  while (!from.at_end())
    out.add(from.take_all());
  return std::move(out).finish();
}

}  // namespace quire::actors::types::text
