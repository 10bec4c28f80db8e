#pragma once

#include "actors/delivery.hpp"
#include "protocol/dialect.hpp"
#include "protocol/messages.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace quire::actors {

/// One connection's subscription.
struct subscriber {
  connection_id connection;
  outlet_key outlet;
  client_id client;
  std::string author;
  std::uint32_t request = 0;  ///< Of the open that is to be answered.
  std::string type;           ///< What the open asked for; empty: any.
  std::optional<protocol::position> since;
  presence_id presence;
  bool is_listed = false;  ///< The outlet and the session know of it, from this opening or the one before.
  bool is_live = false;    ///< It was told where the document is, and gets every run from there on.
  protocol::dialect dialect = protocol::dialect::quire;
  std::string label = {};  ///< As `open_document` has it.
  bool is_read_only = false;
};

using live_connections = std::vector<std::pair<outlet_key, std::shared_ptr<const connection_list>>>;

/// The providers that are sent the same bytes.
struct provider_group {
  protocol::dialect dialect = protocol::dialect::y_websocket;
  std::string label;
  live_connections to;
};

/// A document's subscribers on this node.
class audience {
 public:
  /// Adds a subscriber, or replaces the same connection's.
  subscriber& add(subscriber who);

  void remove(connection_id connection);

  /// The subscriber, or null.
  [[nodiscard]] subscriber* find(connection_id connection);

  void set_live(subscriber& who);

  /// The connections of our own protocol that are live, by outlet; shared with every delivery until they change.
  [[nodiscard]] const live_connections& live();
  /// The providers that are live, likewise. Their groups are in no order.
  [[nodiscard]] const std::vector<provider_group>& live_providers();

  [[nodiscard]] bool is_empty() const noexcept { return subscribers_.empty(); }
  [[nodiscard]] std::vector<connection_id> everybody() const;

 private:
  void refresh();

  std::unordered_map<connection_id, subscriber> subscribers_;

  // Cache, made anew when the subscribers changed.
  live_connections live_;
  std::vector<provider_group> live_providers_;
  bool is_stale_ = false;
};

}  // namespace quire::actors
