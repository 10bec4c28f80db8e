#pragma once

#include "actors/delivery.hpp"
#include "actors/interfaces.hpp"
#include "protocol/bytes.hpp"

#include <chrono>
#include <string>
#include <variant>

namespace quire::actors {

/// From here on, edits and presence that `connection` sends for `document` go to `relay`.
struct subscription_begun {
  connection_id connection;
  document_number document;
  relay_actor relay;
};

/// `connection` has `document` open no more; `frame`, if not null, tells it.
struct subscription_ended {
  connection_id connection;
  document_number document;
  shared_bytes frame;
};

/// The connection's hello was accepted; `frame` is the welcome.
struct connection_welcomed {
  connection_id connection;
  shared_bytes frame;
};

/// Say `bye` with this, then close with the code that protocol/errors.hpp gives it.
struct connection_ended {
  connection_id connection;
  errc code = errc::internal;
  std::string detail;
  std::chrono::milliseconds retry{0};
};

using outlet_item =
  std::variant<delivery, subscription_begun, subscription_ended, connection_welcomed, connection_ended>;

/// An I/O thread as the actors see it: where frames leave the engine. The gateway implements it.
/// Affinity: any thread; the call never blocks. The items of one sender are taken in order.
class outlet {
 public:
  virtual ~outlet() = default;
  virtual void post(outlet_item item) = 0;
};

}  // namespace quire::actors
