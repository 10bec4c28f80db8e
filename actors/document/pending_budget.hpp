#pragma once

#include "protocol/limits.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace quire::actors {

/// What all documents of a node have pending together, in bytes. Each adds its own share; nothing else is shared among
/// them, and no order between two of them depends on it. Affinity: any thread.
class pending_budget {
 public:
  [[nodiscard]] bool is_spent() const noexcept {
    return bytes_.load(std::memory_order_relaxed) >= limits::pending_node_bytes_max;
  }

 private:
  friend class pending_share;

  std::atomic<std::size_t> bytes_ = 0;
};

/// One document's share, given back when the document ends, however it ends.
/// Invariant: the budget has min(bytes, limits::pending_bytes_max) of it. One document that is over its own bound, as a
/// large one written at once is, leaves room for others. Affinity: its document's actor's.
class pending_share {
 public:
  explicit pending_share(std::shared_ptr<pending_budget> of) : of_(std::move(of)) {}
  pending_share(pending_share&& other) noexcept : of_(std::move(other.of_)), bytes_(std::exchange(other.bytes_, 0)) {}
  pending_share& operator=(pending_share&& other) noexcept {
    std::swap(of_, other.of_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~pending_share() { set(0); }

  void add(std::size_t operation_bytes) { set(bytes_ + cost(operation_bytes)); }
  void remove(std::size_t operation_bytes) { set(bytes_ - cost(operation_bytes)); }

  /// Whether the document, or all of them together, can have no further edit pending.
  [[nodiscard]] bool is_spent() const noexcept { return bytes_ >= limits::pending_bytes_max || of_->is_spent(); }

 private:
  /// What is kept of an edit beside its operation: author, numbers, and its place in the log and the broadcast.
  static constexpr std::size_t bytes_beside_operation = 256;

  static std::size_t cost(std::size_t operation_bytes) {
    return std::min(operation_bytes, limits::pending_operation_bytes_max) + bytes_beside_operation;
  }
  static std::size_t counted(std::size_t bytes) { return std::min(bytes, limits::pending_bytes_max); }

  void set(std::size_t bytes) noexcept {
    if (of_) {
      of_->bytes_.fetch_add(counted(bytes), std::memory_order_relaxed);
      of_->bytes_.fetch_sub(counted(bytes_), std::memory_order_relaxed);
    }
    bytes_ = bytes;
  }

  std::shared_ptr<pending_budget> of_;  // Null once it was moved from.
  std::size_t bytes_ = 0;
};

}  // namespace quire::actors
