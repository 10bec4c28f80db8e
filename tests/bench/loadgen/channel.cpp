#include "tests/bench/loadgen/channel.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace quire::bench {

result<channel> channel::connect(const endpoint& server) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(server.port);
  if (::inet_pton(AF_INET, server.address.c_str(), &where.sin_addr) != 1)
    return fail(errc::invalid_configuration, "not an IPv4 address: " + server.address);
  channel made(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (made.descriptor_ < 0)
    return fail(errc::internal, std::strerror(errno));
  const int yes = 1;
  ::setsockopt(made.descriptor_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (::connect(made.descriptor_, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0 && errno != EINPROGRESS)
    return fail(errc::internal, std::strerror(errno));
  return made;
}

channel::channel(channel&& other) noexcept
  : descriptor_(std::exchange(other.descriptor_, -1)),
    outgoing_(std::move(other.outgoing_)),
    kept_(std::move(other.kept_)) {}

channel::~channel() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

bool channel::flush() {
  std::size_t sent = 0;
  while (sent < outgoing_.size()) {
    const auto count = ::send(descriptor_, outgoing_.data() + sent, outgoing_.size() - sent, MSG_NOSIGNAL);
    if (count < 0) {
      if (errno == EAGAIN || errno == ENOTCONN)
        break;
      return false;
    }
    sent += static_cast<std::size_t>(count);
  }
  outgoing_.erase(outgoing_.begin(), outgoing_.begin() + static_cast<std::ptrdiff_t>(sent));
  return true;
}

std::optional<bytes_view> channel::receive(bytes& scratch, bool& is_drained) {
  scratch.resize(std::max(scratch.size(), kept_.size() + receive_bytes));
  std::copy(kept_.begin(), kept_.end(), scratch.begin());
  const auto count = ::recv(descriptor_, scratch.data() + kept_.size(), receive_bytes, 0);
  if (count == 0 || (count < 0 && errno != EAGAIN))
    return std::nullopt;
  const auto arrived = static_cast<std::size_t>(std::max<ssize_t>(count, 0));
  is_drained = arrived < receive_bytes;
  return bytes_view(scratch).first(kept_.size() + arrived);
}

}  // namespace quire::bench
