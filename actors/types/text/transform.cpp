#include "actors/types/text/transform.hpp"

namespace quire::actors::types::text {

namespace {

// Passes `count` code points that `other` retains or erases, and every insert on the way.
void pass(piece_reader& from, std::uint32_t count, bool is_erased, operation_builder& out) {
  while (count > 0 && !from.at_end()) {
    if (from.kind() == part_kind::insert) {
      out.add(from.take_all());
      continue;
    }
    const piece passed = from.take(count);
    if (!is_erased)
      out.add(passed);
    count -= passed.count;
  }
  if (!is_erased)
    out.retain(count);
}

void rewrite(const operation& op, const operation& other, side tie, operation_builder& out) {
  piece_reader from(op);
  for (const part& met : other.parts()) {
    if (met.kind == part_kind::insert) {
      if (tie == side::left && !from.at_end() && from.kind() == part_kind::insert)
        out.add(from.take_all());
      out.retain(met.count);
    } else {
      pass(from, met.count, met.kind == part_kind::erase, out);
    }
  }
  while (!from.at_end())
    out.add(from.take_all());
}

}  // namespace

operation transform(operation op, const operation& other, side tie) {
  operation_builder out;
  // Inserts are neither split nor lost, so their texts, joined, stay what they are.
  const bool texts_stay = !op.has_erased_text();
  if (texts_stay)
    out.leave_texts_out();
  rewrite(op, other, tie, out);
  return texts_stay ? std::move(out).finish_with(std::move(op).take_text()) : std::move(out).finish();
}

}  // namespace quire::actors::types::text
