#include "gateway/listener.hpp"

#include "gateway/logging.hpp"

#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <utility>

#include <netinet/tcp.h>

namespace quire::gateway {

namespace {

/// After an accept that failed for want of descriptors or memory: one that is retried at once only fails again.
constexpr std::chrono::milliseconds pause_after_failure{100};
/// A client that has answered nothing for so long is gone, whatever the network says.
constexpr int user_timeout_ms = 30'000;
/// What the kernel may hold unsent of one connection: what waits beyond is ours to bound.
constexpr int unsent_bytes_max = 128 * 1024;

void prepare(tcp_socket& socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  const auto set = [&](int option, int value) {
    static_cast<void>(::setsockopt(socket.native_handle(), IPPROTO_TCP, option, &value, sizeof value));
  };
  set(TCP_USER_TIMEOUT, user_timeout_ms);
  set(TCP_NOTSENT_LOWAT, unsent_bytes_max);
}

}  // namespace

result<endpoint> endpoint::parse(std::string_view text) {
  const auto refuse = [&] {
    return fail(errc::invalid_configuration, "not an address and a port, like 127.0.0.1:1234: " + std::string(text));
  };
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return refuse();
  auto host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  endpoint made;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), made.port);
  if (failed != std::errc() || end != digits.data() + digits.size())
    return refuse();
  if (host.starts_with('[') && host.ends_with(']'))
    host = host.substr(1, host.size() - 2);
  made.host = host == "localhost" ? "127.0.0.1" : std::string(host);
  error_code not_one;
  net::ip::make_address(made.host, not_one);
  if (not_one)
    return refuse();
  return made;
}

bool endpoint::is_loopback() const {
  error_code ignored;
  return net::ip::make_address(host, ignored).is_loopback();
}

result<std::shared_ptr<listener>> listener::open(const endpoint& where, audience for_whom,
                                                 std::vector<io_thread*> threads, net::ssl::context* tls) {
  error_code failed;
  const tcp::endpoint at(net::ip::make_address(where.host, failed), where.port);
  tcp::acceptor acceptor(threads.front()->context());
  if (!failed)
    acceptor.open(at.protocol(), failed);
  if (!failed)
    acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed)
    acceptor.bind(at, failed);
  if (!failed)
    acceptor.listen(net::socket_base::max_listen_connections, failed);
  if (failed)
    return fail(errc::invalid_configuration,
                "cannot listen on " + where.host + ":" + std::to_string(where.port) + ": " + failed.message());
  return std::make_shared<listener>(std::move(acceptor), for_whom, std::move(threads), tls);
}

listener::listener(tcp::acceptor&& acceptor, audience for_whom, std::vector<io_thread*> threads, net::ssl::context* tls)
  : for_whom_(for_whom),
    threads_(std::move(threads)),
    tls_(tls),
    acceptor_(std::move(acceptor)),
    port_(acceptor_.local_endpoint().port()),
    pause_(acceptor_.get_executor()) {}

void listener::start() {
  net::post(acceptor_.get_executor(), [self = shared_from_this()] { self->accept(); });
}

void listener::stop() {
  net::post(acceptor_.get_executor(), [self = shared_from_this()] {
    error_code ignored;
    self->acceptor_.close(ignored);
    self->pause_.cancel();
  });
}

void listener::accept() {
  if (!acceptor_.is_open())
    return;
  io_thread& target = *threads_[next_++ % threads_.size()];
  acceptor_.async_accept(
    target.context().get_executor(), [self = shared_from_this(), &target](error_code failed, tcp_socket socket) {
      if (failed == net::error::operation_aborted)
        return;
      if (failed)
        return self->rest();
      prepare(socket);
      target.admit(self->tls_ ? transport(std::move(socket), *self->tls_) : transport(std::move(socket)),
                   self->for_whom_);
      self->accept();
    });
}

void listener::rest() {
  log().warn("cannot accept: out of descriptors or memory");
  pause_.expires_after(pause_after_failure);
  pause_.async_wait([self = shared_from_this()](error_code) { self->accept(); });
}

}  // namespace quire::gateway
