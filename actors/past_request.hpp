#pragma once

#include "actors/document_request.hpp"
#include "actors/types/type_state.hpp"
#include "storage/op_log.hpp"

#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace quire::actors {

/// One operation of a document's log, for people and tools.
struct past_operation {
  quire::revision revision;  ///< The document's revision after it.
  client_id client;
  client_sequence sequence;
  std::string author;
  server_time at;
  bytes json;  ///< The operation, in the type's form for tools.
};

/// A run of a document's operations.
struct past_page {
  document_version head;  ///< Where the document was when they were read.
  revision floor;         ///< The log has what came after this one.
  std::vector<past_operation> operations;
  revision next;  ///< What comes next of what was asked for; 0: nothing.
};

/// The operations from one revision to another, both among them; what is past the head is not there.
struct read_operations {
  revision from;  ///< From 1; 0: the first that is kept.
  revision to;
  /// Called once, on any thread; must not block.
  std::function<void(result<past_page>)> answer;
};

/// The content at a revision.
struct read_revision {
  revision at;
  representation as = representation::text;
  /// As that of `read_operations`.
  std::function<void(result<document_answer>)> answer;
};

/// A document's labels, by revision and name.
struct past_labels {
  document_version head;  ///< Where the document was when they were read.
  revision floor;         ///< As that of `past_page`.
  std::vector<storage::label> labels;
};

struct read_labels {
  /// As that of `read_operations`.
  std::function<void(result<past_labels>)> answer;
};

/// What is asked of a document's log. It is answered from the store, without the document's actor: what is durable can
/// be told, and what is past does not change.
struct past_request {
  document_name document;
  std::variant<read_operations, read_revision, read_labels> what;
};

/// Answers it. Blocks.
/// Errors told: not_found; future_revision past the head; history_trimmed before the floor; too_costly
/// (limits::past_*); type_mismatch if the type has no such form; unknown_document_type; document_damaged;
/// store_unavailable.
void answer_past(storage::history& from, const past_request& request, const types::type_limits& limits);

/// Answers it with an error.
void refuse_past(const past_request& request, const error& why);

}  // namespace quire::actors
