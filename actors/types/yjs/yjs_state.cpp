#include "actors/types/yjs/yjs_state.hpp"

#include "actors/types/json_string.hpp"
#include "actors/types/yjs/reading.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <cassert>
#include <memory>
#include <string>

namespace quire::actors::types::yjs {

namespace {

/// What a run counts in a document's size besides its content: about what it takes.
constexpr std::size_t bytes_a_run = 64;

tl::unexpected<error> damaged(const char* what, const error& why) {
  return fail(errc::document_damaged, std::string(what) + ": " + why.detail);
}

std::size_t size_of(const document& content) noexcept {
  return content.content().content_bytes() + content.content().items() * bytes_a_run;
}

/// Whether the clients of an update are known or may be more. Those of which all waits are known, too.
bool has_room_for_clients(const document& content, const update& what) {
  const store& placed = content.content();
  const auto& waiting = content.waiting().blocks();
  const auto is_placed = [&](std::uint64_t client) { return placed.find_client(client) != none; };
  const auto more = static_cast<std::size_t>(std::ranges::count_if(what.blocks, [&](const update_block& block) {
    return !is_placed(block.client) && !waiting.contains(block.client);
  }));
  if (more == 0 || placed.clients() + waiting.size() + more <= limits::yjs_clients_max)
    return true;
  const auto only_waiting =
    static_cast<std::size_t>(std::ranges::count_if(waiting, [&](const auto& each) { return !is_placed(each.first); }));
  return placed.clients() + only_waiting + more <= limits::yjs_clients_max;
}

}  // namespace

result<state_ptr> yjs_state::load(bytes_view snapshot, quire::revision at, const type_limits& limits) {
  auto state = std::make_unique<yjs_state>(limits);
  update stored;
  if (const auto read = decode_update(snapshot, own_update_limits, stored); !read)
    return damaged("snapshot", read.error());
  state->document_.apply(stored);
  state->revision_ = at;
  return state;
}

result<prepared> yjs_state::prepare(quire::revision base, bytes_view operation) {
  if (base > revision_)
    return fail(errc::future_revision, "the document is at revision " + std::to_string(revision_.value()));
  if (operation.size() > limits_.update_bytes_max)
    return fail(errc::operation_too_large, "an update of " + std::to_string(operation.size()) + " bytes");
  auto logged = std::make_shared<bytes>(operation.begin(), operation.end());
  if (auto read = decode_update(*logged, {limits_.update_bytes_max, limits::yjs_structs_max}, next_); !read)
    return tl::unexpected(read.error());
  const news found = document_.news_in(next_);
  if (found == news::nothing)
    return prepared{outcome::nothing, nullptr, nullptr};
  if (auto fits = check_size(next_); !fits)
    return tl::unexpected(fits.error());
  if (found == news::part) {
    auto part = std::make_shared<bytes>();
    document_.encode_news(next_, *part);
    [[maybe_unused]] const auto again = decode_update(*part, own_update_limits, next_);
    assert(again);
    logged = std::move(part);
  }
  return prepared{outcome::change, logged, logged};
}

// What only deletes is good even if a lowered limit makes what is there too much.
result<void> yjs_state::check_size(const update& what) const {
  std::size_t added = what.structs.size() * bytes_a_run;
  for (const update_struct& each : what.structs)
    added += each.content.size() + each.key.size() + each.root.size();
  if (added > 0 && size_of(document_) + document_.waiting().bytes() + added > limits_.document_bytes_max)
    return fail(errc::document_too_large, "the limit is " + std::to_string(limits_.document_bytes_max) + " bytes");
  if (!has_room_for_clients(document_, what))
    return fail(errc::document_too_large, "the limit is " + std::to_string(limits::yjs_clients_max) + " clients");
  const std::size_t waiting =
    document_.waiting().bytes() + pending::cost_of(added, what.structs.size(), what.deletes.size());
  if (waiting > limits::yjs_pending_bytes_max && document_.is_incomplete(what))
    return fail(errc::future_revision, "it waits for updates that have not come, and too much waits already");
  return {};
}

void yjs_state::apply(const prepared& /*operation*/) {
  document_.apply(next_);
  next_.clear();
  revision_ = revision_.next();
}

result<void> yjs_state::replay(bytes_view logged) {
  if (const auto read = decode_update(logged, own_update_limits, next_); !read)
    return damaged("an operation of the log", read.error());
  document_.apply(next_);
  next_.clear();
  revision_ = revision_.next();
  return {};
}

result<difference> yjs_state::difference_from(bytes_view known) const {
  const auto position = decode_state_vector(known, limits::yjs_clients_max);
  if (!position)
    return tl::unexpected(position.error());
  difference lacking;
  encode_state_vector(document_.known(), lacking.position);
  document_.encode(*position, lacking.update);
  return lacking;
}

result<void> yjs_state::read_text(bytes& out) const {
  const store& content = document_.content();
  if (content.roots().empty())
    return {};
  const shared_type& root = content.type(content.roots()[0]);
  if (content.roots().size() > 1 || (root.length > 0 && guess_type(content, root) != type_ref::text))
    return fail(errc::type_mismatch, "a Yjs document that is not one text: read it as JSON");
  write_plain_text(content, root, out);
  return {};
}

result<void> yjs_state::read_json(bytes& out) const {
  const store& content = document_.content();
  append(out, as_bytes("{"));
  for (std::size_t i = 0; i < content.roots().size(); ++i) {
    const shared_type& root = content.type(content.roots()[i]);
    append(out, as_bytes(i > 0 ? ",\"" : "\""));
    append_json_escaped(content.keys()[root.name], out);
    append(out, as_bytes("\":"));
    write_json(content, root, guess_type(content, root), out);
  }
  append(out, as_bytes("}"));
  return {};
}

result<bytes> yjs_state::replacement(std::string_view /*text*/) const {
  return fail(errc::type_mismatch, "a Yjs document is changed by its updates");
}

memory_usage yjs_state::memory() const noexcept {
  return {document_.content().content_bytes(), document_.content().memory() + document_.waiting().bytes(), 0};
}

const document_type& type() noexcept {
  static constexpr document_type yjs{
    .name = "yjs",
    .operation_encoding = 1,
    .snapshot_format = 1,
    .create = [](const type_limits& limits) -> state_ptr { return std::make_unique<yjs_state>(limits); },
    .load = yjs_state::load,
    // A cursor is the client's own affair: it names units by id, which no edit moves.
    .check_cursor = [](bytes_view) -> result<void> { return {}; },
    .move_cursor = [](bytes_view cursor, bytes_view, bool) { return bytes(cursor.begin(), cursor.end()); },
    .merges = true,
  };
  return yjs;
}

}  // namespace quire::actors::types::yjs
