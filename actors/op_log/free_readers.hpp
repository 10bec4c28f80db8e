#pragma once

#include "storage/op_log.hpp"

#include <cassert>
#include <mutex>
#include <vector>

namespace quire::actors {

/// The readers of a store that nobody uses just now. As many threads read as there are readers, so that one is always
/// free. The one that was used last is used first: the others' connections may never be needed.
/// Affinity: any thread.
class free_readers {
 public:
  /// `of` outlives it.
  explicit free_readers(const storage::store& of) {
    for (auto each = of.more_history.rbegin(); each != of.more_history.rend(); ++each)
      free_.push_back(each->get());
    free_.push_back(of.history.get());
  }

  /// What `work` makes of a reader, which is its own meanwhile.
  template <class Work>
  auto use(const Work& work) {
    const borrowed one(*this);
    return work(*one.reader);
  }

 private:
  struct borrowed {
    explicit borrowed(free_readers& from) : reader(from.take()), owner(from) {}
    borrowed(const borrowed&) = delete;
    borrowed& operator=(const borrowed&) = delete;
    ~borrowed() { owner.give_back(reader); }

    storage::history* reader;
    free_readers& owner;
  };

  storage::history* take() {
    const std::lock_guard lock(mutex_);
    assert(!free_.empty());
    auto* taken = free_.back();
    free_.pop_back();
    return taken;
  }
  void give_back(storage::history* reader) {
    const std::lock_guard lock(mutex_);
    free_.push_back(reader);
  }

  std::mutex mutex_;
  std::vector<storage::history*> free_;
};

}  // namespace quire::actors
