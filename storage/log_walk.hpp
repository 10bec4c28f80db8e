#pragma once

#include "storage/checksum.hpp"
#include "storage/op_log.hpp"

#include <limits>

namespace quire::storage {

/// A place in a document's log, and the checksum there.
struct log_place {
  revision at;
  checksum chain = 0;
};

/// What a store has of a document, as far as its log's rows are checked against it.
struct checked_document {
  document_info info;
  checksum identity = 0;
  log_place head;
  log_place floor{};  ///< Where its log begins: after this. The document's identity if it is whole.
};

/// The document as messages call it.
[[nodiscard]] std::string name_of(const document_info& info);

/// document_damaged, with the document's name and the place.
[[nodiscard]] tl::unexpected<error> damaged(const document_info& info, const std::string& what);
[[nodiscard]] tl::unexpected<error> damaged_at(const document_info& info, revision at, const std::string& what);

/// Whether a state is not past the head, and not further from `from` than `bounds` say.
/// Errors: future_revision, too_costly.
[[nodiscard]] result<void> check_past(revision head, revision at);
[[nodiscard]] result<void> check_distance(revision from, revision at, const replay_bounds& bounds);

/// too_costly: more than so many bytes of operations lie before the revision.
[[nodiscard]] tl::unexpected<error> too_far(revision at);

/// Errors: document_damaged if the row's checksum is not that of its content.
[[nodiscard]] result<void> check_identity(const checked_document& document);

/// Whether a state can be made of a snapshot, or of nothing, at `start` and the rows from there on.
/// Errors: history_trimmed if the rows are no longer kept; document_damaged if the floor's snapshot is missing.
[[nodiscard]] result<void> check_floor(const checked_document& document, revision start, revision at);

/// history_trimmed.
[[nodiscard]] tl::unexpected<error> trimmed(revision floor);

/// A label as it was read. Errors: document_damaged if its checksum is another.
[[nodiscard]] result<label> checked_label(const checked_document& document, label read, checksum seal);

/// Goes along the rows of a document's log, in order, and checks that each follows the one before.
class log_walk {
 public:
  static constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

  /// The rows after `from` up to `to`, of at most `bytes_max` of operations but at least one. To check that no row is
  /// past the head, ask the store for all there are.
  log_walk(const checked_document& document, log_place from, revision to, std::size_t bytes_max)
    : document_(&document), at_(from), to_(to), bytes_max_(bytes_max) {}

  /// Takes the next row. False: the page is full, and the row is not in it.
  /// Errors: document_damaged names the revision.
  [[nodiscard]] result<bool> take(log_entry entry, epoch under, checksum chain);

  /// There are no more rows.
  /// Errors: document_damaged if there should be.
  [[nodiscard]] result<void> finish() const;

  [[nodiscard]] history_page& page() noexcept { return page_; }

 private:
  const checked_document* document_;
  log_place at_;
  revision to_;
  std::size_t bytes_max_;
  std::size_t bytes_read_ = 0;
  row_chain rows_;
  history_page page_;
};

}  // namespace quire::storage
