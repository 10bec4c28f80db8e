#pragma once

#include "protocol/messages.hpp"

#include <boost/container/deque.hpp>
#include <optional>
#include <span>
#include <vector>

namespace quire::actors {

/// A document's last edits, for those who come a little late.
/// Bound: but for what one commit adds while it is pinned, `limits::relay_ring_edits_max` edits and
/// `limits::relay_ring_bytes_max` bytes; older ones go.
class edit_ring {
 public:
  /// Empties it; the next edit takes the document from `head` on.
  void reset(revision head);

  void push(const protocol::committed_edit& edit);

  /// While it is pinned it drops nothing: somebody waits for a state that it must cover.
  void set_pinned(bool is_pinned) noexcept { is_pinned_ = is_pinned; }

  /// The document's revision after the newest edit.
  [[nodiscard]] revision head() const noexcept { return head_; }

  /// Whether the edits after `from` are all here.
  [[nodiscard]] bool covers(revision from) const noexcept;

  /// The edits after `from`, which it covers.
  [[nodiscard]] std::vector<protocol::committed_edit> after(revision from) const;

 private:
  revision head_;
  boost::container::deque<protocol::committed_edit> edits_;
  std::size_t operation_bytes_ = 0;
  bool is_pinned_ = false;
};

}  // namespace quire::actors
