#include "tests/bench/loadgen/pace.hpp"

namespace quire::bench {

void pace::start_open_loop(instant first, clock::duration interval) noexcept {
  upcoming_ = first;
  interval_ = interval;
}

void pace::stop() noexcept {
  is_stopped_ = true;
}

std::uint32_t pace::next_to_send(instant now) noexcept {
  if (is_all_sent() || sent_ - answered_ >= due_.size())
    return 0;
  if (!is_closed_loop_ && now < upcoming_)
    return 0;
  ++sent_;
  // An edit sent late counts from when it was due: a server that stalls does not hide it by slowing the load down.
  due_[sent_ % due_.size()] = is_closed_loop_ ? now : upcoming_;
  if (!is_closed_loop_)
    upcoming_ += interval_;
  return sent_;
}

instant pace::next_due() const noexcept {
  const bool waits_for_answers = sent_ - answered_ >= due_.size();
  return is_closed_loop_ || is_all_sent() || waits_for_answers ? instant::max() : upcoming_;
}

bool pace::is_finished() const noexcept {
  return is_settled() && is_all_sent();
}

}  // namespace quire::bench
