#include "gateway/conversation/y_websocket.hpp"

#include <utility>

namespace quire::gateway {

namespace {

constexpr std::uint32_t only_request = 1;

}  // namespace

y_websocket_conversation::y_websocket_conversation(connection& over, document_name document, std::string token)
  : provider_conversation(over, protocol::dialect::y_websocket), name_(std::move(document)), token_(std::move(token)) {}

void y_websocket_conversation::start() {
  over_.hold(true);
  ask(only_request, name_, std::exchange(token_, {}));
}

void y_websocket_conversation::authenticated(std::uint32_t, const result<access>& given) {
  if (!given)
    return over_.refuse(given.error().code, given.error().detail);
  is_read_only_ = given->is_read_only;
  introduce();
}

void y_websocket_conversation::welcomed(const actors::connection_welcomed&) {
  open(only_request, name_, {}, is_read_only_);
}

void y_websocket_conversation::begun(const actors::subscription_begun& one) {
  document_ = one.document;
  over_.hold(false);
}

void y_websocket_conversation::failed(const actors::request_failed& one) {
  over_.finish(one.why.code, one.why.detail);
}

void y_websocket_conversation::ended(const actors::subscription_ended& one) {
  if (one.why)
    over_.finish(one.why->code, one.why->detail);
  else
    over_.finish(errc::slow_reader, "it missed edits");
}

void y_websocket_conversation::take(bytes_view& unread, bool) {
  const auto message = protocol::yjs::decode_y_websocket(std::exchange(unread, {}));
  if (!message)
    return over_.refuse(message.error().code, message.error().detail);
  if (auto* const where = over_.documents().find(document_))
    pass_on(*where, *message);
}

void y_websocket_conversation::say_something() {
  static constexpr std::array nobody{std::byte{0}};
  send(protocol::yjs::awareness_update{nobody}, std::nullopt);
}

}  // namespace quire::gateway
