#pragma once

#include "actors/messages.hpp"

#include <memory>
#include <unordered_map>
#include <vector>

namespace quire::gateway {

/// The way from one I/O thread to one relay: what the current turn has brought for it.
struct relay_lane {
  actors::relay_actor relay;
  std::vector<actors::session_item> waiting;
};

/// The lanes of one I/O thread, shared by its connections: two that have the same document open send by the same lane.
class relay_lanes {
 public:
  /// The lane to `relay`, which gave its document this number.
  [[nodiscard]] std::shared_ptr<relay_lane> to(document_number document, const actors::relay_actor& relay);

 private:
  void forget_unused();

  std::unordered_map<document_number, std::weak_ptr<relay_lane>> lanes_;
  std::size_t forget_at_ = 64;
};

}  // namespace quire::gateway
