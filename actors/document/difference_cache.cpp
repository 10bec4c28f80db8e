#include "actors/document/difference_cache.hpp"

#include "protocol/limits.hpp"

#include <algorithm>
#include <utility>

namespace quire::actors {

std::size_t difference_cache::entry::size() const noexcept {
  return known.size() + what->position.size() + what->update.size();
}

types::shared_difference difference_cache::find(revision at, bytes_view known) {
  if (std::exchange(at_, at) != at)
    entries_.clear();
  const auto found =
    std::ranges::find_if(entries_, [&](const entry& one) { return std::ranges::equal(one.known, known); });
  return found == entries_.end() ? nullptr : found->what;
}

void difference_cache::put(revision at, bytes_view known, types::shared_difference what) {
  if (std::exchange(at_, at) != at)
    entries_.clear();
  entry made{{known.begin(), known.end()}, std::move(what)};
  if (made.size() > limits::difference_cache_bytes_max)
    return;
  entries_.push_back(std::move(made));
  std::size_t total = 0;
  for (const auto& one : entries_)
    total += one.size();
  while (total > limits::difference_cache_bytes_max || entries_.size() > limits::differences_kept_max) {
    total -= entries_.front().size();
    entries_.erase(entries_.begin());
  }
}

}  // namespace quire::actors
