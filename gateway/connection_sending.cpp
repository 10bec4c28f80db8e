// What a connection sends, and what it does when its client does not read.

#include "gateway/connection.hpp"
#include "gateway/io_thread.hpp"
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

#include <caf/send.hpp>
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
  const auto kind = one.is_join                         ? frame_kind::join
                    : one.document == document_number() ? frame_kind::connection
                                                        : frame_kind::document;
  send(one.frame, header, kind);
  const send_queue& queue = sender_->queue();
  if (queue.size_bytes(frame_kind::document) > home_.shared().set.send_queue_bytes_max)
    on_overflow();
  else if (queue.size_bytes(frame_kind::join) > home_.shared().set.join_queue_bytes_max)
    refuse(errc::slow_reader, "too much that was asked for is not read", std::chrono::seconds(1));
  return true;
}

void connection::settle(document_number document, const actors::credit_return& back) {
  subscriptions_.settled(document, back.edits, back.operation_bytes);
  if (!is_reading_ && stage_ == stage::open)
    resume();
}

void connection::begin(const actors::subscription_begun& one) {
  if (stage_ == stage::open)
    subscriptions_.begin(one.document, home_.lanes().to(one.document, one.relay));
}

void connection::end(const actors::subscription_ended& one) {
  subscriptions_.end(one.document);
  if (stage_ == stage::open) {
    if (one.why)
      send(protocol::closed{one.document, one.why->code, one.why->detail});
    else if (one.has_missed_edits)
      send(protocol::resync{one.document});
  }
  if (!is_reading_ && stage_ == stage::open)
    resume();
}

void connection::welcome(const actors::connection_welcomed& one) {
  if (stage_ != stage::introduced)
    return;
  stage_ = stage::open;
  send(one.welcome);
  resume();
}

void connection::fail(const actors::request_failed& one) {
  if (stage_ == stage::introduced || stage_ == stage::open)
    send(protocol::failure{one.request, one.why.code, one.why.detail, {}});
}

void connection::send(const protocol::server_message& message) {
  bytes out;
  protocol::encode(message, out);
  const websocket::frame_header header(out.size());
  send(share(std::move(out)), header, frame_kind::connection);
}

void connection::send_refusal(errc why, const protocol::server_message& message) {
  home_.shared().watched.refused(why, 1);
  send(message);
}

void connection::send(shared_bytes frame, const websocket::frame_header& header, frame_kind kind) {
  spoken_ = now();
  sender_->push(header, std::move(frame), kind);
}

void connection::send_control(websocket::opcode kind, bytes_view payload) {
  sender_->push(websocket::frame_header(payload.size(), kind), share(bytes(payload.begin(), payload.end())),
                frame_kind::connection);
}

// The client does not read as fast as its documents change. What waits is dropped; it is told to open them again with
// where it is, and gets what it lacks in one piece.
void connection::on_overflow() {
  sender_->queue().drop_documents();
  home_.shared().watched.resynced();
  const bool is_second = overflowed_ && now() - *overflowed_ < home_.shared().set.resync_again_within;
  if (is_second)
    return refuse(errc::slow_reader, "the connection does not drain", std::chrono::seconds(5));
  overflowed_ = now();
  subscriptions_.forget_lapsed();  // who was told so long ago knows; else they would gather, one overflow after another
  for (subscription& where : subscriptions_.all())
    lapse(where);
}

void connection::lapse(subscription& where) {
  hand_over(where);  // edits that came before are not lost
  caf::anon_send(where.lane->relay, actors::unsubscribe{id_});
  subscriptions_.lapse(where);
  send(protocol::resync{where.document});
}

}  // namespace quire::gateway
