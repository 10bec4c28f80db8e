#pragma once

#include "gateway/net.hpp"

#include <algorithm>

namespace quire::gateway {

/// Lets `burst` go at once and `rate` a second after that.
class token_bucket {
 public:
  token_bucket(double rate, double burst, steady_clock::time_point now) noexcept
    : rate_(rate), burst_(burst), tokens_(burst), since_(now) {}

  /// Takes one, if there is one.
  [[nodiscard]] bool take(steady_clock::time_point now) noexcept {
    if (!has_one(now))
      return false;
    tokens_ -= 1;
    return true;
  }

  [[nodiscard]] bool has_one(steady_clock::time_point now) noexcept {
    if (now > since_) {
      tokens_ = std::min(burst_, tokens_ + rate_ * std::chrono::duration<double>(now - since_).count());
      since_ = now;
    }
    return tokens_ >= 1;
  }

 private:
  double rate_;  // fixed at start
  double burst_;

  double tokens_;
  steady_clock::time_point since_;
};

}  // namespace quire::gateway
