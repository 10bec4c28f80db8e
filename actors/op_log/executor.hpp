#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace quire::actors {

/// Where blocking work is done.
class executor {
 public:
  virtual ~executor() = default;

  /// Runs `work` later, in order. False: as much waits as may, and nothing was taken.
  /// Affinity: any thread.
  [[nodiscard]] virtual bool post(std::function<void()> work) = 0;
};

/// A thread that does blocking work. Idle it waits and uses no CPU.
class worker_thread final : public executor {
 public:
  /// `waiting_max`: how much work may wait.
  explicit worker_thread(std::size_t waiting_max);
  /// Ends it, if that is not done. The last holder may be work of its own, which cannot wait for itself: whoever began
  /// the thread ends it.
  ~worker_thread() override;

  /// Finishes what it is doing, drops what waits, and takes nothing more. Affinity: any thread but this one.
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
  std::thread thread_;
};

}  // namespace quire::actors
