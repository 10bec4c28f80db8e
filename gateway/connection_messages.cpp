// What a connection does with each message of its client.

#include "gateway/connection.hpp"
#include "gateway/io_thread.hpp"
#include "protocol/limits.hpp"

#include <caf/send.hpp>
#include <utility>
#include <variant>

namespace quire::gateway {

void connection::take(protocol::client_message&& message) {
  if (stage_ == stage::greeting && !std::holds_alternative<protocol::hello>(message))
    return refuse(errc::hello_expected, "the first message must be hello");
  std::visit([this](auto&& one) { take(std::forward<decltype(one)>(one)); }, std::move(message));
}

void connection::take(protocol::hello&& message) {
  if (stage_ != stage::greeting)
    return refuse(errc::already_greeted, "a second hello");
  stage_ = stage::introduced;
  home_.set_unfinished(id_, false);
  session_ = home_.shared().engine.connect(home_.inbox(), id_);
  caf::anon_send(*session_, std::move(message));
}

void connection::take(protocol::open&& message) {
  static_cast<void>(requests_.take(now()));
  caf::anon_send(*session_, actors::open_document{std::move(message), protocol::dialect::quire, {}, false});
}

void connection::take(protocol::close&& message) {
  static_cast<void>(requests_.take(now()));
  if (auto* const where = subscriptions_.find(message.document))
    hand_over(*where);
  caf::anon_send(*session_, message);
}

void connection::take(protocol::edit&& message) {
  subscription* const where = subscriptions_.find(message.document);
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
  ++home_.this_turn().counts().edits_received;
  subscriptions_.sent(*where, message.operation.size());
  home_.this_turn().add(where->lane, {id_, std::move(message)});
}

void connection::take(protocol::presence_update&& message) {
  subscription* const where = subscriptions_.find(message.document);
  if (!where)
    return refuse_presence(errc::document_not_open, "presence for a document that is not open");
  if (message.cursor.size() + message.state.size() > limits::presence_bytes_max)
    return refuse_presence(errc::too_much_presence, "presence over its limit in size");
  if (!presence_.take(now()))
    return refuse_presence(errc::too_much_presence, "presence over its limit in rate", std::chrono::seconds(1));
  if (!where->is_lapsed)
    home_.this_turn().add(where->lane, {id_, std::move(message)});
}

void connection::refuse_presence(errc why, std::string_view detail, std::chrono::milliseconds retry) {
  send_refusal(why, protocol::failure{0, why, std::string(detail), retry});
}

void connection::take(protocol::ping&& message) {
  static_cast<void>(requests_.take(now()));
  send(protocol::pong{message.nonce});
}

void connection::take(protocol::pong&&) {}  // that it was heard is all there is to it

void connection::hand_over(subscription& where) {
  home_.this_turn().hand_over(*where.lane);
}

void connection::hand_over_all() {
  for (subscription& where : subscriptions_.all())
    hand_over(where);
}

}  // namespace quire::gateway
