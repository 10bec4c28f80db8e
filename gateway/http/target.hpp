#pragma once

#include "protocol/dialect.hpp"
#include "protocol/names.hpp"
#include "protocol/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace quire::gateway::http {

struct connect_target {};
struct health_target {};
struct readiness_target {};
struct metrics_target {};
struct document_target {
  document_name document;
};
struct list_target {
  std::string organisation;
};
/// What a document was.
struct past_target {
  enum class part : std::uint8_t { operations, revision, restoration };

  document_name document;
  part what = part::operations;
  std::string revision;  ///< As the path names it; not of the operations.
};
/// The names of a document's revisions, or one of them.
struct label_target {
  document_name document;
  std::optional<std::string> label;
};
/// A Yjs provider's WebSocket.
struct provider_target {
  protocol::dialect dialect = protocol::dialect::y_websocket;
  std::string name;  ///< The document's, as the path has it; not looked at yet. Hocuspocus: empty.
};
/// Everything else: a page, named by its decoded path, which begins with `/`.
struct page_target {
  std::string path;
};

/// What a request is about: its target, without the query.
using target = std::variant<connect_target, health_target, readiness_target, metrics_target, document_target,
                            list_target, past_target, label_target, provider_target, page_target>;

/// `is_upgrade`: to a WebSocket. Then whatever is not ours is a Yjs provider's: Hocuspocus' at `/` and `/hocuspocus`,
/// else y-websocket's, whose path names the document, under `/yjs/` or by itself.
/// Errors: malformed_message (percent-encoding, not a path), invalid_name, not_found (nothing of that shape under /v1).
[[nodiscard]] result<target> parse_target(std::string_view request_target, bool is_upgrade = false);

/// The decoded value of `name` in a request target's query; nothing if it is not there.
/// Errors: malformed_message for bad percent-encoding.
[[nodiscard]] result<std::optional<std::string>> query_value(std::string_view request_target, std::string_view name);

}  // namespace quire::gateway::http
