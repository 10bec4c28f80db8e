// A floor: the same relay as it is usually written with Boost.Beast, without coalescing: one thread, a queue of shared
// messages a member, one async_write for each. Keeps nothing.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include <cstdint>
#include <deque>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <sys/resource.h>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;

/// Messages that may wait for one member; beyond it the member is cut off.
constexpr std::size_t queue_max = 1'000'000;

using message = std::shared_ptr<const std::string>;

class member;
using room = std::set<member*>;
using rooms = std::map<std::string, room>;

class member : public std::enable_shared_from_this<member> {
 public:
  member(tcp::socket socket, rooms& all) : stream_(std::move(socket)), rooms_(all) {}
  ~member() {
    if (room_ != nullptr)
      room_->erase(this);
  }

  member(const member&) = delete;
  member& operator=(const member&) = delete;

  void start() {
    http::async_read(stream_.next_layer(), buffer_, request_,
                     [self = shared_from_this()](error_code failed, std::size_t) {
                       if (!failed)
                         self->upgrade();
                     });
  }

 private:
  void upgrade() {
    room_ = &rooms_[std::string(request_.target())];
    stream_.binary(true);
    stream_.async_accept(request_, [self = shared_from_this()](error_code failed) {
      // The one thread is here before it reads what anybody sends who has seen the answer.
      self->request_ = {};
      if (failed)
        return;
      self->room_->insert(self.get());
      self->read();
    });
  }

  void read() {
    stream_.async_read(buffer_, [self = shared_from_this()](error_code failed, std::size_t) {
      if (failed)
        return self->leave();
      self->relay();
      self->read();
    });
  }

  void relay() {
    const auto shared = std::make_shared<const std::string>(beast::buffers_to_string(buffer_.data()));
    buffer_.consume(buffer_.size());
    for (member* to : *room_)
      to->send(shared);
  }

  void send(const message& next) {
    if (queue_.size() == queue_max)
      return beast::get_lowest_layer(stream_).close();
    queue_.push_back(next);
    if (queue_.size() == 1)
      write();
  }

  void write() {
    stream_.async_write(asio::buffer(*queue_.front()), [self = shared_from_this()](error_code failed, std::size_t) {
      if (failed)
        return self->leave();
      self->queue_.pop_front();
      if (!self->queue_.empty())
        self->write();
    });
  }

  void leave() { room_->erase(this); }

  websocket::stream<beast::tcp_stream> stream_;
  rooms& rooms_;
  room* room_ = nullptr;
  beast::flat_buffer buffer_;
  http::request<http::empty_body> request_;
  std::deque<message> queue_;
};

void accept_next(tcp::acceptor& acceptor, rooms& all) {
  acceptor.async_accept([&](error_code failed, tcp::socket socket) {
    if (!failed) {
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      std::make_shared<member>(std::move(socket), all)->start();
    }
    accept_next(acceptor, all);
  });
}

void allow_many_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
}

}  // namespace

// The port is the one argument; without it, any. Prints which, once it listens.
int main(int argc, char** argv) try {
  allow_many_descriptors();
  const auto port = static_cast<std::uint16_t>(argc == 2 ? std::stoul(argv[1]) : 0);
  asio::io_context loop{1};
  tcp::acceptor acceptor(loop, {asio::ip::address_v4::loopback(), port});
  rooms all;
  accept_next(acceptor, all);
  std::cout << "listening on 127.0.0.1:" << acceptor.local_endpoint().port() << std::endl;
  loop.run();
} catch (const std::exception& failed) {
  std::cerr << "quire-floor-beast: " << failed.what() << '\n';
  return 2;
}
