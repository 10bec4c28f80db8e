#pragma once

#include "gateway/io_thread.hpp"
#include "gateway/net.hpp"
#include "protocol/result.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace quire::gateway {

/// Where to listen: an address and a port; port 0 is any that is free.
struct endpoint {
  std::string host;
  std::uint16_t port = 0;

  /// Reads `HOST:PORT`, an IPv6 address in brackets. Errors: invalid_configuration.
  [[nodiscard]] static result<endpoint> parse(std::string_view text);
  [[nodiscard]] bool is_loopback() const;
};

/// Accepts sockets on one port and hands them to the I/O threads in turn.
class listener : public std::enable_shared_from_this<listener> {
 public:
  /// `tls` may be null. The threads must outlive the listener's last handler; the first one runs it.
  /// Errors: invalid_configuration, with the address and what the system said: taken, not ours, not allowed.
  [[nodiscard]] static result<std::shared_ptr<listener>> open(const endpoint& where, audience for_whom,
                                                              std::vector<io_thread*> threads, net::ssl::context* tls);

  void start();
  /// Affinity: any thread.
  void stop();
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  listener(tcp::acceptor&& acceptor, audience for_whom, std::vector<io_thread*> threads, net::ssl::context* tls);

 private:
  void accept();
  void rest();

  audience for_whom_;
  std::vector<io_thread*> threads_;
  net::ssl::context* tls_;
  tcp::acceptor acceptor_;
  std::uint16_t port_;
  net::steady_timer pause_;
  std::size_t next_ = 0;
};

}  // namespace quire::gateway
