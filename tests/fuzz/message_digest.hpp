#pragma once

#include "protocol/codec.hpp"

#include <cstdlib>

namespace quire::protocol {

/// Takes every message off a frame. Aborts unless each survives a round trip and each refusal has a reason.
template <class Message>
void digest(bytes_view frame, result<Message> (*decode)(bytes_view&)) {
  while (!frame.empty()) {
    const auto message = decode(frame);
    if (!message && message.error().detail.empty())
      std::abort();
    if (!message)
      return;
    bytes again;
    encode(*message, again);
    bytes_view second{again};
    const auto same = decode(second);
    if (!same || !(*same == *message) || !second.empty())
      std::abort();
  }
}

}  // namespace quire::protocol
