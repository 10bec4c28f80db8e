#pragma once

#include "gateway/authenticator.hpp"
#include "gateway/io_thread.hpp"
#include "gateway/listener.hpp"
#include "gateway/services.hpp"
#include "gateway/static_files.hpp"

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <vector>

namespace quire::gateway {

struct server_options {
  settings set;
  endpoint listen{"127.0.0.1", 0};
  endpoint admin_listen{"127.0.0.1", 0};
  bool any_admin_port = false;  ///< If that of `admin_listen` is taken, any other will do.
  std::size_t io_threads = 1;
  static_files pages;
  std::shared_ptr<authenticator> gate = std::make_shared<allow_all>();
  std::unique_ptr<net::ssl::context> tls;  ///< Null: none. Only for `listen`.
};

/// The gateway, serving: its listeners and I/O threads.
/// Affinity: the thread that started it.
class server {
 public:
  /// Listens on both ports and serves. `engine` and `watched` must outlive the server, which holds handles of actors.
  /// Errors: invalid_configuration if a port cannot be had.
  [[nodiscard]] static result<std::unique_ptr<server>> start(server_options options, actors::engine& engine,
                                                             metrics& watched);
  ~server();

  [[nodiscard]] std::uint16_t port() const noexcept { return clients_->port(); }
  [[nodiscard]] std::uint16_t admin_port() const noexcept { return operators_->port(); }

  /// Accepts no more, tells all clients to come back after a random part of `spread`, and waits until they have gone,
  /// but no longer than `patience`.
  void drain(std::chrono::milliseconds spread, std::chrono::milliseconds patience);

 private:
  server(server_options options, actors::engine& engine, metrics& watched);
  [[nodiscard]] result<void> listen();

  server_options options_;
  services shared_;
  std::vector<std::unique_ptr<io_thread>> threads_;
  std::shared_ptr<listener> clients_;
  std::shared_ptr<listener> operators_;
};

}  // namespace quire::gateway
