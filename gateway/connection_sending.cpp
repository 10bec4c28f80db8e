// What a connection sends and passes on, and what it does when its client does not read.

#include "gateway/connection.hpp"
#include "gateway/io_thread.hpp"
#include "protocol/limits.hpp"

#include <utility>

namespace quire::gateway {

bool connection::deliver(const actors::delivery& one, const websocket::frame_header& header) {
  if (stage_ != stage::introduced && stage_ != stage::open)
    return false;
  if (one.document != document_number()) {
    const subscription* const where = subscriptions_.find(one.document);
    if (!where || where->is_lapsed)
      return false;
  }
  const auto kind = one.is_bulk                         ? frame_kind::bulk
                    : one.document == document_number() ? frame_kind::connection
                                                        : frame_kind::document;
  send(one.frame, header, kind);
  const send_queue& queue = sender_->queue();
  if (queue.size_bytes(frame_kind::document) > home_.shared().set.send_queue_bytes_max)
    on_overflow();
  else if (queue.size_bytes(frame_kind::bulk) > home_.shared().set.bulk_queue_bytes_max)
    refuse(errc::slow_reader, "too much that was asked for is not read", std::chrono::seconds(1));
  return true;
}

void connection::settle(document_number document, const actors::credit_return& back) {
  subscriptions_.settled(document, back.edits, back.operation_bytes);
  if (is_held_ && stage_ == stage::open)
    talk_->go_on();
  if (!is_reading_ && stage_ == stage::open)
    resume();
}

void connection::begin(const actors::subscription_begun& one) {
  if (stage_ != stage::open)
    return;
  subscriptions_.begin(one.document, home_.lanes().to(one.document, one.relay));
  talk_->begun(one);
  if (!is_reading_ && stage_ == stage::open)
    resume();
}

void connection::end(const actors::subscription_ended& one) {
  subscriptions_.end(one.document);
  if (stage_ == stage::open)
    talk_->ended(one);
  if (is_held_ && stage_ == stage::open)
    talk_->go_on();  // what it had sent and was not answered is nobody's credit any more
  if (!is_reading_ && stage_ == stage::open)
    resume();
}

void connection::welcome(const actors::connection_welcomed& one) {
  if (stage_ != stage::introduced)
    return;
  stage_ = stage::open;
  talk_->welcomed(one);
  resume();
}

void connection::fail(const actors::request_failed& one) {
  if (stage_ != stage::introduced && stage_ != stage::open)
    return;
  talk_->failed(one);
  if (!is_reading_ && stage_ == stage::open)
    resume();
}

void connection::authenticated(std::uint32_t ticket, const result<access>& given) {
  if (stage_ >= stage::closing)
    return;
  talk_->authenticated(ticket, given);
  if (!is_reading_ && stage_ == stage::open)
    resume();
}

void connection::submit(subscription& where, actors::session_item&& item) {
  home_.this_turn().add(where.lane, std::move(item));
}

void connection::submit_edit(subscription& where, actors::session_item&& item, std::size_t operation_bytes) {
  ++home_.this_turn().counts().edits_received;
  subscriptions_.sent(where, operation_bytes);
  submit(where, std::move(item));
}

void connection::hand_over(subscription& where) {
  home_.this_turn().hand_over(*where.lane);
}

void connection::hand_over_all() {
  for (subscription& where : subscriptions_.all())
    hand_over(where);
}

void connection::send(shared_bytes frame) {
  const websocket::frame_header header(frame->size());
  send(std::move(frame), header, frame_kind::connection);
}

void connection::send(shared_bytes frame, const websocket::frame_header& header, frame_kind kind) {
  spoken_ = now();
  sender_->push(header, std::move(frame), kind);
}

void connection::send_control(websocket::opcode kind, bytes_view payload) {
  sender_->push(websocket::frame_header(payload.size(), kind), share(bytes(payload.begin(), payload.end())),
                frame_kind::connection);
}

// The client does not read as fast as its documents change. What waits is dropped.
void connection::on_overflow() {
  sender_->queue().drop_documents();
  home_.shared().watched.resynced();
  talk_->overflowed();
}

}  // namespace quire::gateway
