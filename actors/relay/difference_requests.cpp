#include "actors/relay/difference_requests.hpp"

#include "protocol/limits.hpp"

#include <algorithm>
#include <utility>

namespace quire::actors {

void difference_requests::add(asker who, bytes known) {
  remove(who.connection);
  auto [same, is_new] = by_known_.try_emplace(known, last_ticket_ + 1);
  if (is_new)
    entries_[++last_ticket_].known = std::move(known);
  auto& one = entries_[same->second];
  std::erase_if(one.askers, [&](const asker& before) { return before.connection == who.connection; });
  one.askers.push_back(who);
  ++one.waiting;
  waits_for_[who.connection] = same->second;
}

void difference_requests::remove(connection_id connection) {
  const auto asked = waits_for_.extract(connection);
  if (asked.empty())
    return;
  const auto found = entries_.find(asked.mapped());
  if (--found->second.waiting == 0 && !found->second.is_sent)
    forget(found);  // One that is with the document stays: its answer is on the way.
}

void difference_requests::forget(std::map<std::uint64_t, entry>::iterator unwanted) {
  by_known_.erase(unwanted->second.known);
  in_flight_ -= unwanted->second.is_sent ? 1U : 0U;
  entries_.erase(unwanted);
}

std::optional<difference_requests::request> difference_requests::next() {
  if (in_flight_ >= limits::differences_in_flight_max)
    return {};
  const auto waiting = std::ranges::find_if(entries_, [](const auto& one) { return !one.second.is_sent; });
  if (waiting == entries_.end())
    return {};
  waiting->second.is_sent = true;
  ++in_flight_;
  return request{waiting->first, waiting->second.known};
}

std::vector<difference_requests::asker> difference_requests::settle(std::uint64_t ticket) {
  const auto found = entries_.find(ticket);
  if (found == entries_.end() || !found->second.is_sent)
    return {};
  std::vector<asker> askers;
  for (const asker& who : found->second.askers)
    if (const auto asked = waits_for_.find(who.connection); asked != waits_for_.end() && asked->second == ticket) {
      askers.push_back(who);
      waits_for_.erase(asked);
    }
  forget(found);
  return askers;
}

void difference_requests::restart() {
  in_flight_ = 0;
  for (auto one = entries_.begin(); one != entries_.end();) {
    one->second.is_sent = false;
    const auto here = one++;
    if (here->second.waiting == 0)
      forget(here);
  }
}

}  // namespace quire::actors
