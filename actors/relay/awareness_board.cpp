#include "actors/relay/awareness_board.hpp"

#include "protocol/limits.hpp"

namespace quire::actors {

using protocol::yjs::awareness_entry;

awareness_entry awareness_board::entry_of(std::uint64_t which, const client& one) noexcept {
  return {which, one.clock, one.state.empty() ? std::string_view("null") : std::string_view(one.state)};
}

bool awareness_board::has_room(const client* before, std::size_t size) const noexcept {
  const bool is_here = before && !before->state.empty();
  if (!is_here && clients_.size() - gone_.size() >= limits::awareness_entries_max)
    return false;
  if (!before && gone_.size() > limits::awareness_entries_max)
    return false;  // Those that peers have not been told of yet can not be forgotten.
  return bytes_ - (is_here ? before->state.size() : 0) + size <= limits::awareness_bytes_max;
}

std::size_t awareness_board::update(connection_id from, std::span<const awareness_entry> entries) {
  std::size_t refused = 0;
  for (const auto& entry : entries) {
    const auto found = clients_.find(entry.client);
    client* const before = found == clients_.end() ? nullptr : &found->second;
    const bool is_here = before && !before->state.empty();
    const auto clock = before ? before->clock : 0;
    if (entry.clock < clock || (entry.clock == clock && !(entry.is_gone() && is_here)))
      continue;
    if (!entry.is_gone() && has_room(before, entry.state.size())) {
      set_here(from, entry);
    } else if (!entry.is_gone()) {
      ++refused;
    } else if (before) {
      before->clock = entry.clock;
      set_gone(entry.client, *before);
    }
  }
  return refused;
}

void awareness_board::set_here(connection_id from, const awareness_entry& entry) {
  client& one = clients_[entry.client];
  gone_.erase(one.gone_as);
  bytes_ += entry.state.size() - one.state.size();
  one = {entry.clock, std::string(entry.state), 0, from};
  changed_.insert(entry.client);
}

void awareness_board::set_gone(std::uint64_t which, client& one) {
  if (one.state.empty())
    return;
  bytes_ -= one.state.size();
  one.state = {};
  one.gone_as = ++departures_;
  gone_.emplace(one.gone_as, which);
  changed_.insert(which);
  forget_oldest();
}

void awareness_board::leave(connection_id connection) {
  for (auto& [which, one] : clients_)
    if (one.from == connection)
      set_gone(which, one);
}

void awareness_board::forget_oldest() {
  for (auto next = gone_.begin(); gone_.size() > limits::awareness_entries_max && next != gone_.end();) {
    if (changed_.contains(next->second)) {
      ++next;
    } else {
      clients_.erase(next->second);
      next = gone_.erase(next);
    }
  }
}

std::vector<awareness_entry> awareness_board::everybody() const {
  std::vector<awareness_entry> all;
  for (const auto& [which, one] : clients_)
    if (!one.state.empty())
      all.push_back(entry_of(which, one));
  return all;
}

std::vector<awareness_entry> awareness_board::take_changes() {
  std::vector<awareness_entry> changes;
  std::size_t size = 0;
  while (!changed_.empty() && size < limits::awareness_flush_bytes_max) {
    auto next = changed_.upper_bound(last_taken_);
    if (next == changed_.end())
      next = changed_.begin();
    last_taken_ = *next;
    changed_.erase(next);
    const auto& one = clients_.at(last_taken_);
    changes.push_back(entry_of(last_taken_, one));
    size += one.state.size();
  }
  forget_oldest();  // An entry of who is gone has no view of it.
  return changes;
}

}  // namespace quire::actors
