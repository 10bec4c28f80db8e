#include "actors/types/yjs/pending.hpp"

#include "protocol/lib0/reader.hpp"

#include <algorithm>
#include <cassert>

namespace quire::actors::types::yjs {

void pending::add(std::uint64_t client, const update_struct& what) {
  const std::uint64_t end = what.clock + what.length;
  if (has(client, what.clock, end))
    return;
  auto& block = blocks_[client];
  auto next = block.lower_bound(what.clock);
  while (next != block.end() && next->first + next->second.length <= end) {
    bytes_ -= next->second.encoded.size() + overhead;
    next = block.erase(next);
  }
  quire::bytes encoded;
  encode_struct(what, client, 0, encoded);
  bytes_ += encoded.size() + overhead;
  block.emplace_hint(next, what.clock, waiting_struct{what.length, std::string(as_text(encoded))});
}

bool pending::has(std::uint64_t client, std::uint64_t clock, std::uint64_t end) const noexcept {
  const auto block = blocks_.find(client);
  if (block == blocks_.end())
    return false;
  auto holder = block->second.upper_bound(clock);
  if (holder == block->second.begin())
    return false;
  --holder;
  return holder->first + holder->second.length >= end;
}

void pending::wait(std::uint64_t client, const id& for_what) {
  stop_waiting(client);
  waited_for_.emplace(client, for_what);
  waits_.insert({for_what, client});
}

void pending::stop_waiting(std::uint64_t client) {
  const auto known = waited_for_.find(client);
  if (known == waited_for_.end())
    return;
  waits_.erase({known->second, client});
  waited_for_.erase(known);
}

std::optional<std::uint64_t> pending::take_ready(std::uint64_t of, std::uint64_t next_clock) {
  const auto first = waits_.lower_bound({id{of, 0}, 0});
  if (first == waits_.end() || first->first.client != of || first->first.clock >= next_clock)
    return {};
  const std::uint64_t ready = first->second;
  stop_waiting(ready);
  return ready;
}

bool pending::first_of(std::uint64_t client, update_struct& into) const {
  const auto block = blocks_.find(client);
  if (block == blocks_.end())
    return false;
  const auto& [clock, waiting] = *block->second.begin();
  lib0::reader from(as_bytes(waiting.encoded));
  into = {};
  decode_struct(from, client, clock, into);
  assert(from.is_good());  // it was read before
  return true;
}

void pending::pop_first_of(std::uint64_t client) {
  const auto block = blocks_.find(client);
  bytes_ -= block->second.begin()->second.encoded.size() + overhead;
  block->second.erase(block->second.begin());
  if (!block->second.empty())
    return;
  blocks_.erase(block);
  stop_waiting(client);
}

void pending::add_deletes(const id_range& range) {
  std::uint64_t clock = range.clock;
  std::uint64_t end = range.end();
  auto next = deletes_.upper_bound({range.client, clock});
  if (next != deletes_.begin()) {
    const auto before = std::prev(next);
    if (before->first.client == range.client && before->first.clock + before->second >= clock)
      next = before;
  }
  while (next != deletes_.end() && next->first.client == range.client && next->first.clock <= end) {
    clock = std::min(clock, next->first.clock);
    end = std::max(end, next->first.clock + next->second);
    next = deletes_.erase(next);
    bytes_ -= overhead;
  }
  deletes_.emplace_hint(next, id{range.client, clock}, end - clock);
  bytes_ += overhead;
}

bool pending::has_deletes(const id_range& range) const noexcept {
  auto holder = deletes_.upper_bound({range.client, range.clock});
  if (holder == deletes_.begin())
    return false;
  --holder;
  return holder->first.client == range.client && holder->first.clock + holder->second >= range.end();
}

void pending::take_deletes(std::uint64_t client, std::uint64_t next_clock, std::vector<id_range>& out) {
  for (auto next = deletes_.lower_bound({client, 0});
       next != deletes_.end() && next->first.client == client && next->first.clock < next_clock;) {
    const id_range range{client, next->first.clock, next->second};
    next = deletes_.erase(next);
    bytes_ -= overhead;
    out.push_back({client, range.clock, std::min(range.end(), next_clock) - range.clock});
    if (range.end() > next_clock)
      add_deletes({client, next_clock, range.end() - next_clock});
  }
}

}  // namespace quire::actors::types::yjs
