#include "tests/bench/loadgen/crowd.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <sys/epoll.h>
#include <unistd.h>

namespace quire::bench {

namespace {

/// Connections that have begun and are not upgraded: fewer than a listener's queue has room for.
constexpr std::ptrdiff_t upgrades_at_once = 64;
constexpr std::size_t events_a_turn = 512;
/// A writer whose window is full is asked again after so long; mostly its answers are sooner.
constexpr std::chrono::milliseconds patience{1};

timespec to_timespec(std::chrono::nanoseconds span) {
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(span);
  return {whole.count(), (span - whole).count()};
}

}  // namespace

result<std::unique_ptr<crowd>> crowd::create(endpoint server, tally& counts) {
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0)
    return fail(errc::internal, std::strerror(errno));
  return std::unique_ptr<crowd>(new crowd(std::move(server), counts, epoll));
}

crowd::crowd(endpoint server, tally& counts, int epoll) : server_(std::move(server)), tally_(counts), epoll_(epoll) {}

crowd::~crowd() {
  clients_.clear();
  ::close(epoll_);
}

client& crowd::add(std::uint32_t author, std::unique_ptr<dialect> speech, ledger& shown) {
  return *clients_.emplace_back(std::make_unique<client>(author, std::move(speech), shown, tally_));
}

bool crowd::connect_all(instant deadline) {
  const auto is_ready = [](const auto& each) { return each->is_ready(); };
  return turn_until([&] { return !connect_more() && std::ranges::all_of(clients_, is_ready); }, deadline);
}

// True while some have not begun to connect.
bool crowd::connect_more() {
  const auto begun = clients_.begin() + static_cast<std::ptrdiff_t>(connected_);
  auto room =
    upgrades_at_once - std::count_if(clients_.begin(), begun, [](auto& each) { return !each->is_upgraded(); });
  for (; room > 0 && connected_ < clients_.size(); --room, ++connected_) {
    if (const auto made = connect(*clients_[connected_]); !made)
      tally_.troubles.add("cannot connect: " + made.error().detail);
  }
  return connected_ < clients_.size();
}

result<void> crowd::connect(client& next) {
  if (auto made = next.connect(server_); !made)
    return made;
  epoll_event interest{};
  interest.events = EPOLLIN | EPOLLOUT | EPOLLET;
  interest.data.ptr = &next;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, next.descriptor(), &interest) != 0)
    return fail(errc::internal, std::strerror(errno));
  return {};
}

void crowd::keep_time(client& writer) {
  appointments_.push({clock::now(), &writer});
}

bool crowd::turn_for(clock::duration span) {
  const auto end = clock::now() + span;
  while (tally_.troubles.is_empty() && clock::now() < end)
    turn(end);
  return tally_.troubles.is_empty();
}

void crowd::turn(instant deadline) {
  keep_appointments();
  const auto next = appointments_.empty() ? deadline : std::min(deadline, appointments_.top().when);
  const auto wait = to_timespec(std::max(next - clock::now(), clock::duration::zero()));
  std::array<epoll_event, events_a_turn> events;  // NOLINT: written by the kernel as far as it is read
  const int count = ::epoll_pwait2(epoll_, events.data(), events.size(), &wait, nullptr);
  for (int i = 0; i < count; ++i)
    static_cast<client*>(events[static_cast<std::size_t>(i)].data.ptr)->turn(scratch_);
}

void crowd::keep_appointments() {
  for (const auto now = clock::now(); !appointments_.empty() && appointments_.top().when <= now;) {
    client& writer = *appointments_.top().writer;
    appointments_.pop();
    writer.send_due(now);
    const auto next = writer.own_pace().next_due();
    if (!writer.own_pace().is_finished())
      appointments_.push({next == instant::max() ? now + patience : next, &writer});
  }
}

}  // namespace quire::bench
