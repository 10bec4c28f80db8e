#include "gateway/peer_table.hpp"

#include <atomic>
#include <cassert>
#include <utility>

namespace quire::gateway {

namespace {

/// An id is a number that is never used again, and the slot in its low bits.
constexpr unsigned slot_bits = 24;
constexpr std::uint64_t slot_mask = (std::uint64_t{1} << slot_bits) - 1;

std::size_t slot_of(peer_table::id place) noexcept {
  return static_cast<std::size_t>(place.value() & slot_mask);
}

}  // namespace

peer_table::id peer_table::reserve() {
  static std::atomic<std::uint64_t> last{0};
  if (free_.empty()) {
    free_.push_back(slots_.size());
    slots_.emplace_back();
  }
  const auto index = free_.back();
  assert(index <= slot_mask);
  free_.pop_back();
  ++used_;
  const id place((++last << slot_bits) | index);
  slots_[index].holder = place;
  return place;
}

void peer_table::put(id place, std::shared_ptr<peer> who) {
  slot& here = slots_[slot_of(place)];
  assert(here.holder == place);
  here.connected = who->as_connection();
  here.who = std::move(who);
}

void peer_table::remove(id place) {
  if (!at(place))
    return;
  unfinished_.erase(place);
  slots_[slot_of(place)] = {};
  free_.push_back(slot_of(place));
  --used_;
}

const peer_table::slot* peer_table::at(id place) const noexcept {
  const auto index = slot_of(place);
  return index < slots_.size() && slots_[index].holder == place ? &slots_[index] : nullptr;
}

std::shared_ptr<peer> peer_table::find(id place) const noexcept {
  const slot* here = at(place);
  return here ? here->who : nullptr;
}

connection* peer_table::find_connection(id place) const noexcept {
  const slot* here = at(place);
  return here ? here->connected : nullptr;
}

void peer_table::set_unfinished(id place, bool is_unfinished) {
  if (is_unfinished)
    unfinished_.insert(place);
  else
    unfinished_.erase(place);
}

std::vector<std::shared_ptr<peer>> peer_table::all() const {
  std::vector<std::shared_ptr<peer>> found;
  for (const slot& here : slots_)
    if (here.who)
      found.push_back(here.who);
  return found;
}

}  // namespace quire::gateway
