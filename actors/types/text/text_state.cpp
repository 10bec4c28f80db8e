#include "actors/types/text/text_state.hpp"

#include "actors/types/json_string.hpp"
#include "actors/types/text/codec.hpp"
#include "actors/types/text/cursor.hpp"
#include "actors/types/text/difference.hpp"
#include "actors/types/text/operation_json.hpp"
#include "actors/types/text/snapshot.hpp"
#include "actors/types/text/transform.hpp"
#include "protocol/utf8.hpp"

#include <algorithm>
#include <cassert>

namespace quire::actors::types::text {

namespace {

// Copying so many bytes of text counts as one step of rebasing, as passing one part does.
constexpr std::size_t bytes_a_step = 256;

std::size_t steps_of(const operation& late, const operation& missed) noexcept {
  const std::size_t copied = late.has_erased_text() ? late.text().size() : 0;
  return late.parts().size() + missed.parts().size() + copied / bytes_a_step;
}

result<void> write_logged_json(bytes_view logged, bytes& out) {
  const auto decoded = decode(logged, own_codec_limits);
  if (!decoded)
    return fail(errc::document_damaged, "an operation of the log: " + decoded.error().detail);
  write_json(*decoded, out);
  return {};
}

}  // namespace

text_state::text_state(const type_limits& limits)
  : limits_(limits), history_(limits.history_operations_max, limits.history_bytes_max) {}

result<state_ptr> text_state::load(bytes_view snapshot, quire::revision at, const type_limits& limits) {
  auto parsed = read_snapshot(snapshot);
  if (!parsed)
    return tl::unexpected<error>(parsed.error());
  if (parsed->operations.size() > at.value())
    return fail(errc::document_damaged, "a snapshot with more operations than its revision");
  auto state = std::make_unique<text_state>(limits);
  state->content_ = rope(parsed->content);
  state->revision_ = at;
  for (const bytes_view encoded : parsed->operations)
    state->history_.add(encoded);
  return state;
}

result<prepared> text_state::prepare(quire::revision base, bytes_view encoded) {
  if (base > revision_)
    return fail(errc::future_revision, "the document is at revision " + std::to_string(revision_.value()));
  const std::uint64_t missed = revision_.value() - base.value();
  if (missed > history_.size())
    return fail(errc::base_too_old, "the oldest base is " + std::to_string(revision_.value() - history_.size()));
  auto decoded = decode(encoded, {limits_.operation_bytes_max, limits_.operation_parts_max});
  if (!decoded)
    return tl::unexpected<error>(decoded.error());
  auto rebased = rebase(std::move(*decoded), static_cast<std::size_t>(missed));
  if (!rebased)
    return tl::unexpected<error>(rebased.error());
  if (auto fits = check_fits(*rebased).and_then([&] { return check_size(*rebased); }); !fits)
    return tl::unexpected<error>(fits.error());
  next_ = std::move(*rebased);
  bytes logged;
  if (missed == 0)
    append(logged, encoded);  // its only encoding
  else
    encode(next_, logged);
  const shared_bytes shared = share(std::move(logged));
  return prepared{outcome::change, shared, shared};
}

result<operation> text_state::rebase(operation late, std::size_t missed) const {
  std::size_t steps = 0;
  for (std::size_t i = history_.size() - missed; i < history_.size(); ++i) {
    const auto met = decode(history_[i], own_codec_limits);
    assert(met);  // it was applied
    steps += steps_of(late, *met);
    if (steps > limits_.rebase_steps_max)
      return fail(errc::too_costly, std::to_string(missed) + " operations to rebase over");
    late = transform(std::move(late), *met, side::left);
  }
  return late;
}

// Rebasing keeps what an operation reaches past the end, and the text that it claims to erase, so both are checked
// here.
result<void> text_state::check_fits(const operation& op) const {
  if (op.base_length() > content_.size().code_points)
    return fail(errc::malformed_operation, "past the end");
  if (!op.has_erased_text())
    return {};
  std::size_t at = 0;
  piece_reader from(op);
  while (!from.at_end()) {
    const piece next = from.take_all();
    if (next.kind == part_kind::erase && !next.text.empty() && !content_.matches(at, next.count, next.text))
      return fail(errc::malformed_operation, "erases another text than there is");
    at += next.kind == part_kind::insert ? 0 : next.count;
  }
  return {};
}

// An operation that leaves less than there was is good even if a lowered limit makes that too much.
result<void> text_state::check_size(const operation& op) const {
  std::size_t inserted = 0;
  std::size_t erased = 0;
  std::size_t at = 0;
  for (const part& each : op.parts()) {
    if (each.kind == part_kind::insert)
      inserted += each.text_bytes;
    if (each.kind == part_kind::erase)
      erased += content_.bytes_of(at, each.count);
    at += each.kind == part_kind::insert ? 0 : each.count;
  }
  const std::size_t before = content_.size().bytes;
  const std::size_t max = std::max(before, std::min(limits_.document_bytes_max, operation::length_max));
  if (before - erased + inserted > max)
    return fail(errc::document_too_large, "the limit is " + std::to_string(limits_.document_bytes_max) + " bytes");
  return {};
}

void text_state::apply(const prepared& operation) {
  advance(next_, *operation.logged);
}

void text_state::advance(const operation& op, bytes_view encoded) {
  content_.apply(op);
  history_.add(encoded);
  revision_ = revision_.next();
}

result<void> text_state::replay(bytes_view logged) {
  const auto decoded = decode(logged, own_codec_limits);
  if (!decoded)
    return fail(errc::document_damaged, "an operation of the log: " + decoded.error().detail);
  if (const auto fits = check_fits(*decoded); !fits)
    return fail(errc::document_damaged, "an operation of the log: " + fits.error().detail);
  advance(*decoded, logged);
  return {};
}

void text_state::write_snapshot(bytes& out) const {
  types::text::write_snapshot(content_, history_, out);
}

void text_state::write_content(bytes& out) const {
  out.reserve(out.size() + content_.size().bytes);
  content_.for_each_run([&](std::string_view run) { append(out, as_bytes(run)); });
}

result<void> text_state::read_text(bytes& out) const {
  write_content(out);
  return {};
}

result<void> text_state::read_json(bytes& out) const {
  out.reserve(out.size() + content_.size().bytes + 2);
  append(out, as_bytes("\""));
  content_.for_each_run([&](std::string_view run) { append_json_escaped(run, out); });
  append(out, as_bytes("\""));
  return {};
}

result<bytes> text_state::replacement(std::string_view text) const {
  if (!is_utf8(text))
    return fail(errc::malformed_operation, "not UTF-8");
  if (text.size() > limits_.document_bytes_max)
    return fail(errc::document_too_large, "the limit is " + std::to_string(limits_.document_bytes_max) + " bytes");
  bytes encoded;
  encode(difference(content_.to_string(), text), encoded);
  return encoded;
}

memory_usage text_state::memory() const noexcept {
  return {content_.size().bytes, sizeof *this + content_.memory() + history_.memory(), history_.size()};
}

const document_type& type() noexcept {
  static constexpr document_type text{
    .name = "text",
    .operation_encoding = 1,
    .snapshot_format = 1,
    .create = [](const type_limits& limits) -> state_ptr { return std::make_unique<text_state>(limits); },
    .load = text_state::load,
    .write_operation_json = write_logged_json,
    .check_cursor = check_cursor,
    .move_cursor = move_cursor,
  };
  return text;
}

}  // namespace quire::actors::types::text
