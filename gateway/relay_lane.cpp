#include "gateway/relay_lane.hpp"

#include <algorithm>

namespace quire::gateway {

std::shared_ptr<relay_lane> relay_lanes::to(document_number document, const actors::relay_actor& relay) {
  auto& known = lanes_[document];
  auto lane = known.lock();
  if (!lane || lane->relay != relay) {
    lane = std::make_shared<relay_lane>(relay_lane{relay, {}});
    known = lane;
    forget_unused();
  }
  return lane;
}

// Amortised: the table is looked through when it has doubled.
void relay_lanes::forget_unused() {
  if (lanes_.size() < forget_at_)
    return;
  std::erase_if(lanes_, [](const auto& lane) { return lane.second.expired(); });
  forget_at_ = std::max<std::size_t>(64, 2 * lanes_.size());
}

}  // namespace quire::gateway
