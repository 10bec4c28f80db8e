#pragma once

#include "actors/document.hpp"
#include "actors/instruments.hpp"
#include "actors/messages.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace quire::actors {

/// The ROUTER actor of a single node owns every document: it spawns and watches their actors. The engine spawns it.
/// A document ends only when it was sent no relay since it said that it is idle, so none is lost on the way; and at any
/// moment a name has one actor that the router sends to.
[[nodiscard]] router_actor::behavior_type local_router(router_actor::pointer self, op_log_actor log,
                                                       document_options options, instruments* watched);

}  // namespace quire::actors
