#include "actors/types/text/history.hpp"

#include <cassert>

namespace quire::actors::types::text {

void history::add(bytes_view encoded) {
  append(encoded_, encoded);
  ends_.push_back(encoded_.size());
  while (size() > 0 && (size() > operations_max_ || encoded_.size() - start_of(dropped_) > bytes_max_))
    ++dropped_;
  if (dropped_ > ends_.size() / 2)
    sweep();
}

bytes_view history::operator[](std::size_t index) const noexcept {
  assert(index < size());
  const std::size_t slot = dropped_ + index;
  return bytes_view(encoded_).subspan(start_of(slot), ends_[slot] - start_of(slot));
}

void history::sweep() {
  const std::size_t start = start_of(dropped_);
  encoded_.erase(encoded_.begin(), encoded_.begin() + static_cast<std::ptrdiff_t>(start));
  ends_.erase(ends_.begin(), ends_.begin() + static_cast<std::ptrdiff_t>(dropped_));
  for (std::size_t& end : ends_)
    end -= start;
  dropped_ = 0;
}

}  // namespace quire::actors::types::text
