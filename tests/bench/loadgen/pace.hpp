#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace quire::bench {

using clock = std::chrono::steady_clock;
using instant = clock::time_point;

/// When a writer sends its edits: at a rate whatever comes back, or the next when an earlier one came back.
class pace {
 public:
  /// Range: window is at least 1; `edits_max` 0 means without end.
  explicit pace(std::uint32_t window = 1, std::uint32_t edits_max = 0) : due_(window), edits_max_(edits_max) {}

  /// From now on as soon as the window allows.
  void start_closed_loop() noexcept { is_closed_loop_ = true; }
  /// The first at `first`, then every `interval`.
  void start_open_loop(instant first, clock::duration interval) noexcept;
  /// Nothing new; what is under way still comes back.
  void stop() noexcept;

  /// The sequence number of an edit to be sent at `now`, or 0. Asked again until it says 0.
  [[nodiscard]] std::uint32_t next_to_send(instant now) noexcept;

  /// When to ask again if nothing comes back; instant::max(): never.
  [[nodiscard]] instant next_due() const noexcept;

  /// When the edit was due.  Range: sent, and not yet answered when last looked at.
  [[nodiscard]] instant due(std::uint32_t sequence) const noexcept { return due_[sequence % due_.size()]; }

  /// One came back. False if it is not the next that should.
  [[nodiscard]] bool answered(std::uint32_t sequence) noexcept { return sequence == ++answered_; }

  [[nodiscard]] std::uint32_t sent() const noexcept { return sent_; }
  [[nodiscard]] bool is_settled() const noexcept { return sent_ == answered_; }
  /// Settled, and nothing more to come.
  [[nodiscard]] bool is_finished() const noexcept;

 private:
  [[nodiscard]] bool is_all_sent() const noexcept { return is_stopped_ || (edits_max_ != 0 && sent_ == edits_max_); }

  // Fixed at start.
  std::vector<instant> due_;  ///< Of what is under way, by sequence; the window's size.
  std::uint32_t edits_max_;
  bool is_closed_loop_ = false;
  clock::duration interval_{};

  // Changes with every edit.
  bool is_stopped_ = false;
  instant upcoming_ = instant::max();  ///< Open loop: when the next is due.
  std::uint32_t sent_ = 0;
  std::uint32_t answered_ = 0;
};

}  // namespace quire::bench
