#pragma once

#include "actors/delivery.hpp"
#include "protocol/messages.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// Edits on their way from a connection to a document and back.
namespace quire::actors {

/// One thing that a connection sent for a document.
struct session_item {
  connection_id from;
  std::variant<protocol::edit, protocol::presence_update> what;
};

/// An edit on its way from a relay to the document.
struct submitted_edit {
  client_id client;
  std::string author;
  client_sequence sequence;
  revision base;
  shared_bytes operation;
};

/// An edit that will not come in a run.
struct edit_answer {
  client_id client;
  client_sequence sequence;
  quire::revision revision;      ///< Of an edit that the document has already.
  std::optional<error> refusal;  ///< Else: acknowledged.
  client_sequence expected;
  std::chrono::milliseconds retry{0};
};

/// The last durable sequence of each client of a document.
using client_table = std::vector<std::pair<client_id, client_sequence>>;

}  // namespace quire::actors
