#include "gateway/server.hpp"

#include "gateway/logging.hpp"

#include <condition_variable>
#include <mutex>
#include <utility>

namespace quire::gateway {

namespace {

/// Counts down, and lets one wait for the end, for a while.
class countdown {
 public:
  explicit countdown(std::size_t from) : left_(from) {}

  void one_less() {
    const std::lock_guard lock(guard_);
    --left_;
    changed_.notify_all();
  }

  [[nodiscard]] bool wait(std::chrono::milliseconds patience) {
    std::unique_lock lock(guard_);
    return changed_.wait_for(lock, patience, [this] { return left_ == 0; });
  }

 private:
  std::mutex guard_;
  std::condition_variable changed_;
  std::size_t left_;
};

}  // namespace

result<std::unique_ptr<server>> server::start(server_options options, actors::engine& engine, metrics& watched) {
  std::unique_ptr<server> made(new server(std::move(options), engine, watched));
  if (auto listening = made->listen(); !listening)
    return tl::unexpected(listening.error());
  for (const auto& one : made->threads_)
    one->start();
  made->clients_->start();
  made->operators_->start();
  return made;
}

server::server(server_options options, actors::engine& engine, metrics& watched)
  : options_(std::move(options)), shared_{options_.set, engine, watched, options_.pages, *options_.gate} {
  for (std::size_t at = 0; at < std::max<std::size_t>(1, options_.io_threads); ++at)
    threads_.push_back(std::make_unique<io_thread>(shared_));
}

result<void> server::listen() {
  std::vector<io_thread*> all;
  for (const auto& one : threads_)
    all.push_back(one.get());
  auto clients = listener::open(options_.listen, audience::clients, all, options_.tls.get());
  if (!clients)
    return tl::unexpected(clients.error());
  auto operators = listener::open(options_.admin_listen, audience::operators, all, nullptr);
  if (!operators && options_.any_admin_port) {
    log().warn("{}: the operators' port is another; set --admin-listen to choose it", operators.error().detail);
    operators = listener::open({options_.admin_listen.host, 0}, audience::operators, all, nullptr);
  }
  if (!operators)
    return tl::unexpected(operators.error());
  clients_ = std::move(*clients);
  operators_ = std::move(*operators);
  return {};
}

server::~server() {
  for (const auto& one : threads_)
    one->stop();
  // Handlers that never ran go with the contexts; the listeners refer to those.
  clients_.reset();
  operators_.reset();
}

void server::drain(std::chrono::milliseconds spread, std::chrono::milliseconds patience) {
  shared_.is_ready = false;
  clients_->stop();
  shared_.engine.end_sessions(spread);
  // Shared: a thread that is late finds it still there.
  const auto left = std::make_shared<countdown>(threads_.size());
  for (const auto& one : threads_)
    one->shut_down(spread, [left] { left->one_less(); });
  if (!left->wait(patience))
    log().warn("some clients were still connected");
}

}  // namespace quire::gateway
