// The life of a connection:
//
//   http_session ── upgrade ──> greeting ── hello ──> introduced ── welcome ──> open
//   any of these ── bye, or the client's close ──> closing ── closing handshake, or patience over ──> ended

#include "gateway/connection.hpp"

#include "gateway/io_thread.hpp"
#include "protocol/errors.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <caf/send.hpp>
#include <utility>

namespace quire::gateway {

namespace {

/// The payload of a close frame: the code, then its name for whoever reads along.
bytes close_payload(std::uint16_t close_code, errc why) {
  bytes payload{static_cast<std::byte>(close_code >> 8U), static_cast<std::byte>(close_code & 0xFFU)};
  append(payload, as_bytes(describe(why).name));
  return payload;
}

}  // namespace

connection::connection(io_thread& home, actors::connection_id id, transport over, const conversation_maker& talk)
  : home_(home),
    id_(id),
    since_(home.this_turn().now()),
    sender_(std::make_shared<sender>(std::move(over), home.this_turn())),
    heard_(since_),
    spoken_(since_),
    requests_(static_cast<double>(home.shared().set.requests_a_second),
              static_cast<double>(home.shared().set.requests_burst), since_),
    large_message_(home.shared().large_messages_bytes) {
  talk_ = talk(*this);
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

void connection::start(shared_bytes upgrade_answer) {
  sender_->push(websocket::frame_header::none(), std::move(upgrade_answer), frame_kind::connection);
  home_.set_unfinished(id_, true);
  talk_->start();
  read();
}

void connection::introduce(protocol::hello&& as_whom) {
  stage_ = stage::introduced;
  home_.set_unfinished(id_, false);
  session_ = home_.shared().engine.connect(home_.inbox(), id_);
  caf::anon_send(*session_, std::move(as_whom));
}

void connection::refuse(errc code, std::string_view detail, std::chrono::milliseconds retry) {
  if (stage_ < stage::closing)
    home_.shared().watched.refused(code, 1);
  finish(code, detail, retry);
}

void connection::finish(errc code, std::string_view detail, std::chrono::milliseconds retry) {
  if (stage_ >= stage::closing)
    return;
  const auto close_code = talk_->say_farewell(code, detail, retry);
  begin_closing(close_payload(close_code, code));
  if (code == errc::slow_reader)
    sender_->queue().drop_for_closing();
  // What waited is read on from here, for the client's close frame, but not while it is being looked at.
  net::post(home_.context(), [self = shared_from_this()] { self->take_input(); });
}

void connection::begin_closing(bytes_view close_payload) {
  send_control(websocket::opcode::close, close_payload);
  stage_ = stage::closing;
  closing_since_ = now();
  unread_ = {};
  leave();
}

// The client closes when it reads the end; its own end is then read here, or patience ends.
void connection::end_sending() {
  transport& over = sender_->over();
  if (over.tls())
    return over.tls()->async_shutdown([self = shared_from_this()](error_code failed) {
      failed ? self->sender_->over().shut_down_sending() : self->abort();
    });
  over.shut_down_sending();
}

void connection::shut_down(std::chrono::milliseconds retry) {
  // A session is told by the engine, with a moment of its own to come back at.
  if (!session_)
    finish(errc::shutting_down, "the server stops", retry);
}

// Its client has the farewell in its socket, and is not waited for: what makes room must not take it.
void connection::make_room() {
  refuse(errc::overloaded, "too many connections have not said hello");
  sender_->when_drained([self = shared_from_this()] { self->abort(); });
}

void connection::abort() {
  sender_->abort();
  ended();
}

void connection::leave() {
  hand_over_all();
  if (session_)
    caf::anon_send(*std::exchange(session_, std::nullopt), actors::connection_lost{});
}

void connection::ended() {
  if (std::exchange(stage_, stage::ended) == stage::ended)
    return;
  input_ = {};
  unread_ = {};
  leave();
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
  if (!is_reading_ && stage_ < stage::closing)
    resume();
  if (stage_ < stage::open && is_over(since_, set.hello_timeout))
    refuse(errc::hello_timeout, "no hello in time");
  if (stage_ == stage::open)
    check_open();
  const bool is_quiet = stage_ == stage::open && is_reading_ && sender_->queue().empty();
  return is_quiet ? std::min(set.keepalive_interval, set.provider_message_interval) : set.check_interval();
}

void connection::check_open() {
  const settings& set = home_.shared().set;
  if (now() - heard_ >= set.silence_max)
    return refuse(errc::silent, "nothing was heard for too long", std::chrono::seconds(1));
  if (sender_->queue().stalled(now()) >= set.silence_max)
    return refuse(errc::slow_reader, "nothing is read any more", std::chrono::seconds(1));
  if (sender_->queue().document_age(now()) >= set.send_queue_age_max)
    on_overflow();
  if (stage_ == stage::open)
    talk_->check();
}

}  // namespace quire::gateway
