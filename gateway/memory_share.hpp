#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace quire::gateway {

/// One holder's part of what many hold together, in bytes; given back when it ends. Affinity: its owner's thread; the
/// sum is everybody's.
class memory_share {
 public:
  explicit memory_share(std::atomic<std::size_t>& all) noexcept : all_(all) {}
  memory_share(const memory_share&) = delete;
  memory_share& operator=(const memory_share&) = delete;
  ~memory_share() { set(0); }

  /// From now on so much is held here. True: it is more than before, and together it is more than `all_max`.
  bool set(std::size_t bytes, std::size_t all_max = 0) noexcept {
    const auto before = std::exchange(bytes_, bytes);
    if (bytes <= before) {
      all_ -= before - bytes;
      return false;
    }
    return (all_ += bytes - before) > all_max;
  }

 private:
  std::atomic<std::size_t>& all_;
  std::size_t bytes_ = 0;
};

}  // namespace quire::gateway
