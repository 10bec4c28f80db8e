#include "gateway/timer_wheel.hpp"

#include <algorithm>
#include <utility>

namespace quire::gateway {

void timer_wheel::schedule(actors::connection_id who, steady_clock::duration delay) {
  const auto whole = static_cast<std::size_t>(std::max<steady_clock::rep>(0, (delay + tick_).count() - 1)) /
                     static_cast<std::size_t>(tick_.count());
  const auto ticks = std::clamp<std::size_t>(whole, 1, slots - 1);
  due_[(at_ + ticks) % slots].push_back(who);
}

actors::connection_list timer_wheel::advance() {
  at_ = (at_ + 1) % slots;
  return std::exchange(due_[at_], {});
}

}  // namespace quire::gateway
