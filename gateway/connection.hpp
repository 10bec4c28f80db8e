#pragma once

#include "gateway/peer.hpp"
#include "gateway/sender.hpp"
#include "gateway/subscriptions.hpp"
#include "gateway/token_bucket.hpp"
#include "protocol/messages.hpp"
#include "protocol/websocket/frame_reader.hpp"

#include <memory>
#include <optional>

namespace quire::gateway {

class io_thread;

/// One WebSocket connection of protocol version 1. It reads and decodes frames, passes edits on to the relays and the
/// rest to its session, keeps the connection's bounds, and sends what the engine delivers.
/// Affinity: its I/O thread.
class connection final : public peer, public std::enable_shared_from_this<connection> {
 public:
  connection(io_thread& home, actors::connection_id id, transport over);
  ~connection() override;

  /// Sends the answer to the upgrade and begins to read.
  void start(shared_bytes upgrade_answer);

  // What the engine brings.

  /// Queues a frame; false if the connection has the document open no more, must resync it, or closes.
  bool deliver(const actors::delivery& one, const websocket::frame_header& header);
  void settle(document_number document, const actors::credit_return& back);
  void begin(const actors::subscription_begun& one);
  void end(const actors::subscription_ended& one);
  void welcome(const actors::connection_welcomed& one);
  void fail(const actors::request_failed& one);
  /// Says bye and closes.
  void finish(errc code, std::string_view detail, std::chrono::milliseconds retry = {});

  // peer
  steady_clock::duration check() override;
  void shut_down(std::chrono::milliseconds retry) override;
  void make_room() override;
  void abort() override;
  connection* as_connection() noexcept override { return this; }

 private:
  enum class stage : std::uint8_t {
    greeting,    ///< Nothing but hello is taken.
    introduced,  ///< The session decides; nothing is taken.
    open,
    closing,  ///< The close frame is on its way; only the client's is waited for.
    ended,
  };

  // Reading.
  void read();
  void on_readable(error_code failed);
  void on_read(error_code failed, std::span<std::byte> received);
  void take_input();
  void take_frame();
  void take_data(const websocket::frame_reader::message& message);
  void take_message();
  void take_ping(bytes_view payload);
  void take_close(bytes_view payload);
  void go_deaf();
  void end_of_input();
  [[nodiscard]] bool may_take();
  [[nodiscard]] bool is_own_queue_full() const;
  void keep();
  void resume();
  void resume_when_drained();

  // Messages.
  void take(protocol::client_message&& message);
  void take(protocol::hello&& message);
  void take(protocol::open&& message);
  void take(protocol::close&& message);
  void take(protocol::edit&& message);
  void take(protocol::presence_update&& message);
  void take(protocol::ping&& message);
  void take(protocol::pong&& message);
  void refuse_presence(errc why, std::string_view detail, std::chrono::milliseconds retry = {});
  void hand_over(subscription& where);
  void hand_over_all();

  // Sending.
  void send(const protocol::server_message& message);
  /// Sends a nack or a failure, and counts it.
  void send_refusal(errc why, const protocol::server_message& message);
  void send(shared_bytes frame, const websocket::frame_header& header, frame_kind kind);
  void send_control(websocket::opcode kind, bytes_view payload);
  void on_overflow();
  void lapse(subscription& where);

  void check_open();
  /// The same as `finish`, decided here rather than by the session: counted here too.
  void refuse(errc code, std::string_view detail, std::chrono::milliseconds retry = {});
  void begin_closing(bytes_view close_payload);
  /// Nothing more is sent.
  void end_sending();
  void leave();
  void ended();
  [[nodiscard]] steady_clock::time_point now();

  // Fixed at start.
  io_thread& home_;
  const actors::connection_id id_;
  const steady_clock::time_point since_;

  std::shared_ptr<sender> sender_;
  std::optional<actors::session_actor> session_;

  // Changes with the connection's life.
  stage stage_ = stage::greeting;
  bool is_reading_ = false;
  steady_clock::time_point heard_;
  steady_clock::time_point spoken_;
  steady_clock::time_point closing_since_;
  std::optional<steady_clock::time_point> overflowed_;

  // Changes with every message.
  subscriptions subscriptions_;
  token_bucket presence_;
  token_bucket requests_;
  websocket::frame_reader frames_;
  std::span<std::byte> input_;  // what was read and not yet looked at
  bytes_view unread_;           // of the frame in hand: what waits for credit
  bool is_unread_in_input_ = false;
  std::size_t frame_messages_ = 0;
  bytes kept_;            // what waits of the input; else it lies in a buffer that others need
  bytes deciphered_;      // over TLS: what is read into
  bool is_deaf_ = false;  // what comes cannot be understood, or matters no more
  bool is_over_ = false;  // nothing more comes
};

}  // namespace quire::gateway
