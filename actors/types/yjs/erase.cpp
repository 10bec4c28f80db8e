#include "actors/types/yjs/transaction.hpp"

#include <algorithm>

namespace quire::actors::types::yjs {

void transaction::erase(const id_range& range) {
  const client_index client = store_.find_client(range.client);
  if (client == none || range.clock >= store_.client(client).next_clock)
    return;
  const std::uint64_t end = std::min(range.end(), store_.client(client).next_clock);
  auto where = store_.find(client, range.clock);
  const auto cut = [&](std::uint64_t clock) {
    const item& run = store_[store_.at(client, where)];
    static_cast<void>(store_.split(client, where, static_cast<std::uint32_t>(clock - run.clock)));
    cuts_.push_back({client, clock, 0});
  };
  if (const item& run = store_[store_.at(client, where)]; !run.is_deleted && run.clock < range.clock) {
    cut(range.clock);
    where = store_.find(client, range.clock);
  }
  for (;;) {
    const item_handle found = store_.at(client, where);
    const item& run = store_[found];
    if (!run.is_deleted && run.end() > end) {
      cut(end);
      where = store_.find(client, end - 1);
    }
    erase_item(found);
    if (run.end() >= end)
      return;
    where = store_.client(client).runs.next(where);
  }
}

void transaction::erase_item(item_handle gone) {
  to_erase_.push_back(gone);
  while (!to_erase_.empty()) {
    item& run = store_[to_erase_.back()];
    to_erase_.pop_back();
    if (run.is_deleted)
      continue;
    run.is_deleted = true;
    if (run.key == none && is_countable(run.kind))
      store_.type(run.parent).length -= run.length;
    erased_.push_back({run.client, run.clock, run.length});
    if (run.is_type())
      erase_content_of(run.type());
  }
}

void transaction::erase_content_of(type_handle type) {
  const shared_type& held = store_.type(type);
  for (item_handle child = held.first; child != none; child = store_[child].right)
    erase_or_note(child);
  for (const key_entry& entry : held.entries()) {
    erase_or_note(entry.last);
    // Peers leave no others; what came of cutting a value of several units may be one.
    for (item_handle older = store_[entry.last].left; older != none; older = store_[older].left) {
      if (!store_[older].is_deleted)
        to_erase_.push_back(older);
    }
  }
}

// What was deleted before is about to be dropped altogether, and may then be joined with its neighbours.
void transaction::erase_or_note(item_handle child) {
  const item& run = store_[child];
  const client_runs& of = store_.client(run.client);
  if (!run.is_deleted)
    to_erase_.push_back(child);
  else if (run.clock < (of.transaction == number_ ? of.clock_before : of.next_clock))
    cuts_.push_back({run.client, run.clock, 0});
}

void transaction::drop(item_handle gone) {
  item& run = store_[gone];
  if (run.is_collected())
    return;
  if (run.is_type()) {
    to_drop_.push_back(run.type());
    while (!to_drop_.empty()) {
      const type_handle next = to_drop_.back();
      to_drop_.pop_back();
      drop_content_of(next);
    }
  } else {
    store_.drop_content(run);
  }
  run.kind = content_kind::deleted;
  run.bytes = 0;
}

void transaction::drop_content_of(type_handle type) {
  const auto collect = [&](item_handle child) {
    item& run = store_[child];
    if (run.is_type())
      to_drop_.push_back(run.type());
    else
      store_.drop_content(run);
    const item plain{.clock = run.clock, .length = run.length, .client = run.client};
    run = plain;
    run.is_deleted = true;
  };
  for (item_handle child = store_.type(type).first; child != none;) {
    const item_handle next = store_[child].right;
    collect(child);
    child = next;
  }
  for (const key_entry& entry : store_.type(type).entries()) {
    for (item_handle child = entry.last; child != none;) {
      const item_handle next = store_[child].left;
      collect(child);
      child = next;
    }
  }
  store_.remove_type(type);
}

void transaction::drop_erased() {
  std::ranges::sort(erased_, [](const local_range& a, const local_range& b) {
    return a.client != b.client ? a.client < b.client : a.clock < b.clock;
  });
  std::size_t kept = 0;
  for (std::size_t i = 1; i < erased_.size(); ++i) {
    local_range& last = erased_[kept];
    if (erased_[i].client == last.client && erased_[i].clock <= last.end())
      last.length = std::max(last.end(), erased_[i].end()) - last.clock;
    else
      erased_[++kept] = erased_[i];
  }
  erased_.resize(std::min(erased_.size(), kept + 1));
  for (const local_range& range : erased_) {
    const run_list& runs = store_.client(range.client).runs;
    for (auto where = store_.find(range.client, range.clock);; where = runs.next(where)) {
      const item& run = store_[runs[where]];
      if (run.is_deleted)
        drop(runs[where]);
      if (run.end() >= range.end())
        break;
    }
  }
}

void transaction::join_around(client_index client, std::uint64_t clock) {
  run_list& runs = store_.client(client).runs;
  auto where = store_.find(client, clock);
  std::size_t joined = 0;
  if (!runs.is_last(where))
    where = store_.join_with_lefts(client, runs.next(where), joined);
  if (joined == 0) {
    where = store_.find(client, clock);
    static_cast<void>(store_.join_with_lefts(client, where, joined));
  }
}

// In the order in which Yjs tries, for what is tried decides what is joined.
void transaction::join_runs() {
  const auto join_down_to = [&](client_index client, store::position from, std::uint64_t clock) {
    run_list& runs = store_.client(client).runs;
    std::size_t joined = 0;
    for (auto where = from; !runs.is_first(where) && store_[runs[where]].end() > clock;) {
      where = store_.join_with_lefts(client, where, joined);
      if (runs.is_first(where))
        return;
      where = runs.previous(where);
    }
  };
  for (auto range = erased_.rbegin(); range != erased_.rend(); ++range) {
    run_list& runs = store_.client(range->client).runs;
    auto last = store_.find(range->client, range->end() - 1);
    if (!runs.is_last(last))
      last = runs.next(last);
    join_down_to(range->client, last, range->clock);
  }
  for (const client_index client : touched_) {
    const client_runs& of = store_.client(client);
    join_down_to(client, of.runs.last_position(), of.clock_before);
  }
  for (auto cut = cuts_.rbegin(); cut != cuts_.rend(); ++cut)
    join_around(cut->client, cut->clock);
}

void transaction::finish() {
  drop_erased();
  join_runs();
  store_.repack_if_wasteful();
  touched_.clear();
  erased_.clear();
  cuts_.clear();
  ++number_;
}

}  // namespace quire::actors::types::yjs
