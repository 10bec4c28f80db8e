#pragma once

#include "actors/interfaces.hpp"
#include "protocol/bytes.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace quire::actors {

/// A connection of this process, never used again after it ends. The gateway gives it out.
using connection_id = strong<std::uint64_t, struct connection_id_tag>;
using connection_list = std::vector<connection_id>;

/// Edits of one connection that are answered: its credit comes back.
struct credit_return {
  connection_id to;
  std::uint32_t edits = 0;
  std::uint32_t operation_bytes = 0;
};

/// One encoded frame for many connections of one I/O thread.
struct delivery {
  document_number document;  ///< A connection that has it open no more, or must resync it, is passed over. 0: none's.
  shared_bytes frame;        ///< One or more protocol messages. Null: only credit comes back.
  std::shared_ptr<const connection_list> to;  ///< Never null.
  std::vector<credit_return> settled;
  std::uint32_t edits = 0;  ///< How many edits the frame carries, for the metrics.
  bool is_join = false;     ///< Part of an answer to an open: outside the bound of the send queue.
};

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
