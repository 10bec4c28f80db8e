// From the socket to the messages in its frames:
//
//   readable ──> thread's buffer ──> websocket::frame_reader ──> message after message ──> take()
//                     │                                   │
//                     └──────────── keep(), while the client has no credit

#include "gateway/connection.hpp"
#include "gateway/io_thread.hpp"
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <utility>

namespace quire::gateway {

namespace {

constexpr std::size_t tls_read_bytes = 2 * 1024;

}  // namespace

// A connection that waits holds no buffer: over TCP it waits until something is there to read.
void connection::read() {
  if (is_reading_ || stage_ == stage::ended || !may_take())
    return;
  is_reading_ = true;
  transport& over = sender_->over();
  if (!over.tls())
    return over.socket().async_wait(net::socket_base::wait_read, [self = shared_from_this()](error_code failed) {
      self->is_reading_ = false;
      self->on_readable(failed);
    });
  deciphered_.resize(tls_read_bytes);
  over.tls()->async_read_some(net::buffer(deciphered_),
                              [self = shared_from_this()](error_code failed, std::size_t count) {
                                self->is_reading_ = false;
                                self->on_read(failed, std::span(self->deciphered_).first(count));
                              });
}

void connection::on_readable(error_code failed) {
  const auto room = home_.receive_buffer();
  std::size_t count = 0;
  if (!failed)
    count = sender_->over().socket().read_some(net::buffer(room.data(), room.size()), failed);
  if (failed == net::error::would_block)
    return read();
  on_read(failed, room.first(count));
}

void connection::on_read(error_code failed, std::span<std::byte> received) {
  if (failed)
    return abort();
  if (stage_ < stage::closing)
    heard_ = now();
  home_.this_turn().counts().bytes_received += received.size();
  input_ = received;
  take_input();
}

void connection::take_input() {
  if (is_reading_)
    return;
  while (!input_.empty() || !unread_.empty()) {
    if (!may_take())
      return keep();
    if (!unread_.empty())
      take_message();
    else
      take_frame();
  }
  kept_ = bytes();
  read();
}

// While it closes, everything is let through: nothing but the client's close frame matters.
bool connection::may_take() {
  if (stage_ == stage::closing)
    return true;
  return (stage_ == stage::greeting || stage_ == stage::open) && subscriptions_.has_credit() &&
         sender_->queue().size_bytes(frame_kind::connection) < limits::own_queue_bytes_max && requests_.has_one(now());
}

// What waits is the client's own to keep: the buffer that it was read into is wanted by others.
void connection::keep() {
  if (!kept_.empty())
    return;
  kept_.reserve(unread_.size() + input_.size());
  const auto unread_bytes = unread_.size();
  append(kept_, unread_);
  append(kept_, input_);
  unread_ = bytes_view(kept_).first(unread_bytes);
  input_ = std::span(kept_).subspan(unread_bytes);
}

void connection::resume() {
  heard_ = now();  // that it was not read is not its silence
  take_input();
}

void connection::take_frame() {
  if (is_deaf_) {
    input_ = {};
    return;
  }
  auto next = frames_.next(input_, limits::frame_bytes_max);
  if (!next) {
    is_deaf_ = next.error().code != errc::message_too_large;
    return refuse(next.error().code, next.error().detail);
  }
  if (!*next)
    return;
  ++home_.this_turn().counts().frames_received;
  switch (const auto& [kind, payload] = **next; kind) {
    case websocket::opcode::close: return take_close(payload);
    case websocket::opcode::ping:
      if (stage_ < stage::closing)
        send_control(websocket::opcode::pong, payload);
      return;
    case websocket::opcode::binary: return take_data(payload);
    case websocket::opcode::text: return refuse(errc::text_frame, "only binary frames are spoken here");
    case websocket::opcode::continuation:
    case websocket::opcode::pong: return;
  }
}

void connection::take_data(bytes_view payload) {
  if (stage_ >= stage::closing)
    return;
  if (payload.empty())
    return refuse(errc::malformed_message, "an empty frame");
  unread_ = payload;
  frame_messages_ = 0;
}

void connection::take_message() {
  if (++frame_messages_ > limits::messages_a_frame_max)
    return refuse(errc::malformed_message, "too many messages in one frame");
  auto message = protocol::decode_client_message(unread_);
  if (!message)
    return refuse(message.error().code, message.error().detail);
  take(std::move(*message));
}

void connection::take_close(bytes_view payload) {
  if (!websocket::is_close_payload(payload)) {
    is_deaf_ = true;
    return refuse(errc::malformed_message, "WebSocket: a close frame that is none");
  }
  if (stage_ < stage::closing)
    begin_closing(payload.first(std::min<std::size_t>(payload.size(), 2)));
  is_deaf_ = true;  // nothing may follow
  sender_->when_drained([self = shared_from_this()] { self->end_sending(); });
}

}  // namespace quire::gateway
