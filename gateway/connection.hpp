#pragma once

#include "gateway/conversation.hpp"
#include "gateway/memory_share.hpp"
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

/// One WebSocket connection. It reads frames, has its conversation take what is in them, keeps the connection's bounds
/// and its clock, and sends what the engine delivers.
/// Affinity: its I/O thread.
class connection final : public peer, public std::enable_shared_from_this<connection> {
 public:
  connection(io_thread& home, actors::connection_id id, transport over, const conversation_maker& talk);
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
  /// The authenticator's answer.
  void authenticated(std::uint32_t ticket, const result<access>& given);
  /// Says so and closes.
  void finish(errc code, std::string_view detail, std::chrono::milliseconds retry = {});

  // For its conversation.

  [[nodiscard]] io_thread& home() noexcept { return home_; }
  [[nodiscard]] actors::connection_id id() const noexcept { return id_; }
  [[nodiscard]] steady_clock::time_point now();
  [[nodiscard]] subscriptions& documents() noexcept { return subscriptions_; }
  /// Of this connection, from its introduction on until it closes.
  [[nodiscard]] const std::optional<actors::session_actor>& session() const noexcept { return session_; }

  /// For how long nothing was heard of the client, no message was sent to it, and it has been connected.
  [[nodiscard]] steady_clock::duration unheard() { return now() - heard_; }
  [[nodiscard]] steady_clock::duration unspoken() { return now() - spoken_; }
  [[nodiscard]] steady_clock::duration age() { return now() - since_; }

  /// Makes the session, which decides; until it has nothing is taken.
  void introduce(protocol::hello&& as_whom);
  /// Whether another message may be taken now. What was looked at and may not waits.
  [[nodiscard]] bool may_take();
  /// Takes nothing, until told otherwise.
  void hold(bool is_held) noexcept { is_held_ = is_held; }
  /// One of what is bounded in its rate.
  void count_request() { static_cast<void>(requests_.take(now())); }
  /// Passes on to the document's relay; an edit takes credit.
  void submit(subscription& where, actors::session_item&& item);
  void submit_edit(subscription& where, actors::session_item&& item, std::size_t operation_bytes);
  /// Hands over now what waits for the document's relay.
  void hand_over(subscription& where);

  /// Sends what concerns the connection itself.
  void send(shared_bytes frame);
  void send_control(websocket::opcode kind, bytes_view payload);
  /// The same as `finish`, decided here rather than by the session: counted here too.
  void refuse(errc code, std::string_view detail, std::chrono::milliseconds retry = {});

  // peer
  steady_clock::duration check() override;
  void shut_down(std::chrono::milliseconds retry) override;
  void make_room() override;
  void abort() override;
  connection* as_connection() noexcept override { return this; }

 private:
  enum class stage : std::uint8_t {
    greeting,    ///< It has no session yet.
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
  void count_large_message();
  void take_data(const websocket::frame_reader::message& message);
  void take_ping(bytes_view payload);
  void take_close(bytes_view payload);
  void go_deaf();
  void end_of_input();
  [[nodiscard]] bool is_own_queue_full() const;
  void keep();
  void resume();
  void resume_when_drained();

  // Sending.
  void send(shared_bytes frame, const websocket::frame_header& header, frame_kind kind);
  void on_overflow();
  void hand_over_all();

  void check_open();
  void begin_closing(bytes_view close_payload);
  /// Nothing more is sent.
  void end_sending();
  void leave();
  void ended();

  // Fixed at start.
  io_thread& home_;
  const actors::connection_id id_;
  const steady_clock::time_point since_;

  std::shared_ptr<sender> sender_;
  std::unique_ptr<conversation> talk_;
  std::optional<actors::session_actor> session_;

  // Changes with the connection's life.
  stage stage_ = stage::greeting;
  bool is_reading_ = false;
  bool is_held_ = false;
  steady_clock::time_point heard_;
  steady_clock::time_point spoken_;
  steady_clock::time_point closing_since_;

  // Changes with every message.
  subscriptions subscriptions_;
  token_bucket requests_;
  websocket::frame_reader frames_;
  memory_share large_message_;  // for what frames_ holds, if that is much
  std::span<std::byte> input_;  // what was read and not yet looked at
  bytes_view unread_;           // of the frame in hand: what waits for credit
  bool is_unread_in_input_ = false;
  bool is_unread_new_ = false;  // nothing of it was taken yet
  bytes kept_;                  // what waits of the input; else it lies in a buffer that others need
  bytes deciphered_;            // over TLS: what is read into
  bool is_deaf_ = false;        // what comes cannot be understood, or matters no more
  bool is_over_ = false;        // nothing more comes
};

}  // namespace quire::gateway
