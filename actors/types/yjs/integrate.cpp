#include "actors/types/yjs/content.hpp"
#include "actors/types/yjs/transaction.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <string>

namespace quire::actors::types::yjs {

std::optional<id> transaction::missing(std::uint64_t client, const update_struct& what) const noexcept {
  const auto is_missing = [&](const id& named) {
    return named.client != client && named.clock >= store_.next_clock(named.client);
  };
  if (what.has_origin && is_missing(what.origin))
    return what.origin;
  if (what.has_right_origin && is_missing(what.right_origin))
    return what.right_origin;
  if (what.parent == parent_form::item && is_missing(what.parent_item))
    return what.parent_item;
  return {};
}

void transaction::touch(client_index client) {
  client_runs& runs = store_.client(client);
  if (runs.transaction == number_)
    return;
  runs.transaction = number_;
  runs.clock_before = runs.next_clock;
  touched_.push_back(client);
}

void transaction::add_collected(client_index client, std::uint32_t length) {
  static_cast<void>(store_.append(client, length, content_kind::collected));
}

// What someone types goes on where their last run ends, and both have the same to their right.
bool transaction::type_on(client_index client, const update_struct& what) {
  if (!what.has_origin || (what.kind != content_kind::text && what.kind != content_kind::any))
    return false;
  client_runs& runs = store_.client(client);
  if (runs.runs.is_empty() || what.origin.client != runs.client || what.origin.clock + 1 != runs.next_clock)
    return false;
  const item_handle last = runs.runs.last();
  const item& run = store_[last];
  if (run.kind != what.kind || run.is_deleted || run.key != none || what.has_right_origin != (run.right != none) ||
      std::uint64_t{run.length} + what.length > run_length_max ||
      std::uint64_t{run.bytes} + what.content.size() > std::numeric_limits<std::uint32_t>::max() / 4)
    return false;
  if (what.has_right_origin) {
    const item& right = store_[run.right];
    const local_id named{what.right_origin.clock, right.client};
    if (right.clock != named.clock || store_.client(right.client).client != what.right_origin.client ||
        !(run.right_origin() == named))
      return false;
  } else if (run.right_origin_client != none) {
    return false;
  }
  touch(client);
  store_.type(run.parent).length += what.length;
  store_.extend(last, what.length, what.content);
  return true;
}

item_handle transaction::ending_with(client_index client, std::uint64_t clock) {
  const auto where = store_.find(client, clock);
  const item_handle found = store_.at(client, where);
  const item& run = store_[found];
  if (!run.is_collected() && clock + 1 != run.end()) {
    static_cast<void>(store_.split(client, where, static_cast<std::uint32_t>(clock + 1 - run.clock)));
    cuts_.push_back({client, clock + 1, 0});
  }
  return found;
}

item_handle transaction::beginning_with(client_index client, std::uint64_t clock) {
  const auto where = store_.find(client, clock);
  const item_handle found = store_.at(client, where);
  const item& run = store_[found];
  if (run.is_collected() || run.clock == clock)
    return found;
  cuts_.push_back({client, clock, 0});
  return store_.split(client, where, static_cast<std::uint32_t>(clock - run.clock));
}

transaction::place transaction::place_of(const update_struct& what) {
  place where;
  if (what.has_origin) {
    const local_id origin = local(what.origin);
    where.left = ending_with(origin.client, origin.clock);
  }
  if (what.has_right_origin) {
    const local_id origin = local(what.right_origin);
    where.right = beginning_with(origin.client, origin.clock);
  }
  if ((where.left != none && store_[where.left].is_collected()) ||
      (where.right != none && store_[where.right].is_collected()))
    return where;
  if (where.left != none || where.right != none) {
    const item& neighbour = store_[where.left != none ? where.left : where.right];
    where.parent = neighbour.parent;
    where.key = neighbour.key;
    return where;
  }
  if (what.parent == parent_form::root) {
    where.parent = store_.root(what.root);
  } else {
    const local_id named = local(what.parent_item);
    const item& holder = store_[store_.item_with(named.client, named.clock)];
    where.parent = holder.is_type() ? holder.type() : none;
  }
  if (where.parent != none && what.has_key)
    where.key = store_.keys().index_of(what.key);
  return where;
}

void transaction::fill(item& made, const update_struct& what, std::uint32_t offset) {
  if (offset > 0) {
    made.origin_client = made.client;
    made.origin_clock = made.clock - 1;
  } else if (what.has_origin) {
    made.origin_client = store_.find_client(what.origin.client);
    made.origin_clock = what.origin.clock;
  }
  if (what.has_right_origin) {
    made.right_origin_client = store_.find_client(what.right_origin.client);
    made.right_origin_clock = what.right_origin.clock;
  }
  if (what.kind == content_kind::type || what.kind == content_kind::deleted)
    return;
  const auto cut = cut_of(what.kind, what.content, what.length, offset);
  if (cut.is_in_character)
    store_.set_content(made, std::string(half_character).append(what.content.substr(cut.bytes + 4)));
  else
    store_.set_content(made, what.content.substr(cut.bytes));
}

void transaction::integrate(std::uint64_t client, const update_struct& what, std::uint32_t offset) {
  const client_index by = store_.index_of(client);
  assert(store_.client(by).next_clock == what.clock + offset);
  if (offset == 0 && type_on(by, what))
    return;
  touch(by);
  const std::uint32_t length = what.length - offset;
  if (what.kind == content_kind::collected)
    return add_collected(by, length);
  place where = place_of(what);
  if (offset > 0)
    where.left = ending_with(by, what.clock + offset - 1);
  if (where.parent == none || (where.left != none && store_[where.left].is_collected()))
    return add_collected(by, length);
  const item_handle made = store_.append(by, length, what.kind);
  item& run = store_[made];
  run.parent = where.parent;
  run.key = where.key;
  fill(run, what, offset);
  resolve_conflicts(run, where);
  link(made, where);
  if (run.key == none && is_countable(run.kind))
    store_.type(run.parent).length += run.length;
  if (run.is_type()) {
    const type_handle held = store_.add_type();
    run.bytes = held;
    shared_type& type = store_.type(held);
    type.item = made;
    type.ref = what.type;
    if (what.type == type_ref::xml_element || what.type == type_ref::xml_hook)
      type.name = store_.keys().index_of(what.content);
  } else if (run.kind == content_kind::deleted) {
    run.is_deleted = true;
    erased_.push_back({by, run.clock, run.length});
  }
  const shared_type& parent = store_.type(run.parent);
  if ((!parent.is_root() && store_[parent.item].is_deleted) || (run.key != none && run.right != none))
    erase_item(made);
}

std::uint32_t transaction::next_mark() {
  if (++last_mark_ == 0) {
    marks_.clear();
    last_mark_ = 1;
  }
  if (marks_.size() < store_.handles_end())
    marks_.resize(store_.handles_end());
  return last_mark_;
}

// Between where an item was put and where its right neighbour of then is now, others may stand that were put there at
// the same time. The same client order among those of one origin, and keeping whoever was put behind another behind
// them, gives everybody the same order (Yjs: YATA).
// Marked are the items passed; those from `seen_from` on in this search, those from `open_from` on since the last
// place.
void transaction::resolve_conflicts(const item& made, place& where) {
  shared_type& parent = store_.type(where.parent);
  const bool fits = where.left != none ? store_[where.left].right == where.right
                                       : where.right != none && store_[where.right].left == none;
  if (fits)
    return;
  item_handle other = none;
  if (where.left != none)
    other = store_[where.left].right;
  else if (where.key == none)
    other = parent.first;
  else if (const key_entry* entry = parent.find(where.key))
    other = entry->first;
  if (other == none || other == where.right)
    return;
  if (last_mark_ > std::numeric_limits<std::uint32_t>::max() / 2)
    last_mark_ = std::numeric_limits<std::uint32_t>::max();  // begins anew, before the search and not within it
  const std::uint64_t client = store_.client(made.client).client;
  const std::uint32_t seen_from = next_mark();
  std::uint32_t open_from = seen_from;
  for (std::uint32_t mark = seen_from; other != none && other != where.right; other = store_[other].right) {
    const item& passed = store_[other];
    marks_[other] = mark;
    if (made.origin() == passed.origin()) {
      if (store_.client(passed.client).client < client) {
        where.left = other;
        open_from = mark + 1;
      } else if (made.right_origin() == passed.right_origin()) {
        break;
      }
    } else if (passed.origin_client != none) {
      const std::uint32_t found = marks_[store_.item_with(passed.origin_client, passed.origin_clock)];
      if (found < seen_from)
        break;
      if (found < open_from) {
        where.left = other;
        open_from = mark + 1;
      }
    } else {
      break;
    }
    mark = next_mark();
  }
}

void transaction::link(item_handle made, const place& where) {
  item& run = store_[made];
  shared_type& parent = store_.type(where.parent);
  key_entry* entry = where.key != none ? &parent.entry(where.key) : nullptr;
  item_handle& first = entry != nullptr ? entry->first : parent.first;
  run.left = where.left;
  if (run.left != none) {
    run.right = store_[run.left].right;
    store_[run.left].right = made;
  } else {
    run.right = first;
    first = made;
  }
  if (run.right != none) {
    store_[run.right].left = made;
  } else if (entry != nullptr) {
    entry->last = made;
    if (run.left != none)
      erase_item(run.left);
  }
}

}  // namespace quire::actors::types::yjs
