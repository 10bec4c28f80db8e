#pragma once

#include "gateway/frame_header.hpp"
#include "gateway/net.hpp"
#include "protocol/bytes.hpp"

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <sys/uio.h>

namespace quire::gateway {

/// What a queued frame is to the bounds of the queue.
enum class frame_kind : std::uint8_t {
  document,    ///< Counts, and may be dropped: the client can be told to resync.
  join,        ///< Part of an answer to an open: never dropped for being slow, counted apart.
  connection,  ///< Concerns the connection itself: never dropped for being slow, counted apart.
};

/// Told once that the bytes it was queued with have left, or never will.
class write_completion {
 public:
  virtual ~write_completion() = default;
  virtual void complete(error_code outcome) = 0;
};

using write_completions = std::vector<std::unique_ptr<write_completion>>;

/// What waits to be sent on one connection, in order. Frames are shared with other queues and never copied.
/// Invariant: only the first entry may be partly sent, and it is never dropped.
class send_queue {
 public:
  using time_point = steady_clock::time_point;

  /// Queues a WebSocket frame. `payload` is not null.
  void push(const frame_header& header, shared_bytes payload, frame_kind kind, time_point now);
  /// Queues bytes that are framed already.
  void push_framed(shared_bytes framed, std::unique_ptr<write_completion> when_sent, time_point now);

  /// Fills `room` with what to send next and returns how much of it is used.
  [[nodiscard]] std::size_t gather(std::span<iovec> room) const noexcept;

  /// `count` bytes of what `gather` gave have left. Returns the completions that are due.
  [[nodiscard]] write_completions sent(std::size_t count, time_point now);

  /// Drops the document frames, and returns how many they were.
  std::size_t drop_documents();
  /// Drops all frames but those of the connection itself.
  void drop_for_closing();
  /// Drops everything. Returns the completions, none of which was called.
  [[nodiscard]] write_completions clear();

  [[nodiscard]] bool empty() const noexcept { return first_ == entries_.size(); }
  /// What waits of one kind, headers included.
  [[nodiscard]] std::size_t size_bytes(frame_kind kind) const noexcept { return waiting_[index(kind)]; }
  /// How long the oldest document frame has waited, joins before it not held against it.
  [[nodiscard]] steady_clock::duration document_age(time_point now) const noexcept;
  /// How long nothing has left although something waits.
  [[nodiscard]] steady_clock::duration stalled(time_point now) const noexcept;

 private:
  struct entry {
    frame_header header;
    frame_kind kind;
    shared_bytes payload;
    time_point since;
    std::unique_ptr<write_completion> when_sent;

    [[nodiscard]] std::size_t size() const noexcept { return header.size() + payload->size(); }
  };

  static constexpr std::size_t index(frame_kind kind) noexcept { return static_cast<std::size_t>(kind); }
  void push(entry&& waiting);
  template <class Predicate>
  std::size_t drop_if(Predicate may_go);
  void forget_sent();

  std::vector<entry> entries_;  // those before first_ have left
  std::size_t first_ = 0;
  std::size_t first_sent_ = 0;  // bytes of the first entry that have left
  std::array<std::size_t, 3> waiting_{};
  time_point progress_{};   // when bytes left last, or the queue was last empty
  time_point last_join_{};  // when a join frame left last
};

}  // namespace quire::gateway
