#pragma once

#include "actors/outlet.hpp"
#include "gateway/net.hpp"

#include <array>
#include <vector>

namespace quire::gateway {

/// Says which connections are to be looked at now: one timer for all of an I/O thread's, instead of one each.
/// Who ended meanwhile is named all the same.
class timer_wheel {
 public:
  explicit timer_wheel(steady_clock::duration tick) noexcept : tick_(tick) {}

  [[nodiscard]] steady_clock::duration tick() const noexcept { return tick_; }

  /// Names `who` after `delay`, to a tick; what is farther than a turn of the wheel is named at its end.
  void schedule(actors::connection_id who, steady_clock::duration delay);

  /// One tick went by: returns who is due.
  [[nodiscard]] actors::connection_list advance();

 private:
  static constexpr std::size_t slots = 32;

  steady_clock::duration tick_;
  std::array<actors::connection_list, slots> due_;
  std::size_t at_ = 0;
};

}  // namespace quire::gateway
