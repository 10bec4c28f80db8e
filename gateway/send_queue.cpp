#include "gateway/send_queue.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace quire::gateway {

namespace {

/// An empty queue keeps room for this many entries, so that an idle connection costs little.
constexpr std::size_t idle_capacity = 16;

iovec piece(std::span<const std::byte> data) noexcept {
  return {const_cast<std::byte*>(data.data()), data.size()};  // writev does not write to it
}

}  // namespace

void send_queue::push(const websocket::frame_header& header, shared_bytes payload, frame_kind kind, time_point now) {
  assert(payload);
  if (empty())
    progress_ = now;
  const entry& waiting = entries_.emplace_back(entry{header, kind, std::move(payload), now});
  waiting_[index(kind)] += waiting.size();
}

std::size_t send_queue::gather(std::span<iovec> room) const noexcept {
  std::size_t used = 0;
  std::size_t skip = first_sent_;
  for (auto at = first_; at < entries_.size() && used + 2 <= room.size(); ++at) {
    const entry& next = entries_[at];
    const auto head = next.header.view();
    if (skip < head.size())
      room[used++] = piece(head.subspan(skip));
    const auto body = std::span<const std::byte>(*next.payload).subspan(skip > head.size() ? skip - head.size() : 0);
    if (!body.empty())
      room[used++] = piece(body);
    skip = 0;
  }
  return used;
}

std::size_t send_queue::copy_all(std::span<std::byte> room) const noexcept {
  const std::size_t waiting = size_bytes();
  if (waiting > room.size())
    return 0;
  auto* to = room.data();
  auto copy = [&to, skip = first_sent_](bytes_view from) mutable {
    const auto skipped = std::min(skip, from.size());
    skip -= skipped;
    to = std::copy(from.begin() + static_cast<std::ptrdiff_t>(skipped), from.end(), to);
  };
  for (auto at = first_; at < entries_.size(); ++at) {
    copy(entries_[at].header.view());
    copy(*entries_[at].payload);
  }
  return waiting;
}

void send_queue::sent(std::size_t count, time_point now) {
  if (count != 0)
    progress_ = now;
  in_flight_ -= std::min(in_flight_, count);
  while (count != 0) {
    assert(!empty());
    entry& head = entries_[first_];
    const auto left = head.size() - first_sent_;
    const auto taken = std::min(left, count);
    waiting_[index(head.kind)] -= taken;
    count -= taken;
    first_sent_ += taken;
    if (taken < left)
      break;
    if (head.kind == frame_kind::bulk)
      last_bulk_ = now;
    head.payload.reset();
    first_sent_ = 0;
    ++first_;
  }
  forget_sent();
}

void send_queue::forget_sent() {
  if (empty()) {
    entries_.clear();
    first_ = 0;
    if (entries_.capacity() > idle_capacity)
      entries_.shrink_to_fit();
  } else if (first_ > entries_.size() / 2) {
    entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

std::size_t send_queue::first_droppable() const noexcept {
  auto at = first_ + (first_sent_ != 0 ? 1 : 0);
  std::size_t covered = 0;
  for (auto touched = first_; covered < in_flight_ && touched < entries_.size(); ++touched) {
    covered += entries_[touched].size() - (touched == first_ ? first_sent_ : 0);
    at = std::max(at, touched + 1);
  }
  return at;
}

template <class Predicate>
std::size_t send_queue::drop_if(Predicate may_go) {
  const auto from = entries_.begin() + static_cast<std::ptrdiff_t>(first_droppable());
  const auto end = std::remove_if(from, entries_.end(), [&](const entry& one) {
    if (!may_go(one.kind))
      return false;
    waiting_[index(one.kind)] -= one.size();
    return true;
  });
  const auto dropped = static_cast<std::size_t>(entries_.end() - end);
  entries_.erase(end, entries_.end());
  forget_sent();
  return dropped;
}

std::size_t send_queue::drop_documents() {
  return drop_if([](frame_kind kind) { return kind == frame_kind::document; });
}

void send_queue::drop_for_closing() {
  drop_if([](frame_kind kind) { return kind != frame_kind::connection; });
}

void send_queue::clear() {
  entries_.clear();
  entries_.shrink_to_fit();
  first_ = first_sent_ = in_flight_ = 0;
  waiting_ = {};
}

steady_clock::duration send_queue::document_age(time_point now) const noexcept {
  if (waiting_[index(frame_kind::bulk)] != 0)
    return {};  // `stalled` watches over joins
  for (auto at = first_; at < entries_.size(); ++at)
    if (entries_[at].kind == frame_kind::document)
      return now - std::max(entries_[at].since, last_bulk_);
  return {};
}

steady_clock::duration send_queue::stalled(time_point now) const noexcept {
  return empty() ? steady_clock::duration{} : now - progress_;
}

}  // namespace quire::gateway
