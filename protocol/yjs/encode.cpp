#include "protocol/lib0/writer.hpp"
#include "protocol/yjs/message_types.hpp"
#include "protocol/yjs/messages.hpp"

#include <type_traits>

namespace quire::protocol::yjs {

namespace {

template <class Number>
void write_number(Number type, bytes& out) {
  lib0::write_octet(static_cast<std::uint8_t>(type), out);
}

void write_sync(sync_type type, bytes_view payload, bytes& out) {
  write_number(message_type::sync, out);
  write_number(type, out);
  lib0::write_octets(payload, out);
}

void write(const sync_step_1& message, bytes& out) {
  write_number(message.asks_back ? message_type::sync : message_type::sync_reply, out);
  write_number(sync_type::step_1, out);
  lib0::write_octets(message.state_vector, out);
}

void write(const sync_step_2& message, bytes& out) {
  write_sync(sync_type::step_2, message.update, out);
}

void write(const sync_update& message, bytes& out) {
  write_sync(sync_type::update, message.update, out);
}

void write(const awareness_update& message, bytes& out) {
  write_number(message_type::awareness, out);
  lib0::write_octets(message.entries, out);
}

void write(const query_awareness&, bytes& out) {
  write_number(message_type::query_awareness, out);
}

void write(const authenticated& message, bytes& out) {
  write_number(message_type::auth, out);
  write_number(auth_type::authenticated, out);
  lib0::write_text(message.is_read_only ? "readonly" : "read-write", out);
}

// y-websocket names this message with the number that Hocuspocus has for a token.
void write(const permission_denied& message, bool is_hocuspocus, bytes& out) {
  write_number(message_type::auth, out);
  write_number(is_hocuspocus ? auth_type::permission_denied : auth_type::token, out);
  lib0::write_text(message.reason, out);
}

void write(const token_request&, bytes& out) {
  write_number(message_type::auth, out);
  write_number(auth_type::token, out);
}

void write(const stateless& message, bytes& out) {
  write_number(message_type::stateless, out);
  lib0::write_text(message.payload, out);
}

void write(const sync_status& message, bytes& out) {
  write_number(message_type::sync_status, out);
  lib0::write_octet(message.is_stored ? 1 : 0, out);
}

void write(const closed& message, bytes& out) {
  write_number(message_type::close, out);
  lib0::write_text(message.reason, out);
}

void write(const ping&, bytes& out) {
  write_number(message_type::ping, out);
}

void write(const pong&, bytes& out) {
  write_number(message_type::pong, out);
}

template <class Message>
constexpr bool is_of_connection = std::is_same_v<Message, ping> || std::is_same_v<Message, pong>;

}  // namespace

void encode(const server_message& message, std::optional<std::string_view> address, bytes& out) {
  std::visit(
    [&]<class Message>(const Message& one) {
      if constexpr (!is_of_connection<Message>)
        if (address)
          lib0::write_text(*address, out);
      if constexpr (std::is_same_v<Message, permission_denied>)
        write(one, address.has_value(), out);
      else
        write(one, out);
    },
    message);
}

}  // namespace quire::protocol::yjs
