#include "actors/op_log/executor.hpp"

#include <utility>

namespace quire::actors {

worker_thread::worker_thread(std::size_t waiting_max) : waiting_max_(waiting_max), thread_([this] { run(); }) {}

worker_thread::~worker_thread() {
  end();
}

void worker_thread::end() {
  std::deque<std::function<void()>> dropped;
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
    dropped.swap(waiting_);
  }
  wake_.notify_one();
  if (thread_.joinable())
    thread_.join();
}

bool worker_thread::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (is_ending_ || waiting_.size() >= waiting_max_)
      return false;
    waiting_.push_back(std::move(work));
  }
  wake_.notify_one();
  return true;
}

std::size_t worker_thread::waiting() {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

void worker_thread::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return is_ending_ || !waiting_.empty(); });
    if (waiting_.empty())
      return;
    auto work = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    work();
    work = nullptr;
    lock.lock();
  }
}

}  // namespace quire::actors
