// From the socket to the messages in its frames:
//
//   readable ──> thread's buffer ──> websocket::frame_reader ──> message after message ──> conversation
//                     │                                   │
//                     └──────────── keep(), while the client has no credit

#include "gateway/connection.hpp"
#include "gateway/io_thread.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <utility>

namespace quire::gateway {

namespace {

constexpr std::size_t tls_read_bytes = 2 * 1024;

}  // namespace

// A connection that waits holds no buffer: over TCP it waits until something is there to read.
void connection::read() {
  if (is_reading_ || is_over_ || stage_ == stage::ended)
    return;
  if (!may_take())
    return resume_when_drained();
  transport& over = sender_->over();
  if (is_deaf_ && over.tls())
    return;  // TLS's own end is being spoken, and reads for itself
  is_reading_ = true;
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
  if (failed == net::error::eof)
    return end_of_input();
  if (failed)
    return abort();
  if (stage_ < stage::closing)
    heard_ = now();
  home_.this_turn().counts().bytes_received += received.size();
  input_ = received;
  take_input();
}

// What waits for the client is sent even if it has said all it had to say.
void connection::end_of_input() {
  is_over_ = true;
  if (sender_->queue().empty() || sender_->is_broken())
    return abort();
  if (stage_ < stage::closing) {
    stage_ = stage::closing;
    closing_since_ = now();
    leave();
  }
  sender_->when_drained(
    [self = shared_from_this()] { self->sender_->over().tls() ? self->end_sending() : self->abort(); });
}

void connection::take_input() {
  if (is_reading_)
    return;
  while (!input_.empty() || !unread_.empty()) {
    if (!may_take()) {
      resume_when_drained();
      return keep();
    }
    if (!unread_.empty())
      talk_->take(unread_, std::exchange(is_unread_new_, false));
    else
      take_frame();
  }
  kept_ = bytes();
  frames_.release();
  count_large_message();
  read();
}

// While it closes, everything is let through: nothing but the client's close frame matters.
bool connection::may_take() {
  if (stage_ == stage::closing)
    return true;
  return (stage_ == stage::greeting || stage_ == stage::open) && !is_held_ && subscriptions_.has_credit() &&
         !is_own_queue_full() && requests_.has_one(now());
}

bool connection::is_own_queue_full() const {
  return sender_->queue().size_bytes(frame_kind::connection) >= home_.shared().set.own_queue_bytes_max;
}

// What waits is the client's own to keep: the buffer that it was read into is wanted by others.
void connection::keep() {
  if (!kept_.empty())
    return;
  const auto unread_bytes = is_unread_in_input_ ? unread_.size() : 0;
  kept_.reserve(unread_bytes + input_.size());
  append(kept_, unread_.first(unread_bytes));
  append(kept_, input_);
  if (is_unread_in_input_)
    unread_ = bytes_view(kept_).first(unread_bytes);
  input_ = std::span(kept_).subspan(unread_bytes);
}

void connection::resume() {
  heard_ = now();  // that it was not read is not its silence
  take_input();
}

// Who waits for credit is told, and who asked too often is looked at in time; what was answered only has to leave.
void connection::resume_when_drained() {
  if (stage_ >= stage::closing || !is_own_queue_full())
    return;
  sender_->when_drained([self = shared_from_this()] {
    if (!self->is_reading_ && self->stage_ < stage::closing)
      self->resume();
  });
}

void connection::take_frame() {
  if (is_deaf_) {
    input_ = {};
    return;
  }
  auto next = frames_.next(input_, talk_->frame_bytes_max());
  if (!next) {
    refuse(next.error().code, next.error().detail);
    if (next.error().code != errc::message_too_large)
      go_deaf();
    return;
  }
  count_large_message();
  if (!*next || is_deaf_)
    return;
  const auto& [kind, payload, is_in_input] = **next;
  switch (kind) {
    case websocket::opcode::close: return take_close(payload);
    case websocket::opcode::ping: return take_ping(payload);
    case websocket::opcode::binary: return take_data(**next);
    case websocket::opcode::text: return refuse(errc::text_frame, "only binary frames are spoken here");
    case websocket::opcode::continuation:
    case websocket::opcode::pong: return;
  }
}

// What one connection may hold it may hold alone: all of them together would be too much.
void connection::count_large_message() {
  const auto held = frames_.held_bytes();
  if (!large_message_.set(held > limits::large_message_bytes ? held : 0, limits::large_messages_bytes_max))
    return;
  refuse(errc::overloaded, "too many large messages at once");
  go_deaf();
  frames_ = {};
  large_message_.set(0);
}

void connection::take_ping(bytes_view payload) {
  if (stage_ >= stage::closing)
    return;
  count_request();
  send_control(websocket::opcode::pong, payload);
}

void connection::take_data(const websocket::frame_reader::message& message) {
  if (stage_ >= stage::closing)
    return;
  ++home_.this_turn().counts().frames_received;
  if (message.payload.empty())
    return refuse(errc::malformed_message, "an empty frame");
  unread_ = message.payload;
  is_unread_in_input_ = message.is_in_input;
  is_unread_new_ = true;
}

void connection::take_close(bytes_view payload) {
  if (!websocket::is_close_payload(payload)) {
    refuse(errc::malformed_message, "WebSocket: a close frame that is none");
    return go_deaf();
  }
  if (stage_ < stage::closing)
    begin_closing(payload.first(std::min<std::size_t>(payload.size(), 2)));
  go_deaf();  // nothing may follow
}

// Called when the last word has been queued.
void connection::go_deaf() {
  is_deaf_ = true;
  sender_->when_drained([self = shared_from_this()] { self->end_sending(); });
}

}  // namespace quire::gateway
