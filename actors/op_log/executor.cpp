#include "actors/op_log/executor.hpp"

#include <utility>

namespace quire::actors {

worker_pool::worker_pool(std::size_t waiting_max, std::size_t threads) : waiting_max_(waiting_max) {
  for (std::size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this] { run(); });
}

worker_pool::~worker_pool() {
  end();
}

void worker_pool::end() {
  std::deque<std::function<void()>> dropped;
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
    dropped.swap(waiting_);
  }
  wake_.notify_all();
  for (auto& each : threads_)
    if (each.joinable())
      each.join();
}

bool worker_pool::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (is_ending_ || waiting_.size() >= waiting_max_)
      return false;
    waiting_.push_back(std::move(work));
  }
  wake_.notify_one();
  return true;
}

std::size_t worker_pool::waiting() {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

void worker_pool::run() {
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
