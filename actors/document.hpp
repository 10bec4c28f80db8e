#pragma once

#include "actors/document/core.hpp"
#include "actors/instruments.hpp"
#include "actors/messages.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <chrono>

namespace quire::actors {

struct document_options {
  document_settings settings;
  std::chrono::milliseconds idle;  ///< Nobody attached for so long: unloaded.
};

/// Who a document works with.
struct document_surroundings {
  op_log_actor log;
  router_actor router;
  instruments* watched = nullptr;
  document_options options;
};

/// The DOCUMENT actor owns one document's state. The router spawns and watches it. Dying it loses nothing that anybody
/// was shown: the next one loads the log. It never encodes a frame and never waits for the store.
[[nodiscard]] document_actor::behavior_type document(document_actor::pointer self, document_name name,
                                                     document_surroundings around);

}  // namespace quire::actors
