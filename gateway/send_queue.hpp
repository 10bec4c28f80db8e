#pragma once

#include "gateway/net.hpp"
#include "protocol/bytes.hpp"
#include "protocol/websocket/frame_header.hpp"

#include <array>
#include <span>
#include <vector>

#include <sys/uio.h>

namespace quire::gateway {

/// What a queued frame is to the bounds of the queue.
enum class frame_kind : std::uint8_t {
  document,    ///< Counts, and may be dropped: the client can be told to resync.
  bulk,        ///< Part of an answer to an open, or of a large edit: never dropped for being slow, counted apart.
  connection,  ///< Concerns the connection itself: never dropped for being slow, counted apart.
};

/// What waits to be sent on one connection, in order. Frames are shared with other queues and never copied.
/// Invariant: only the first entry may be partly sent; it and what is in flight is never dropped.
class send_queue {
 public:
  using time_point = steady_clock::time_point;

  /// Queues a frame, or bytes that need no header. `payload` is not null.
  void push(const websocket::frame_header& header, shared_bytes payload, frame_kind kind, time_point now);

  /// Fills `room` with what to send next and returns how much of it is used.
  [[nodiscard]] std::size_t gather(std::span<iovec> room) const noexcept;

  /// Copies all that waits into `room` if it fits there, and returns its size; else nothing, and 0.
  [[nodiscard]] std::size_t copy_all(std::span<std::byte> room) const noexcept;

  /// The next `count` bytes are being sent from a copy: what they belong to stays until `sent` says so.
  void set_in_flight(std::size_t count) noexcept { in_flight_ = count; }

  /// `count` bytes of what `gather` or `copy_all` gave have left.
  void sent(std::size_t count, time_point now);

  /// Drops the document frames, and returns how many they were.
  std::size_t drop_documents();
  /// Drops all frames but those of the connection itself.
  void drop_for_closing();
  /// Drops everything.
  void clear();

  [[nodiscard]] bool empty() const noexcept { return first_ == entries_.size(); }
  /// What waits of one kind, headers included.
  [[nodiscard]] std::size_t size_bytes(frame_kind kind) const noexcept { return waiting_[index(kind)]; }
  /// What waits altogether.
  [[nodiscard]] std::size_t size_bytes() const noexcept { return waiting_[0] + waiting_[1] + waiting_[2]; }
  /// How long the oldest document frame has waited, what is bulk before it not held against it.
  [[nodiscard]] steady_clock::duration document_age(time_point now) const noexcept;
  /// How long nothing has left although something waits.
  [[nodiscard]] steady_clock::duration stalled(time_point now) const noexcept;

 private:
  struct entry {
    websocket::frame_header header;
    frame_kind kind;
    shared_bytes payload;
    time_point since;

    [[nodiscard]] std::size_t size() const noexcept { return header.size() + payload->size(); }
  };

  static constexpr std::size_t index(frame_kind kind) noexcept { return static_cast<std::size_t>(kind); }
  [[nodiscard]] std::size_t first_droppable() const noexcept;
  template <class Predicate>
  std::size_t drop_if(Predicate may_go);
  void forget_sent();

  std::vector<entry> entries_;  // those before first_ have left
  std::size_t first_ = 0;
  std::size_t first_sent_ = 0;  // bytes of the first entry that have left
  std::size_t in_flight_ = 0;
  std::array<std::size_t, 3> waiting_{};
  time_point progress_{};   // when bytes left last, or the queue was last empty
  time_point last_bulk_{};  // when a bulk frame left last
};

}  // namespace quire::gateway
