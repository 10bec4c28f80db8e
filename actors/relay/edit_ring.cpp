#include "actors/relay/edit_ring.hpp"

#include "protocol/limits.hpp"

#include <cassert>

namespace quire::actors {

void edit_ring::reset(revision head) {
  head_ = head;
  edits_.clear();
  operation_bytes_ = 0;
}

void edit_ring::push(const protocol::committed_edit& edit) {
  edits_.push_back(edit);
  operation_bytes_ += edit.operation->size();
  head_ = head_.next();
  while (!is_pinned_ &&
         (edits_.size() > limits::relay_ring_edits_max || operation_bytes_ > limits::relay_ring_bytes_max)) {
    operation_bytes_ -= edits_.front().operation->size();
    edits_.pop_front();
  }
}

bool edit_ring::covers(revision from) const noexcept {
  return from <= head_ && head_.value() - from.value() <= edits_.size();
}

std::vector<protocol::committed_edit> edit_ring::after(revision from) const {
  assert(covers(from));
  const auto count = static_cast<std::ptrdiff_t>(head_.value() - from.value());
  return {edits_.end() - count, edits_.end()};
}

}  // namespace quire::actors
