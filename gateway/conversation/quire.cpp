#include "gateway/conversation/quire.hpp"

#include "gateway/io_thread.hpp"
#include "protocol/codec.hpp"
#include "protocol/errors.hpp"
#include "protocol/limits.hpp"

#include <caf/send.hpp>
#include <utility>
#include <variant>

namespace quire::gateway {

quire_conversation::quire_conversation(connection& over)
  : conversation(over), presence_(limits::presence_updates_a_second, limits::presence_updates_a_second, over.now()) {}

void quire_conversation::take(bytes_view& unread, bool is_new) {
  if (is_new)
    messages_ = 0;
  do
    take_message(unread);
  while (!unread.empty() && over_.may_take());
}

void quire_conversation::take_message(bytes_view& unread) {
  if (++messages_ > limits::messages_a_frame_max)
    return over_.refuse(errc::malformed_message, "too many messages in one frame");
  auto message = protocol::decode_client_message(unread);
  if (!message)
    return over_.refuse(message.error().code, message.error().detail);
  take(std::move(*message));
}

void quire_conversation::take(protocol::client_message&& message) {
  if (!over_.session() && !std::holds_alternative<protocol::hello>(message))
    return over_.refuse(errc::hello_expected, "the first message must be hello");
  std::visit([this](auto&& one) { take(std::forward<decltype(one)>(one)); }, std::move(message));
}

void quire_conversation::take(protocol::hello&& message) {
  if (over_.session())
    return over_.refuse(errc::already_greeted, "a second hello");
  over_.introduce(std::move(message));
}

void quire_conversation::take(protocol::open&& message) {
  over_.count_request();
  caf::anon_send(*over_.session(), actors::open_document{std::move(message), protocol::dialect::quire, {}, false});
}

void quire_conversation::take(protocol::close&& message) {
  over_.count_request();
  if (auto* const where = over_.documents().find(message.document))
    over_.hand_over(*where);
  caf::anon_send(*over_.session(), message);
}

void quire_conversation::take(protocol::edit&& message) {
  subscription* const where = over_.documents().find(message.document);
  if (!where)
    return send_refusal(errc::document_not_open, protocol::nack{message.document,
                                                                message.sequence,
                                                                errc::document_not_open,
                                                                "the document is not open on this connection",
                                                                {},
                                                                {}});
  // Its client was told to resync, and sends again whatever is not acknowledged once it has.
  if (where->is_lapsed)
    return;
  const auto operation_bytes = message.operation.size();
  over_.submit_edit(*where, {over_.id(), std::move(message)}, operation_bytes);
}

void quire_conversation::take(protocol::presence_update&& message) {
  subscription* const where = over_.documents().find(message.document);
  if (!where)
    return refuse_presence(errc::document_not_open, "presence for a document that is not open");
  if (message.cursor.size() + message.state.size() > limits::presence_bytes_max)
    return refuse_presence(errc::too_much_presence, "presence over its limit in size");
  if (!presence_.take(over_.now()))
    return refuse_presence(errc::too_much_presence, "presence over its limit in rate", std::chrono::seconds(1));
  if (!where->is_lapsed)
    over_.submit(*where, {over_.id(), std::move(message)});
}

void quire_conversation::refuse_presence(errc why, std::string_view detail, std::chrono::milliseconds retry) {
  send_refusal(why, protocol::failure{0, why, std::string(detail), retry});
}

void quire_conversation::take(protocol::ping&& message) {
  over_.count_request();
  send(protocol::pong{message.nonce});
}

void quire_conversation::take(protocol::pong&&) {}  // that it was heard is all there is to it

void quire_conversation::welcomed(const actors::connection_welcomed& one) {
  send(one.welcome);
}

void quire_conversation::ended(const actors::subscription_ended& one) {
  if (one.why)
    send(protocol::closed{one.document, one.why->code, one.why->detail});
  else if (one.has_missed_edits)
    send(protocol::resync{one.document});
}

void quire_conversation::failed(const actors::request_failed& one) {
  send(protocol::failure{one.request, one.why.code, one.why.detail, {}});
}

std::uint16_t quire_conversation::say_farewell(errc code, std::string_view detail, std::chrono::milliseconds retry) {
  send(protocol::bye{code, std::string(detail), retry});
  return describe(code).close_code;
}

void quire_conversation::check() {
  const auto interval = over_.home().shared().set.keepalive_interval;
  if (over_.unheard() >= interval || over_.unspoken() >= interval)
    send(protocol::ping{});
}

// It is told to open its documents again with where it is, and gets what it lacks in one piece.
void quire_conversation::overflowed() {
  const bool is_second = overflowed_ && over_.now() - *overflowed_ < over_.home().shared().set.resync_again_within;
  if (is_second)
    return over_.refuse(errc::slow_reader, "the connection does not drain", std::chrono::seconds(5));
  overflowed_ = over_.now();
  // Who was told so long ago knows; else they would gather, one overflow after another.
  over_.documents().forget_lapsed();
  for (subscription& where : over_.documents().all())
    lapse(where);
}

void quire_conversation::lapse(subscription& where) {
  over_.hand_over(where);  // edits that came before are not lost
  caf::anon_send(where.lane->relay, actors::unsubscribe{over_.id()});
  over_.documents().lapse(where);
  send(protocol::resync{where.document});
}

void quire_conversation::send(const protocol::server_message& message) {
  bytes out;
  protocol::encode(message, out);
  over_.send(share(std::move(out)));
}

void quire_conversation::send_refusal(errc why, const protocol::server_message& message) {
  over_.home().shared().watched.refused(why, 1);
  send(message);
}

}  // namespace quire::gateway
