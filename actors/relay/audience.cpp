#include "actors/relay/audience.hpp"

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

const std::vector<std::pair<outlet_key, std::shared_ptr<const connection_list>>>& audience::live() {
  if (is_stale_) {
    std::map<outlet_key, std::shared_ptr<connection_list>> lists;
    for (const auto& [connection, who] : subscribers_)
      if (who.is_live) {
        auto& list = lists[who.outlet];
        if (!list)
          list = std::make_shared<connection_list>();
        list->push_back(connection);
      }
    live_.assign(lists.begin(), lists.end());
    is_stale_ = false;
  }
  return live_;
}

std::vector<connection_id> audience::everybody() const {
  std::vector<connection_id> all;
  all.reserve(subscribers_.size());
  for (const auto& [connection, who] : subscribers_)
    all.push_back(connection);
  return all;
}

}  // namespace quire::actors
