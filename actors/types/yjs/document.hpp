#pragma once

#include "actors/types/yjs/pending.hpp"
#include "actors/types/yjs/store.hpp"
#include "actors/types/yjs/transaction.hpp"

namespace quire::actors::types::yjs {

/// What an update has that a document has not.
enum class news : std::uint8_t { nothing, part, whole };

/// A Yjs document: what npm's yjs 13 makes of the same updates, with its garbage collection.
/// Not made to be moved: its parts refer to each other.
class document {
 public:
  document() = default;
  document(const document&) = delete;
  document& operator=(const document&) = delete;

  /// Adds what is new in an update that `decode_update` accepted; what cannot be placed yet waits for what is missing.
  /// Cost: linear in the update and what it changes; nothing grows with the clients or the runs there are.
  void apply(const update& what);

  /// What of an update is new here. Structs and deletions that wait are not.
  /// Cost: linear in the update and in the runs that its deletions cover.
  [[nodiscard]] news news_in(const update& what) const;
  /// Appends an update with what is new in `what`.
  void encode_news(const update& what, bytes& out) const;
  /// Whether some of it would have to wait.
  [[nodiscard]] bool is_incomplete(const update& what) const;

  [[nodiscard]] state_vector known() const;
  /// Appends an update with all that somebody who knows `known` lacks: their missing structs, the first one cut; and
  /// all that is deleted; and what waits.
  void encode(const state_vector& known, bytes& out) const;

  [[nodiscard]] const store& content() const noexcept { return store_; }
  [[nodiscard]] const pending& waiting() const noexcept { return pending_; }

 private:
  // document.cpp
  class arrival;
  void integrate_blocks(const update& what);
  void set_aside(const update& what, const update_block& block, std::size_t from);
  [[nodiscard]] std::optional<id> what_is_missing(std::uint64_t client, const update_struct& what) const noexcept;
  void erase(const id_range& range);
  void retry_pending();
  void integrate_waiting(std::uint64_t client);

  // news.cpp
  [[nodiscard]] bool is_known(std::uint64_t client, const update_struct& what) const noexcept;
  /// Calls `with` for each part of a range that is not deleted here and waits for no deletion.
  template <class With>
  void for_each_new_part(const id_range& range, With with) const;

  store store_;
  transaction transaction_{store_};
  pending pending_;
};

}  // namespace quire::actors::types::yjs
