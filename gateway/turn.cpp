#include "gateway/turn.hpp"

#include "gateway/sender.hpp"

#include <caf/send.hpp>
#include <utility>

namespace quire::gateway {

steady_clock::time_point turn::now() noexcept {
  if (!now_)
    now_ = steady_clock::now();
  return *now_;
}

void turn::add(const std::shared_ptr<relay_lane>& lane, actors::session_item item) {
  if (lane->waiting.empty())
    lanes_.push_back(lane);
  lane->waiting.push_back(std::move(item));
}

void turn::hand_over(relay_lane& lane) {
  if (!lane.waiting.empty())
    caf::anon_send(lane.relay, actors::session_turn{std::exchange(lane.waiting, {})});
}

void turn::flush_at_end(std::shared_ptr<sender> dirty) {
  dirty_.push_back(std::move(dirty));
}

turn_counts turn::end() {
  for (const auto& lane : lanes_)
    hand_over(*lane);
  lanes_.clear();
  for (const auto& one : dirty_)
    one->flush();
  dirty_.clear();
  now_.reset();
  return std::exchange(counts_, {});
}

}  // namespace quire::gateway
