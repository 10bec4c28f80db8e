#pragma once

#include "gateway/frame_buffer.hpp"
#include "gateway/outbound_stream.hpp"
#include "gateway/peer.hpp"
#include "gateway/subscriptions.hpp"
#include "gateway/token_bucket.hpp"
#include "protocol/messages.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <memory>
#include <optional>

namespace quire::gateway {

class io_thread;

/// One WebSocket connection of protocol version 1. It reads and decodes frames, passes edits on to the relays and the
/// rest to its session, keeps the connection's bounds, and sends what the engine delivers.
/// Affinity: its I/O thread.
class connection final : public peer, public std::enable_shared_from_this<connection> {
 public:
  using upgrade_request = beast::http::request<beast::http::string_body>;

  connection(io_thread& home, actors::connection_id id, transport over);
  ~connection() override;

  /// Answers the upgrade and begins to read.
  void accept(const upgrade_request& request);

  // What the engine brings.

  /// Queues a frame; false if the connection has the document open no more, must resync it, or closes.
  bool deliver(const actors::delivery& one, const frame_header& header);
  void settle(document_number document, const actors::credit_return& back);
  void begin(const actors::subscription_begun& one);
  void end(const actors::subscription_ended& one);
  void welcome(const actors::connection_welcomed& one);
  /// Says bye and closes.
  void finish(errc code, std::string_view detail, std::chrono::milliseconds retry = {});

  // peer
  steady_clock::duration check() override;
  void shut_down() override;
  void abort() override;
  connection* as_connection() noexcept override { return this; }

 private:
  enum class stage : std::uint8_t {
    upgrading,   ///< The HTTP answer is on its way.
    greeting,    ///< Nothing but hello is taken.
    introduced,  ///< The session decides; nothing is taken.
    open,
    closing,
    ended,
  };

  // Reading.
  void read();
  void on_read(error_code failed, std::size_t count);
  void on_frame();
  void take_messages();
  [[nodiscard]] bool may_take();
  void resume();

  // Messages.
  void take(protocol::client_message&& message);
  void take(protocol::hello&& message);
  void take(protocol::open&& message);
  void take(protocol::close&& message);
  void take(protocol::edit&& message);
  void take(protocol::presence_update&& message);
  void take(protocol::ping&& message);
  void take(protocol::pong&& message);
  void hand_over(subscription& where);
  void hand_over_all();

  // Sending.
  void send(const protocol::server_message& message);
  void send(shared_bytes frame, const frame_header& header, frame_kind kind);
  void on_overflow();
  void lapse(subscription& where);

  void check_open();
  /// The same as `finish`, decided here rather than by the session: counted here too.
  void refuse(errc code, std::string_view detail, std::chrono::milliseconds retry = {});
  void ended();
  [[nodiscard]] steady_clock::time_point now();

  // Fixed at start.
  io_thread& home_;
  const actors::connection_id id_;
  const steady_clock::time_point since_;

  std::shared_ptr<sender> sender_;
  beast::websocket::stream<outbound_stream, false> socket_;
  std::optional<actors::session_actor> session_;

  // Changes with the connection's life.
  stage stage_ = stage::upgrading;
  bool is_reading_ = false;
  steady_clock::time_point heard_;
  steady_clock::time_point spoken_;
  steady_clock::time_point closing_since_;
  std::optional<steady_clock::time_point> overflowed_;

  // Changes with every message.
  subscriptions subscriptions_;
  token_bucket presence_;
  token_bucket requests_;
  frame_buffer frame_;
  bytes_view unread_;  // of the frame in hand: what waits for credit
  std::size_t frame_messages_ = 0;
};

}  // namespace quire::gateway
