// The life of a connection:
//
//   http_session ── upgrade ──> upgrading ──> greeting ── hello ──> introduced ── welcome ──> open
//        any of these ── bye ──> closing ── closing handshake, or patience over ──> ended

#include "gateway/connection.hpp"

#include "gateway/io_thread.hpp"
#include "protocol/codec.hpp"
#include "protocol/errors.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <boost/beast/websocket/rfc6455.hpp>
#include <caf/send.hpp>
#include <utility>

namespace quire::gateway {

namespace websocket = beast::websocket;

namespace {

constexpr std::size_t close_reason_bytes_max = 123;  // RFC 6455, section 5.5

websocket::close_reason close_reason_for(errc code) {
  const error_description& row = describe(code);
  const auto text = row.name.substr(0, close_reason_bytes_max);
  return {static_cast<websocket::close_code>(row.close_code), beast::string_view(text.data(), text.size())};
}

}  // namespace

connection::connection(io_thread& home, actors::connection_id id, transport over)
  : home_(home),
    id_(id),
    since_(home.this_turn().now()),
    sender_(std::make_shared<sender>(std::move(over), home.this_turn())),
    socket_(sender_),
    heard_(since_),
    spoken_(since_),
    presence_(limits::presence_updates_a_second, limits::presence_updates_a_second, since_),
    requests_(limits::requests_a_second, limits::requests_burst, since_) {
  ++home_.shared().connections;
  home_.shared().watched.connections_changed(1);
}

connection::~connection() {
  --home_.shared().connections;
  home_.shared().watched.connections_changed(-1);
}

steady_clock::time_point connection::now() {
  return home_.this_turn().now();
}

void connection::accept(const upgrade_request& request) {
  home_.set_unfinished(id_, true);
  socket_.binary(true);
  socket_.auto_fragment(false);
  socket_.read_message_max(0);  // kept here, so that the client is told in the protocol's own words
  socket_.set_option(websocket::stream_base::decorator([](websocket::response_type& answer) {
    answer.set(beast::http::field::sec_websocket_protocol, "quire.v1");
    answer.erase(beast::http::field::server);
  }));
  socket_.async_accept(request, [self = shared_from_this()](error_code failed) {
    if (failed)
      return self->abort();
    if (self->stage_ == stage::upgrading)
      self->stage_ = stage::greeting;
    self->read();
  });
}

void connection::read() {
  if (is_reading_ || !unread_.empty() || !may_take())
    return;
  is_reading_ = true;
  const auto room = frame_.room(socket_.read_size_hint(limits::frame_bytes_max));
  socket_.async_read_some(net::buffer(room.data(), room.size()),
                          [self = shared_from_this()](error_code failed, std::size_t count) {
                            self->is_reading_ = false;
                            self->on_read(failed, count);
                          });
}

void connection::on_read(error_code failed, std::size_t count) {
  if (failed) {
    if (failed != websocket::error::closed)
      sender_->abort();
    return ended();
  }
  if (stage_ >= stage::closing)
    return;  // the closing handshake reads from here on
  heard_ = now();
  home_.this_turn().counts().bytes_received += count;
  frame_.filled(count);
  if (frame_.size() > limits::frame_bytes_max)
    return refuse(errc::message_too_large, "a frame is over its limit");
  if (socket_.is_message_done())
    on_frame();
  else
    read();
}

void connection::on_frame() {
  ++home_.this_turn().counts().frames_received;
  if (socket_.got_text())
    return refuse(errc::text_frame, "only binary frames are spoken here");
  if (frame_.size() == 0)
    return refuse(errc::malformed_message, "an empty frame");
  unread_ = frame_.view();
  frame_messages_ = 0;
  take_messages();
}

bool connection::may_take() {
  return (stage_ == stage::greeting || stage_ == stage::open) && subscriptions_.has_credit() &&
         sender_->queue().size_bytes(frame_kind::connection) < limits::own_queue_bytes_max && requests_.has_one(now());
}

void connection::take_messages() {
  while (!unread_.empty()) {
    if (!may_take())
      return;
    if (++frame_messages_ > limits::messages_a_frame_max)
      return refuse(errc::malformed_message, "too many messages in one frame");
    auto message = protocol::decode_client_message(unread_);
    if (!message)
      return refuse(message.error().code, message.error().detail);
    take(std::move(*message));
  }
  frame_.clear();
  read();
}

void connection::resume() {
  heard_ = now();  // that it was not read is not its silence
  if (!unread_.empty())
    take_messages();
  else
    read();
}

void connection::refuse(errc code, std::string_view detail, std::chrono::milliseconds retry) {
  if (stage_ < stage::closing)
    home_.shared().watched.refused(code, 1);
  finish(code, detail, retry);
}

void connection::finish(errc code, std::string_view detail, std::chrono::milliseconds retry) {
  if (stage_ >= stage::closing)
    return;
  if (stage_ == stage::upgrading)
    return abort();
  send(protocol::bye{code, std::string(detail), retry});
  stage_ = stage::closing;
  closing_since_ = now();
  unread_ = {};
  if (code == errc::slow_reader)
    sender_->queue().drop_for_closing();
  socket_.async_close(close_reason_for(code), [self = shared_from_this()](error_code) { self->ended(); });
}

void connection::shut_down() {
  // A session is told by the engine, with a moment of its own to come back at.
  if (!session_)
    finish(errc::shutting_down, "the server stops", std::chrono::seconds(1));
}

void connection::abort() {
  sender_->abort();
  ended();
}

void connection::ended() {
  if (std::exchange(stage_, stage::ended) == stage::ended)
    return;
  unread_ = {};
  hand_over_all();
  if (session_)
    caf::anon_send(*std::exchange(session_, std::nullopt), actors::connection_lost{});
  home_.remove(id_);
}

steady_clock::duration connection::check() {
  const settings& set = home_.shared().set;
  const auto is_over = [&](steady_clock::time_point since, std::chrono::milliseconds patience) {
    return now() - since >= patience;
  };
  if (sender_->is_broken() || (stage_ == stage::closing && is_over(closing_since_, set.closing_patience))) {
    abort();
    return set.keepalive_interval;
  }
  if (stage_ < stage::open && is_over(since_, set.hello_timeout))
    refuse(errc::hello_timeout, "no hello in time");
  if (stage_ == stage::open)
    check_open();
  return stage_ == stage::open && sender_->queue().empty() ? set.keepalive_interval : set.check_interval();
}

void connection::check_open() {
  const settings& set = home_.shared().set;
  if (!is_reading_)
    resume();
  if (now() - heard_ >= set.silence_max)
    return refuse(errc::silent, "nothing was heard for too long", std::chrono::seconds(1));
  if (sender_->queue().stalled(now()) >= set.silence_max)
    return refuse(errc::slow_reader, "nothing is read any more", std::chrono::seconds(1));
  if (sender_->queue().document_age(now()) >= set.send_queue_age_max)
    on_overflow();
  if (stage_ == stage::open && (now() - heard_ >= set.keepalive_interval || now() - spoken_ >= set.keepalive_interval))
    send(protocol::ping{});
}

}  // namespace quire::gateway
