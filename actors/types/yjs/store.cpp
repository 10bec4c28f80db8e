#include "actors/types/yjs/store.hpp"

#include "actors/types/yjs/content.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

namespace quire::actors::types::yjs {

namespace {

bool holds_bytes(content_kind kind) noexcept {
  return kind != content_kind::collected && kind != content_kind::deleted && kind != content_kind::type;
}

bool is_joinable(content_kind kind) noexcept {
  return kind == content_kind::deleted || kind == content_kind::text || kind == content_kind::any ||
         kind == content_kind::json;
}

}  // namespace

client_index store::index_of(std::uint64_t client) {
  if (const client_index found = find_client(client); found != none)
    return found;
  const auto made = static_cast<client_index>(clients_.size());
  clients_.push_back({.client = client, .runs = {}});
  client_numbers_.emplace(client, made);
  return last_client_ = made;
}

client_index store::find_client(std::uint64_t client) const noexcept {
  if (last_client_ != none && clients_[last_client_].client == client)
    return last_client_;
  const auto found = client_numbers_.find(client);
  return found == client_numbers_.end() ? none : last_client_ = found->second;
}

std::vector<client_index> store::sorted_clients() const {
  std::vector<client_index> sorted(clients_.size());
  for (std::size_t i = 0; i < sorted.size(); ++i)
    sorted[i] = static_cast<client_index>(i);
  std::ranges::sort(sorted, std::greater<>(), [&](client_index each) { return clients_[each].client; });
  return sorted;
}

item_handle store::append(client_index client, std::uint32_t length, content_kind kind) {
  client_runs& of = clients_[client];
  const item_handle made = items_.add();
  item& run = items_[made];
  run.clock = of.next_clock;
  run.length = length;
  run.client = client;
  run.kind = kind;
  run.is_deleted = kind == content_kind::collected;
  of.runs.push_back(made);
  of.next_clock += length;
  return made;
}

content_piece store::piece_of(const item& run) const noexcept {
  return {run.data, run.bytes, run.spare};
}

void store::set_piece(item& of, const content_piece& piece) noexcept {
  of.data = piece.data;
  of.bytes = piece.bytes;
  of.spare = static_cast<std::uint16_t>(piece.spare);
}

void store::set_content(item& of, std::string_view content) {
  set_piece(of, content_.store(content));
}

void store::drop_content(item& of) noexcept {
  if (holds_bytes(of.kind))
    content_.release(piece_of(of));
  of.data = nullptr;
  of.bytes = 0;
  of.spare = 0;
}

void store::split_content(item& left, item& right, std::uint32_t unit) {
  if (!holds_bytes(left.kind))
    return;
  const auto cut = cut_of(left.kind, left.content(), left.length, unit);
  if (!cut.is_in_character) {
    right.data = left.data + cut.bytes;
    right.bytes = left.bytes - static_cast<std::uint32_t>(cut.bytes);
    right.spare = left.spare;
    left.bytes = static_cast<std::uint32_t>(cut.bytes);
    left.spare = 0;
    return;
  }
  const std::string whole(left.content());
  drop_content(left);
  set_content(left, whole.substr(0, cut.bytes).append(half_character));
  set_content(right, std::string(half_character).append(whole, cut.bytes + 4));
}

item_handle store::split(client_index client, position where, std::uint32_t unit) {
  const item_handle cut = at(client, where);
  const item_handle made = items_.add();
  item& left = items_[cut];
  item& right = items_[made];
  right = left;
  right.data = nullptr;
  right.bytes = 0;
  right.spare = 0;
  right.clock = left.clock + unit;
  right.length = left.length - unit;
  split_content(left, right, unit);
  left.length = unit;
  if (!left.is_collected()) {
    right.origin_client = client;
    right.origin_clock = right.clock - 1;
    right.left = cut;
    left.right = made;
    if (right.right != none)
      items_[right.right].left = made;
    else if (right.key != none)
      types_[right.parent].entry(right.key).last = made;
  }
  clients_[client].runs.insert_after(where, made);
  return made;
}

bool store::can_join(const item& first, const item& second) const noexcept {
  if (first.kind != second.kind || first.is_deleted != second.is_deleted ||
      std::uint64_t{first.length} + second.length > run_length_max)
    return false;
  if (first.is_collected())
    return true;
  return is_joinable(first.kind) && second.origin_client == first.client && second.origin_clock == first.end() - 1 &&
         first.right != none && second.left != none && &items_[first.right] == &second &&
         first.right_origin() == second.right_origin() &&
         std::uint64_t{first.bytes} + second.bytes < std::numeric_limits<std::uint32_t>::max() / 4;
}

store::position store::join_with_lefts(client_index client, position where, std::size_t& joined) {
  run_list& runs = clients_[client].runs;
  position first = where;
  std::size_t count = 0;
  while (!runs.is_first(first)) {
    const position before = runs.previous(first);
    if (!can_join(items_[runs[before]], items_[runs[first]]))
      break;
    first = before;
    ++count;
  }
  if (count == 0)
    return where;
  item& whole = items_[runs[first]];
  for (position next = first; next != where;) {
    next = runs.next(next);
    const item_handle gone = runs[next];
    item& more = items_[gone];
    if (!whole.is_collected()) {
      whole.right = more.right;
      if (whole.right != none)
        items_[whole.right].left = runs[first];
      else if (whole.key != none)
        types_[whole.parent].entry(whole.key).last = runs[first];
    }
    if (holds_bytes(whole.kind)) {
      if (whole.data + whole.bytes == more.data) {
        whole.bytes += more.bytes;
        whole.spare = more.spare;
      } else {
        auto piece = piece_of(whole);
        content_.extend(piece, more.content());
        content_.release(piece_of(more));
        set_piece(whole, piece);
      }
    }
    whole.length += more.length;
    items_.remove(gone);
  }
  runs.erase_after(first, where);
  joined += count;
  return first;
}

void store::extend(item_handle run, std::uint32_t length, std::string_view more) {
  item& of = items_[run];
  auto piece = piece_of(of);
  content_.extend(piece, more);
  set_piece(of, piece);
  of.length += length;
  clients_[of.client].next_clock += length;
}

void store::repack_if_wasteful() {
  if (!content_.is_wasteful())
    return;
  content_arena packed;
  for (item_handle each = 0; each < items_.end(); ++each) {
    item& run = items_[each];
    if (run.client != none && holds_bytes(run.kind))
      set_piece(run, packed.store(run.content()));
  }
  content_ = std::move(packed);
}

type_handle store::root(std::string_view name) {
  const key_index key = keys_.index_of(name);
  const auto [found, is_new] = roots_.try_emplace(key, none);
  if (is_new) {
    found->second = types_.add();
    types_[found->second].name = key;
    root_order_.push_back(found->second);
  }
  return found->second;
}

type_handle store::find_root(std::string_view name) const noexcept {
  const auto found = roots_.find(keys_.find(name));
  return found == roots_.end() ? none : found->second;
}

update_struct store::describe(const item& run) const noexcept {
  update_struct made;
  made.clock = run.clock;
  made.length = run.length;
  made.kind = run.kind;
  if (run.is_collected())
    return made;
  made.has_origin = run.origin_client != none;
  made.has_right_origin = run.right_origin_client != none;
  made.has_key = run.key != none;
  if (made.has_origin)
    made.origin = {clients_[run.origin_client].client, run.origin_clock};
  if (made.has_right_origin)
    made.right_origin = {clients_[run.right_origin_client].client, run.right_origin_clock};
  if (!made.has_origin && !made.has_right_origin) {
    const shared_type& parent = types_[run.parent];
    made.parent = parent.is_root() ? parent_form::root : parent_form::item;
    if (parent.is_root())
      made.root = keys_[parent.name];
    else
      made.parent_item = {clients_[items_[parent.item].client].client, items_[parent.item].clock};
    if (made.has_key)
      made.key = keys_[run.key];
  }
  if (run.is_type()) {
    const shared_type& held = types_[run.type()];
    made.type = held.ref;
    if (held.name != none)
      made.content = keys_[held.name];
  } else {
    made.content = run.content();
  }
  return made;
}

std::size_t store::memory() const noexcept {
  constexpr std::size_t bytes_a_client = sizeof(client_runs) + 128;  // its first chunk, and its place in the index
  constexpr std::size_t bytes_a_run = sizeof(item_handle) + 2;
  return sizeof *this + items_.memory() + types_.memory() + keys_.memory() + content_.memory() +
         clients_.size() * bytes_a_client + items_.count() * bytes_a_run;
}

}  // namespace quire::actors::types::yjs
