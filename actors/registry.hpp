#pragma once

#include "actors/instruments.hpp"
#include "actors/messages.hpp"
#include "protocol/limits.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstddef>

namespace quire::actors {

/// Who the registry's relays work with.
struct registry_surroundings {
  router_actor router;
  op_log_actor log;
  instruments* watched = nullptr;
  std::chrono::milliseconds relay_idle{0};
  std::size_t relays_max = limits::relays_max;
};

/// The REGISTRY actor knows this node's relays by document and its sessions by client id. The engine spawns it; it
/// spawns and watches the relays. A relay ends only when it was sent nothing since it said that it is idle, so no
/// subscription is lost on the way. It never sees an edit.
[[nodiscard]] registry_actor::behavior_type registry(registry_actor::pointer self, registry_surroundings around);

}  // namespace quire::actors
