#pragma once

#include "storage/archive.hpp"

#include <functional>
#include <memory>

namespace quire::storage {

/// Replays a document's operations. What an operation does is known on a higher floor, which gives this.
class replay {
 public:
  virtual ~replay() = default;

  /// Begins at a snapshot instead of at nothing. Errors: document_damaged.
  [[nodiscard]] virtual result<void> start(const snapshot& stored) = 0;
  /// Applies the next operation. Errors: document_damaged.
  [[nodiscard]] virtual result<void> apply(const log_entry& entry) = 0;
  /// Whether a snapshot of the present revision is what the operations lead to.
  /// Errors: document_damaged says what differs.
  [[nodiscard]] virtual result<void> compare(const snapshot& stored) const = 0;
};

/// Begins a replay of a document of that type. Errors: unknown_document_type.
using replay_of = std::function<result<std::unique_ptr<replay>>(const document_info& document)>;

/// What a check of a document came to.
struct verified_document {
  revision head;
  revision floor;  ///< The log begins after this revision; 0: it is whole.
  std::size_t snapshots = 0;
  std::vector<std::string> findings;  ///< Each with its table and place; none: it is sound.
};

/// Checks all that is stored of a document: its identity, that its log has each revision once and in a chain up to the
/// head, that epochs never fall, that each snapshot is sealed, belongs to that log and equals its replay, and that the
/// head agrees with all of it. Of a log that was trimmed it begins at the floor's snapshot, whose seal covers the log
/// up to there, and sees that each labelled revision before it has a snapshot. It goes on after a finding as far as
/// that makes sense. Beside an engine: what was written since `document` was read is not checked, and where that does
/// not fit what was read before, the document is looked at again, up to eight times. Errors: store_unavailable. Cost:
/// reads and replays the whole log.
[[nodiscard]] result<verified_document> verify(archive& from, const archived_document& document,
                                               const replay_of& begin_replay);

}  // namespace quire::storage
