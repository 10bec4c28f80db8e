#include "gateway/inbox.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace quire::gateway {

inbox::inbox(net::io_context& context, taker take) : take_(std::move(take)), context_(&context) {}

void inbox::post(actors::outlet_item item) {
  const std::lock_guard lock(guard_);
  if (!context_)
    return;
  waiting_.push_back({std::move(item), steady_clock::now()});
  if (std::exchange(is_woken_, true))
    return;
  // The server keeps the inbox until the context is gone.
  net::post(*context_, [this] { drain(); });
}

void inbox::run(std::function<void()> what) {
  const std::lock_guard lock(guard_);
  if (context_)
    net::post(*context_, std::move(what));
}

void inbox::drain() {
  {
    const std::lock_guard lock(guard_);
    is_woken_ = false;
    taken_.swap(waiting_);
  }
  take_(taken_);
  taken_.clear();
}

void inbox::close() {
  const std::lock_guard lock(guard_);
  context_ = nullptr;
  waiting_.clear();
}

}  // namespace quire::gateway
