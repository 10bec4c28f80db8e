#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace quire::actors {

/// Where blocking work is done.
class executor {
 public:
  virtual ~executor() = default;

  /// Runs `work` later, begun in order. False: as much waits as may, and nothing was taken.
  /// Affinity: any thread.
  [[nodiscard]] virtual bool post(std::function<void()> work) = 0;
};

/// Threads that do blocking work, from one queue. Idle they wait and use no CPU.
class worker_pool final : public executor {
 public:
  /// `waiting_max`: how much work may wait, for all of them together. With one thread work is done in order.
  explicit worker_pool(std::size_t waiting_max, std::size_t threads = 1);
  /// Ends it, if that is not done. The last holder may be work of its own, which cannot wait for itself: whoever began
  /// the threads ends them.
  ~worker_pool() override;

  /// Finishes what they are doing, drops what waits, and takes nothing more. Affinity: any thread but these.
  void end();

  [[nodiscard]] bool post(std::function<void()> work) override;

  /// How much work waits. Affinity: any thread.
  [[nodiscard]] std::size_t waiting();

 private:
  void run();

  std::size_t waiting_max_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> waiting_;
  bool is_ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace quire::actors
