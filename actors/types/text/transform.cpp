#include "actors/types/text/transform.hpp"

#include "actors/types/text/single_change.hpp"

#include <algorithm>

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

// The same in closed form, where each is one insert or one erase; none if the result is not.

std::optional<single_change> past_insert(single_change op, const single_change& other, side tie) {
  const bool goes_first = op.at < other.at || (op.at == other.at && op.kind == part_kind::insert && tie == side::left);
  if (!goes_first)
    op.at += other.count;
  else if (op.kind == part_kind::erase && op.end() > other.at)
    return std::nullopt;  // what is inserted within cuts it in two
  return op;
}

single_change past_erase(single_change op, const single_change& other) {
  const std::size_t begin = std::clamp(op.at, other.at, other.end());
  if (op.kind == part_kind::erase)
    op.count -= std::clamp(op.end(), other.at, other.end()) - begin;
  op.at -= begin - other.at;
  return op;
}

std::optional<single_change> past(const single_change& op, const single_change& other, side tie) {
  return other.kind == part_kind::insert ? past_insert(op, other, tie) : past_erase(op, other);
}

}  // namespace

operation transform(operation op, const operation& other, side tie) {
  if (const auto change = as_single_change(op), met = as_single_change(other); change && met) {
    const auto rewritten = past(*change, *met, tie);
    if (rewritten && (rewritten->count == change->count || op.text().empty()))
      return to_operation(*rewritten, std::move(op).take_text());
  }
  operation_builder out;
  // Inserts are neither split nor lost, so their texts, joined, stay what they are.
  const bool texts_stay = !op.has_erased_text();
  if (texts_stay)
    out.leave_texts_out();
  rewrite(op, other, tie, out);
  return texts_stay ? std::move(out).finish_with(std::move(op).take_text()) : std::move(out).finish();
}

}  // namespace quire::actors::types::text
