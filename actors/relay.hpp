#pragma once

#include "actors/instruments.hpp"
#include "actors/messages.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <chrono>

namespace quire::actors {

/// Who a relay works with.
struct relay_surroundings {
  registry_actor registry;
  router_actor router;
  op_log_actor log;
  instruments* watched = nullptr;
  std::chrono::milliseconds idle{0};  ///< No sessions for so long: the relay ends.
};

/// The RELAY actor owns one document's subscribers on this node. The registry spawns and watches it. Dying it loses
/// subscriptions, which clients open again. It never orders an edit and never stores anything.
[[nodiscard]] relay_actor::behavior_type relay(relay_actor::pointer self, document_name name, document_number number,
                                               relay_surroundings around);

}  // namespace quire::actors
