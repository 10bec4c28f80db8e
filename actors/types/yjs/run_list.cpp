#include "actors/types/yjs/run_list.hpp"

#include <algorithm>

namespace quire::actors::types::yjs {

namespace {

bool holds(const item& run, std::uint64_t clock) noexcept {
  return run.clock <= clock && clock < run.end();
}

}  // namespace

run_list::position run_list::find(std::uint64_t clock, const item_slab& items) const noexcept {
  if (hit_.chunk < chunks_.size() && hit_.slot < chunks_[hit_.chunk].size()) {
    if (holds(items[(*this)[hit_]], clock))
      return hit_;
    if (!is_last(hit_) && holds(items[(*this)[next(hit_)]], clock))
      return hit_ = next(hit_);
    if (!is_first(hit_) && holds(items[(*this)[previous(hit_)]], clock))
      return hit_ = previous(hit_);
  }
  if (items[last()].clock <= clock)
    return hit_ = last_position();
  const auto chunk = std::ranges::upper_bound(
    chunks_, clock, {}, [&](const std::vector<item_handle>& each) { return items[each.front()].clock; });
  const auto& runs = *std::prev(chunk);
  const auto run = std::ranges::upper_bound(runs, clock, {}, [&](item_handle each) { return items[each].clock; });
  return hit_ = {static_cast<std::uint32_t>(chunk - chunks_.begin() - 1),
                 static_cast<std::uint32_t>(run - runs.begin() - 1)};
}

void run_list::push_back(item_handle run) {
  if (chunks_.empty() || chunks_.back().size() >= chunk_runs_max)
    chunks_.emplace_back();
  chunks_.back().push_back(run);
}

void run_list::insert_after(position at, item_handle run) {
  auto& runs = chunks_[at.chunk];
  runs.insert(runs.begin() + at.slot + 1, run);
  if (runs.size() <= chunk_runs_max)
    return;
  std::vector<item_handle> half(runs.begin() + chunk_runs_max / 2, runs.end());
  runs.resize(chunk_runs_max / 2);
  chunks_.insert(chunks_.begin() + at.chunk + 1, std::move(half));
}

void run_list::erase_after(position from, position to) {
  if (from.chunk == to.chunk) {
    auto& runs = chunks_[from.chunk];
    runs.erase(runs.begin() + from.slot + 1, runs.begin() + to.slot + 1);
    return;
  }
  chunks_[from.chunk].resize(from.slot + 1);
  auto& last = chunks_[to.chunk];
  last.erase(last.begin(), last.begin() + to.slot + 1);
  const auto end = chunks_.begin() + to.chunk + (last.empty() ? 1 : 0);
  chunks_.erase(chunks_.begin() + from.chunk + 1, end);
}

std::size_t run_list::count_from(position at) const noexcept {
  std::size_t count = chunks_[at.chunk].size() - at.slot;
  for (std::size_t chunk = at.chunk + 1; chunk < chunks_.size(); ++chunk)
    count += chunks_[chunk].size();
  return count;
}

std::size_t run_list::memory() const noexcept {
  std::size_t total = chunks_.capacity() * sizeof(std::vector<item_handle>);
  for (const auto& runs : chunks_)
    total += runs.capacity() * sizeof(item_handle);
  return total;
}

}  // namespace quire::actors::types::yjs
