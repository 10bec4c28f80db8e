// An edit's way through an I/O thread, and back:
//
//   socket ──read──> connection ──> turn's lane ──(end of turn)──> relay
//   socket <──send── sender's queue <── connection <── inbox <──── relay
//              │
//        (end of turn)

#include "gateway/io_thread.hpp"

#include "gateway/connection.hpp"
#include "gateway/http_session.hpp"

#include <algorithm>
#include <random>
#include <utility>
#include <variant>

namespace quire::gateway {

namespace {

/// Handlers a turn at most: whoever has something to send waits no longer for others to be served.
constexpr std::size_t handlers_a_turn_max = 4'096;

/// What one read takes from a socket.
constexpr std::size_t receive_bytes_max = 64UL * 1024;

/// Fine enough for the shortest of the times that are kept with it.
steady_clock::duration tick_for(const settings& set) {
  return std::max(set.check_interval() / 4, std::chrono::milliseconds(10));
}

}  // namespace

io_thread::io_thread(services& shared)
  : shared_(shared),
    keep_running_(context_.get_executor()),
    inbox_(std::make_shared<gateway::inbox>(context_, [this](std::vector<inbox_item>& items) { take(items); })),
    receive_buffer_(receive_bytes_max),
    wheel_(tick_for(shared.set)),
    next_sweep_(context_) {}

io_thread::~io_thread() {
  stop();
}

void io_thread::start() {
  thread_ = std::thread([this] { run(); });
}

void io_thread::stop() {
  inbox_->close();
  context_.stop();
  if (thread_.joinable())
    thread_.join();
  for (const auto& one : peers_.all())
    one->abort();
}

void io_thread::run() {
  while (context_.run_one() != 0) {
    for (std::size_t ran = 1; ran < handlers_a_turn_max && context_.poll_one() != 0;)
      ++ran;
    shared_.watched.turn_ended(turn_.end());
  }
}

void io_thread::admit(transport accepted, audience for_whom) {
  net::post(context_, [this, accepted = std::move(accepted), for_whom]() mutable {
    const auto id = peers_.reserve();
    const auto made = std::make_shared<http_session>(*this, id, std::move(accepted), for_whom);
    peers_.put(id, made);
    shared_.watched.sockets_changed(1);
    made->start();
  });
}

void io_thread::shut_down(std::chrono::milliseconds spread, std::function<void()> when_empty) {
  net::post(context_, [this, spread, when_empty = std::move(when_empty)]() mutable {
    when_empty_ = std::move(when_empty);
    std::minstd_rand random(std::random_device{}());
    std::uniform_int_distribution<std::int64_t> any(spread.count() / 2, spread.count());
    for (const auto& one : peers_.all())
      one->shut_down(std::chrono::milliseconds(any(random)));
    tell_if_empty();
  });
}

void io_thread::set_unfinished(actors::connection_id who, bool is_unfinished) {
  peers_.set_unfinished(who, is_unfinished);
  if (peers_.unfinished() <= shared_.set.handshakes_max)
    return;
  const auto oldest = peers_.oldest_unfinished();
  peers_.set_unfinished(oldest, false);
  peers_.find(oldest)->make_room();
}

void io_thread::check_after(actors::connection_id who, steady_clock::duration delay) {
  wheel_.schedule(who, delay);
  arm();
}

void io_thread::arm() {
  if (std::exchange(is_armed_, true))
    return;
  next_sweep_.expires_after(wheel_.tick());
  next_sweep_.async_wait([this](error_code failed) {
    if (!failed)
      sweep();
  });
}

void io_thread::sweep() {
  is_armed_ = false;
  for (const auto who : wheel_.advance())
    if (const auto one = peers_.find(who)) {
      const auto again = one->check();
      if (peers_.find(who))
        wheel_.schedule(who, again);
    }
  if (!peers_.empty())
    arm();
}

void io_thread::remove(actors::connection_id who) {
  if (!peers_.find(who))
    return;
  peers_.remove(who);
  shared_.watched.sockets_changed(-1);
  tell_if_empty();
}

void io_thread::tell_if_empty() {
  if (peers_.empty() && when_empty_)
    std::exchange(when_empty_, nullptr)();
}

void io_thread::take(std::vector<inbox_item>& items) {
  for (inbox_item& item : items)
    std::visit([this](auto& one) { take(one); }, item.what);
  const auto done = steady_clock::now();
  for (const inbox_item& item : items)
    if (const auto* const one = std::get_if<actors::delivery>(&item.what); one && one->is_broadcast())
      shared_.watched.delivered(done - item.since);
}

void io_thread::take(actors::delivery& one) {
  if (one.frame) {
    const websocket::frame_header header(one.frame->size());
    std::size_t reached = 0;
    for (const auto to : *one.to)
      if (auto* const found = peers_.find_connection(to))
        reached += found->deliver(one, header) ? 1U : 0U;
    turn_.counts().deliveries += reached * one.edits;
  }
  for (const auto& back : one.settled)
    if (auto* const found = peers_.find_connection(back.to))
      found->settle(one.document, back);
}

void io_thread::take(actors::subscription_begun& one) {
  if (auto* const found = peers_.find_connection(one.connection))
    found->begin(one);
}

void io_thread::take(actors::subscription_ended& one) {
  if (auto* const found = peers_.find_connection(one.connection))
    found->end(one);
}

void io_thread::take(actors::request_failed& one) {
  if (auto* const found = peers_.find_connection(one.connection))
    found->fail(one);
}

void io_thread::take(actors::connection_welcomed& one) {
  if (auto* const found = peers_.find_connection(one.connection))
    found->welcome(one);
}

void io_thread::take(actors::connection_ended& one) {
  if (auto* const found = peers_.find_connection(one.connection))
    found->finish(one.code, one.detail, one.retry);
}

}  // namespace quire::gateway
