#pragma once

#include "actors/outlet.hpp"
#include "gateway/relay_lane.hpp"

#include <memory>
#include <vector>

namespace quire::gateway {

/// A document that a connection has open.
struct subscription {
  document_number document;
  std::shared_ptr<relay_lane> lane;
  std::uint32_t edits = 0;  ///< Sent to the relay and not yet answered.
  std::size_t operation_bytes = 0;
  bool is_lapsed = false;  ///< The client was told to resync: until it opens the document again, nothing passes.
};

/// What one connection has open, and its credit: how much it may still send before some is answered.
class subscriptions {
 public:
  /// A document was opened, or opened again.
  void begin(document_number document, std::shared_ptr<relay_lane> lane);
  void end(document_number document);

  /// Null if it is not open.
  [[nodiscard]] subscription* find(document_number document) noexcept;
  [[nodiscard]] std::vector<subscription>& all() noexcept { return open_; }

  /// An edit goes to the relay.
  void sent(subscription& where, std::size_t operation_bytes) noexcept;
  /// Edits were answered. Those of a document that is open no more were forgotten when it ended.
  void settled(document_number document, std::uint32_t edits, std::size_t operation_bytes) noexcept;
  /// The client was told to resync: what was not answered will not be.
  void lapse(subscription& where) noexcept;
  /// Forgets those that were never opened again: edits for them are of a document that is not open.
  void forget_lapsed() noexcept;

  /// Below limits::edits_in_flight_max and edit_bytes_in_flight_max.
  [[nodiscard]] bool has_credit() const noexcept;

 private:
  void forget_in_flight(subscription& where) noexcept;

  std::vector<subscription> open_;  // few: looked through in order
  std::uint32_t edits_ = 0;         // invariant: the sums of those open
  std::size_t operation_bytes_ = 0;
};

}  // namespace quire::gateway
