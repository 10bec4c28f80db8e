#pragma once

#include "actors/delivery.hpp"
#include "actors/interfaces.hpp"
#include "protocol/messages.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace quire::actors {

/// The connection's open named `request` was granted. From here on, what it sends for `document` goes to `relay`.
struct subscription_begun {
  connection_id connection;
  std::uint32_t request = 0;
  document_number document;
  relay_actor relay;
};

/// `connection` has `document` open no more.
struct subscription_ended {
  connection_id connection;
  document_number document;
  std::optional<error> why;       ///< Empty: it asked for that, or missed something.
  bool has_missed_edits = false;  ///< It is to open the document again, and gets what it lacks.
};

/// What the connection asked for, an open if not 0, is refused.
struct request_failed {
  connection_id connection;
  std::uint32_t request = 0;
  error why;
};

/// The connection's hello was accepted.
struct connection_welcomed {
  connection_id connection;
  protocol::welcome welcome;
};

/// Say so, then close with the code that protocol/errors.hpp gives it.
struct connection_ended {
  connection_id connection;
  errc code = errc::internal;
  std::string detail;
  std::chrono::milliseconds retry{0};
};

using outlet_item =
  std::variant<delivery, subscription_begun, subscription_ended, request_failed, connection_welcomed, connection_ended>;

/// An I/O thread as the actors see it: where frames leave the engine. The gateway implements it. Frames of documents
/// are in the dialect of the connections they are for; the rest a connection says as its dialect has it. Affinity: any
/// thread; the call never blocks. The items of one sender are taken in order.
class outlet {
 public:
  virtual ~outlet() = default;
  virtual void post(outlet_item item) = 0;
};

}  // namespace quire::actors
