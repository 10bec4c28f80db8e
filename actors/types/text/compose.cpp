#include "actors/types/text/compose.hpp"

#include "actors/types/text/single_change.hpp"
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

// The same in closed form, where each is one insert or one erase and the two touch: typing on, and taking back.

std::optional<operation> typed_on(single_change typed, operation& first, const single_change& then,
                                  std::string_view more) {
  if (then.at < typed.at || then.at > typed.end())
    return std::nullopt;
  std::string text = std::move(first).take_text();
  text.insert(utf8::offset_of(text, then.at - typed.at), more);
  typed.count += then.count;
  return to_operation(typed, std::move(text));
}

std::optional<operation> taken_back(single_change typed, operation& first, const single_change& then) {
  if (then.at < typed.at || then.end() > typed.end())
    return std::nullopt;
  std::string text = std::move(first).take_text();
  const std::size_t begin = utf8::offset_of(text, then.at - typed.at);
  text.erase(begin, utf8::offset_of(std::string_view(text).substr(begin), then.count));
  typed.count -= then.count;
  return to_operation(typed, std::move(text));
}

std::optional<operation> compose_changes(operation& first, const operation& second) {
  const auto typed = as_single_change(first);
  const auto then = as_single_change(second);
  if (!typed || !then || typed->kind != part_kind::insert)
    return std::nullopt;
  if (then->kind == part_kind::insert)
    return typed_on(*typed, first, *then, second.text());
  return taken_back(*typed, first, *then);
}

}  // namespace

operation compose(operation first, const operation& second) {
  if (auto composed = compose_changes(first, second))
    return std::move(*composed);
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
