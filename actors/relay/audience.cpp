#include "actors/relay/audience.hpp"

#include <string_view>
#include <utility>

namespace quire::actors {

subscriber& audience::add(subscriber who) {
  auto& place = subscribers_[who.connection];
  is_stale_ |= place.is_live;
  place = std::move(who);
  return place;
}

void audience::remove(connection_id connection) {
  if (const auto found = subscribers_.find(connection); found != subscribers_.end()) {
    is_stale_ |= found->second.is_live;
    subscribers_.erase(found);
  }
}

subscriber* audience::find(connection_id connection) {
  const auto found = subscribers_.find(connection);
  return found == subscribers_.end() ? nullptr : &found->second;
}

void audience::set_live(subscriber& who) {
  who.is_live = true;
  is_stale_ = true;
}

const live_connections& audience::live() {
  refresh();
  return live_;
}

const std::vector<provider_group>& audience::live_providers() {
  refresh();
  return live_providers_;
}

void audience::refresh() {
  if (!std::exchange(is_stale_, false))
    return;
  std::map<std::pair<protocol::dialect, std::string_view>, std::map<outlet_key, std::shared_ptr<connection_list>>>
    groups;
  for (const auto& [connection, who] : subscribers_)
    if (who.is_live) {
      auto& list = groups[{who.dialect, who.label}][who.outlet];
      if (!list)
        list = std::make_shared<connection_list>();
      list->push_back(connection);
    }
  live_.clear();
  live_providers_.clear();
  for (const auto& [spoken, lists] : groups)
    if (spoken.first == protocol::dialect::quire)
      live_.assign(lists.begin(), lists.end());
    else
      live_providers_.push_back({spoken.first, std::string(spoken.second), {lists.begin(), lists.end()}});
}

std::vector<connection_id> audience::everybody() const {
  std::vector<connection_id> all;
  all.reserve(subscribers_.size());
  for (const auto& [connection, who] : subscribers_)
    all.push_back(connection);
  return all;
}

}  // namespace quire::actors
