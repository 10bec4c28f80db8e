#pragma once

#include "actors/instruments.hpp"
#include "actors/messages.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <memory>

namespace quire::actors {

/// Who a session works with.
struct session_surroundings {
  registry_actor registry;
  std::shared_ptr<actors::outlet> outlet;
  connection_id connection;
  instruments* watched = nullptr;
};

/// The SESSION actor owns a connection's identity and knows which documents it has open. The gateway spawns it, and
/// tells it when the connection is gone. Dying it loses nothing: the client connects again. It never sees an edit.
[[nodiscard]] session_actor::behavior_type session(session_actor::pointer self, session_surroundings around);

}  // namespace quire::actors
