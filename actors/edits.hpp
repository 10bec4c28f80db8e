#pragma once

#include "actors/delivery.hpp"
#include "protocol/messages.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// Edits on their way from a connection to a document and back.
namespace quire::actors {

// What a Yjs provider sends for a document; protocol/yjs/ has the messages.

/// Asks for what it lacks. A later one of the same connection takes the place of one that is not answered.
struct provider_step_1 {
  bytes state_vector;
  bool asks_back = true;  ///< It wants to be asked in turn.
};

/// A change, or its answer to our step 1. Costs credit, as an edit does.
struct provider_update {
  bytes update;
};

/// Entries, as protocol/yjs/awareness.hpp decodes them.
struct provider_awareness {
  bytes entries;
};

struct provider_query_awareness {};

/// One thing that a connection sent for a document.
struct session_item {
  connection_id from;
  std::variant<protocol::edit, protocol::presence_update, provider_step_1, provider_update, provider_awareness,
               provider_query_awareness>
    what;
};

/// An edit on its way from a relay to the document.
struct submitted_edit {
  client_id client;  ///< Zero: it has none that numbers it. The document logs it as its own.
  std::string author;
  client_sequence sequence;
  revision base;
  shared_bytes operation;
  std::uint64_t receipt = 0;  ///< Of an edit without a client: what its answer names. Those have one even if committed.
  bool may_change = true;     ///< False: it is forbidden, unless it has nothing new.
  /// The document had it, as others were sent it, and the store lost it. Edits of its client before it may be missing.
  bool was_durable = false;

  [[nodiscard]] bool is_numbered() const noexcept { return client != client_id{}; }
};

/// Of an edit that will not come in a run, or that only its receipt names.
struct edit_answer {
  client_id client;
  client_sequence sequence;
  quire::revision revision;      ///< Of an edit that the document has already.
  std::optional<error> refusal;  ///< Else: acknowledged.
  client_sequence expected;
  std::chrono::milliseconds retry{0};
  std::uint64_t receipt = 0;  ///< As the edit's.
};

/// The last durable sequence of each client of a document.
using client_table = std::vector<std::pair<client_id, client_sequence>>;

}  // namespace quire::actors
