#pragma once

#include "gateway/net.hpp"

#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <utility>

namespace quire::gateway {

/// A connected socket, with or without TLS over it: what HTTP and WebSocket are spoken on.
/// Whether there is TLS is asked at run time, so that what lies above exists once.
/// Affinity: the socket's I/O thread.
class transport {
 public:
  using executor_type = tcp_socket::executor_type;
  using tls_stream = net::ssl::stream<tcp_socket>;

  explicit transport(tcp_socket socket) : plain_(std::move(socket)) {}
  transport(tcp_socket socket, net::ssl::context& tls)
    : plain_(socket.get_executor()), tls_(std::make_unique<tls_stream>(std::move(socket), tls)) {}

  [[nodiscard]] executor_type get_executor() { return plain_.get_executor(); }
  [[nodiscard]] tcp_socket& socket() noexcept { return tls_ ? tls_->next_layer() : plain_; }
  /// Null if there is none.
  [[nodiscard]] tls_stream* tls() noexcept { return tls_.get(); }

  template <class Buffers, class Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    if (tls_)
      tls_->async_read_some(buffers, std::forward<Handler>(handler));
    else
      plain_.async_read_some(buffers, std::forward<Handler>(handler));
  }

  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    if (tls_)
      tls_->async_write_some(buffers, std::forward<Handler>(handler));
    else
      plain_.async_write_some(buffers, std::forward<Handler>(handler));
  }

  /// The other side reads the end after what was sent; what it sends is still read.
  void shut_down_sending() noexcept {
    error_code ignored;
    socket().shutdown(tcp::socket::shutdown_send, ignored);
  }

  /// Ends it at once; whatever was asked of it completes with an error.
  void close() noexcept {
    error_code ignored;
    socket().close(ignored);
  }

 private:
  tcp_socket plain_;
  std::unique_ptr<tls_stream> tls_;
};

}  // namespace quire::gateway
