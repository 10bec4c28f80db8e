#pragma once

#include "protocol/bytes.hpp"

#include <cstddef>
#include <deque>

namespace quire::gateway {

/// Frames of a document that wait until it is open, in order.
class waiting_frames {
 public:
  /// What waits of several documents together.
  struct sum {
    std::size_t frames = 0;
    std::size_t bytes = 0;
  };

  [[nodiscard]] bool empty() const noexcept { return frames_.empty(); }

  void push(bytes_view frame, sum& all) {
    frames_.emplace_back(frame.begin(), frame.end());
    ++all.frames;
    all.bytes += frame.size();
  }

  /// Pre: not empty.
  [[nodiscard]] bytes pop(sum& all) {
    bytes first = std::move(frames_.front());
    frames_.pop_front();
    --all.frames;
    all.bytes -= first.size();
    return first;
  }

  void clear(sum& all) {
    while (!empty())
      static_cast<void>(pop(all));
  }

 private:
  std::deque<bytes> frames_;
};

}  // namespace quire::gateway
