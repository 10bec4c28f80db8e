// A floor: relays every frame to all in its room, the author included, and keeps nothing. One thread turns one epoll;
// what a turn brings to a room goes out at the turn's end, one send a member. Sockets and copies only: what a server
// costs beyond this is its own doing.
//
//   quire-floor-epoll [PORT [LOG]]
//
// With a LOG, each turn's frames are appended to that file and synced before they go out: what is durable before it is
// seen costs at least that.
#include "protocol/bytes.hpp"
#include "tests/bench/floors/upgrade_reply.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <map>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <string>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace quire;

constexpr std::size_t receive_bytes = 256 * 1024;
/// What may wait for one member; beyond it the member is cut off.
constexpr std::size_t backlog_bytes_max = 64 * 1024 * 1024;
constexpr std::size_t payload_bytes_max = 125;  // shorter than what needs a longer frame head
constexpr std::size_t events_a_turn = 512;

struct member;

struct room {
  std::vector<member*> members;
  bytes turn;  ///< Frames of this turn, as they go out.
};

struct member {
  int descriptor = -1;
  bench::upgrade joined;
  room* where = nullptr;
  bytes kept;     ///< A frame's beginning.
  bytes backlog;  ///< What the socket did not take.
  bool is_gone = false;
};

class server {
 public:
  server(int listener, int epoll, int log) : listener_(listener), epoll_(epoll), log_(log) {
    scratch_.resize(receive_bytes);
    watch(listener_, nullptr, EPOLLIN);
  }

  [[noreturn]] void serve() {
    for (;;)
      turn();
  }

 private:
  void turn();
  void watch(int descriptor, member* whose, std::uint32_t events) const;
  void accept_all();
  void receive(member& from);
  [[nodiscard]] std::size_t join(member& from, bytes_view head);
  [[nodiscard]] std::size_t relay(member& from, bytes_view frames);
  void sync_rooms() const;
  void flush_rooms();
  void send(member& to, bytes_view data);
  void bury();

  int listener_;
  int epoll_;
  int log_;  // -1: nothing is kept
  std::map<std::string, room, std::less<>> rooms_;
  std::vector<std::unique_ptr<member>> members_;
  std::vector<room*> dirty_;
  bool has_gone_ = false;
  bytes scratch_;
};

void server::turn() {
  std::array<epoll_event, events_a_turn> events;  // NOLINT: written by the kernel as far as it is read
  const int count = ::epoll_wait(epoll_, events.data(), events.size(), -1);
  for (int i = 0; i < count; ++i) {
    auto* const whose = static_cast<member*>(events[static_cast<std::size_t>(i)].data.ptr);
    if (whose == nullptr) {
      accept_all();
      continue;
    }
    send(*whose, {});
    receive(*whose);
  }
  flush_rooms();
  if (has_gone_)
    bury();
}

void server::watch(int descriptor, member* whose, std::uint32_t events) const {
  epoll_event interest{};
  interest.events = events;
  interest.data.ptr = whose;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &interest);
}

void server::accept_all() {
  for (;;) {
    const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0)
      return;
    const int yes = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    auto& made = members_.emplace_back(std::make_unique<member>());
    made->descriptor = descriptor;
    watch(descriptor, made.get(), EPOLLIN | EPOLLOUT | EPOLLET);
  }
}

void server::receive(member& from) {
  for (std::size_t count = receive_bytes; count == receive_bytes && !from.is_gone;) {
    scratch_.resize(from.kept.size() + receive_bytes);
    std::ranges::copy(from.kept, scratch_.begin());
    const auto got = ::recv(from.descriptor, scratch_.data() + from.kept.size(), receive_bytes, 0);
    if (got < 0 && errno == EAGAIN)
      return;
    count = static_cast<std::size_t>(std::max<ssize_t>(got, 0));
    const auto received = bytes_view(scratch_).first(from.kept.size() + count);
    const auto used = from.where == nullptr ? join(from, received) : relay(from, received);
    from.kept.assign(received.begin() + static_cast<std::ptrdiff_t>(used), received.end());
    has_gone_ |= from.is_gone |= count == 0;
  }
}

std::size_t server::join(member& from, bytes_view head) {
  constexpr std::string_view end = "\r\n\r\n";
  const auto found = as_text(head).find(end);
  if (found == std::string_view::npos)
    return 0;
  const auto asked = bench::read_upgrade(as_text(head).substr(0, found + end.size()));
  from.is_gone = asked.path.empty();
  from.where = &rooms_[asked.path];
  from.where->members.push_back(&from);
  send(from, as_bytes(asked.reply));
  return found + end.size();
}

std::size_t server::relay(member& from, bytes_view frames) {
  constexpr std::size_t head_bytes = 6;
  std::size_t used = 0;
  for (auto rest = frames; rest.size() >= head_bytes; rest = frames.subspan(used)) {
    const auto first = std::to_integer<std::uint8_t>(rest[0]);
    const auto size = std::to_integer<std::size_t>(rest[1] & std::byte{0x7F});
    if (first != 0x82 || size > payload_bytes_max) {
      from.is_gone = true;  // a close, or what no load sends
      return used;
    }
    if (rest.size() < head_bytes + size)
      return used;
    auto& out = from.where->turn;
    if (out.empty())
      dirty_.push_back(from.where);
    out.push_back(rest[0]);
    out.push_back(static_cast<std::byte>(size));
    for (std::size_t i = 0; i < size; ++i)
      out.push_back(rest[head_bytes + i] ^ rest[2 + i % 4]);
    used += head_bytes + size;
  }
  return used;
}

void server::sync_rooms() const {
  bool is_kept = true;
  for (const room* each : dirty_)
    is_kept &= ::write(log_, each->turn.data(), each->turn.size()) == static_cast<ssize_t>(each->turn.size());
  if (is_kept && ::fdatasync(log_) == 0)
    return;
  std::perror("quire-floor-epoll: its log");
  std::exit(2);
}

void server::flush_rooms() {
  if (log_ >= 0 && !dirty_.empty())
    sync_rooms();
  for (room* each : dirty_) {
    for (member* to : each->members)
      send(*to, each->turn);
    each->turn.clear();
  }
  dirty_.clear();
}

void server::send(member& to, bytes_view data) {
  if (!to.backlog.empty()) {
    append(to.backlog, data);
    data = to.backlog;
  }
  std::size_t sent = 0;
  while (sent < data.size() && !to.is_gone) {
    const auto count = ::send(to.descriptor, data.data() + sent, data.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EAGAIN)
      break;
    to.is_gone |= count < 0;
    sent += static_cast<std::size_t>(std::max<ssize_t>(count, 0));
  }
  const auto rest = data.subspan(sent);
  to.is_gone |= rest.size() > backlog_bytes_max;
  has_gone_ |= to.is_gone;
  if (rest.size() != to.backlog.size())
    to.backlog = bytes(rest.begin(), rest.end());
}

void server::bury() {
  for (auto& [name, each] : rooms_)
    std::erase_if(each.members, [](const member* m) { return m->is_gone; });
  std::erase_if(members_, [](const auto& each) {
    if (each->is_gone)
      ::close(each->descriptor);
    return each->is_gone;
  });
  has_gone_ = false;
}

// Port 0: any. Prints which, once it listens.
int listen_on(std::uint16_t port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof where;
  if (listener < 0 || ::bind(listener, reinterpret_cast<sockaddr*>(&where), size) != 0 ||
      ::listen(listener, 4096) != 0 || ::getsockname(listener, reinterpret_cast<sockaddr*>(&where), &size) != 0)
    return -1;
  std::printf("listening on 127.0.0.1:%u\n", static_cast<unsigned>(ntohs(where.sin_port)));
  std::fflush(stdout);
  return listener;
}

void allow_many_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::uint16_t port = 0;
  if (argc > 1)
    std::from_chars(argv[1], argv[1] + std::strlen(argv[1]), port);
  allow_many_descriptors();
  const int listener = listen_on(port);
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  const int log = argc > 2 ? ::open(argv[2], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
  if (listener < 0 || epoll < 0 || (argc > 2 && log < 0)) {
    std::perror("quire-floor-epoll");
    return 2;
  }
  server(listener, epoll, log).serve();
}
