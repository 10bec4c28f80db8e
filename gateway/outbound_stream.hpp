#pragma once

#include "gateway/sender.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/buffer_traits.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <memory>
#include <type_traits>

namespace quire::gateway {

/// The stream under Beast's WebSocket stream. It reads from the transport, and queues what Beast writes (handshake,
/// pong, close) among the frames that the connection queues itself, so that nothing interleaves. A write completes
/// when its bytes have left.
class outbound_stream {
 public:
  using executor_type = transport::executor_type;

  explicit outbound_stream(std::shared_ptr<sender> below) : below_(std::move(below)) {}

  [[nodiscard]] executor_type get_executor() noexcept { return below_->over().get_executor(); }
  [[nodiscard]] sender& below() noexcept { return *below_; }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return net::async_initiate<Token, void(error_code, std::size_t)>(
      [](auto&& handler, outbound_stream* self, const Buffers& room) {
        self->below_->over().async_read_some(room, std::forward<decltype(handler)>(handler));
      },
      token, this, buffers);
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return net::async_initiate<Token, void(error_code, std::size_t)>(
      [](auto&& handler, outbound_stream* self, const Buffers& data) {
        self->queue(data, std::forward<decltype(handler)>(handler));
      },
      token, this, buffers);
  }

  /// Beast's own timeouts would call it; the connection keeps its own.
  friend void beast_close_socket(outbound_stream& stream) { stream.below_->over().close(); }

 private:
  /// A handler of any type, told through its own executor.
  template <class Handler>
  class told_handler final : public write_completion {
   public:
    told_handler(Handler handler, executor_type fallback, std::size_t size)
      : handler_(std::move(handler)), fallback_(fallback), size_(size) {}

    void complete(error_code outcome) override {
      const auto executor = net::get_associated_executor(handler_, fallback_);
      const auto count = outcome ? 0 : size_;
      net::post(executor, [handler = std::move(handler_), outcome, count]() mutable { handler(outcome, count); });
    }

   private:
    Handler handler_;
    executor_type fallback_;
    std::size_t size_;
  };

  /// What Beast writes here is small and copied whole: a frame of its own must not be cut by one of ours.
  template <class Buffers, class Handler>
  void queue(const Buffers& data, Handler&& handler) {
    bytes whole;
    whole.reserve(beast::buffer_bytes(data));
    for (const net::const_buffer piece : beast::buffers_range_ref(data))
      append(whole, {static_cast<const std::byte*>(piece.data()), piece.size()});
    const auto size = whole.size();
    below_->push_framed(share(std::move(whole)), std::make_unique<told_handler<std::decay_t<Handler>>>(
                                                   std::forward<Handler>(handler), get_executor(), size));
  }

  std::shared_ptr<sender> below_;
};

/// Part of Beast's closing handshake: what waits is sent first, then the other side is told that no more comes.
/// Not bounded here: the connection closes the socket when its patience ends.
template <class Handler>
void async_teardown(beast::role_type role, outbound_stream& stream, Handler&& handler) {
  sender* below = &stream.below();
  // std::function wants a copy to be possible; the handler has one owner.
  auto last = std::make_shared<std::decay_t<Handler>>(std::forward<Handler>(handler));
  below->when_drained([role, last, kept = below->shared_from_this()] {
    transport& over = kept->over();
    if (over.tls())
      over.tls()->async_shutdown([last, kept](error_code failed) {
        kept->over().close();
        (*last)(failed);
      });
    else
      beast::websocket::async_teardown(role, over.socket(), [last, kept](error_code failed) { (*last)(failed); });
  });
}

}  // namespace quire::gateway
