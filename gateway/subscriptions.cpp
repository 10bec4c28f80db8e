#include "gateway/subscriptions.hpp"

#include "protocol/limits.hpp"

#include <algorithm>
#include <utility>

namespace quire::gateway {

void subscriptions::begin(document_number document, std::shared_ptr<relay_lane> lane) {
  end(document);
  open_.push_back(subscription{document, std::move(lane)});
}

void subscriptions::end(document_number document) {
  subscription* gone = find(document);
  if (!gone)
    return;
  forget_in_flight(*gone);
  std::swap(*gone, open_.back());
  open_.pop_back();
}

subscription* subscriptions::find(document_number document) noexcept {
  const auto at = std::find_if(open_.begin(), open_.end(), [&](const auto& one) { return one.document == document; });
  return at == open_.end() ? nullptr : &*at;
}

void subscriptions::sent(subscription& where, std::size_t operation_bytes) noexcept {
  where.edits += 1;
  where.operation_bytes += operation_bytes;
  edits_ += 1;
  operation_bytes_ += operation_bytes;
}

void subscriptions::settled(document_number document, std::uint32_t edits, std::size_t operation_bytes) noexcept {
  subscription* where = find(document);
  if (!where)
    return;
  // No more than is counted: what was sent before a resync may still be answered after it.
  const auto fewer_edits = std::min(edits, where->edits);
  const auto fewer_bytes = std::min(operation_bytes, where->operation_bytes);
  where->edits -= fewer_edits;
  where->operation_bytes -= fewer_bytes;
  edits_ -= fewer_edits;
  operation_bytes_ -= fewer_bytes;
}

void subscriptions::lapse(subscription& where) noexcept {
  forget_in_flight(where);
  where.is_lapsed = true;
}

void subscriptions::forget_lapsed() noexcept {
  std::erase_if(open_, [](const auto& one) { return one.is_lapsed; });
}

void subscriptions::forget_in_flight(subscription& where) noexcept {
  edits_ -= std::exchange(where.edits, 0);
  operation_bytes_ -= std::exchange(where.operation_bytes, 0);
}

bool subscriptions::has_credit() const noexcept {
  return edits_ < limits::edits_in_flight_max && operation_bytes_ < limits::edit_bytes_in_flight_max;
}

}  // namespace quire::gateway
