#include "protocol/lib0/reader.hpp"
#include "protocol/yjs/message_types.hpp"
#include "protocol/yjs/messages.hpp"

#include <algorithm>
#include <string>

namespace quire::protocol::yjs {

namespace {

tl::unexpected<error> unknown(const char* what, std::uint64_t number) {
  return fail(errc::unknown_message, std::string(what) + " of type " + std::to_string(number));
}

constexpr std::uint64_t types_max = 127;

/// A number that is no type stays one when it is made an octet.
std::uint64_t read_type(lib0::reader& from) {
  return std::min(from.var_uint(), types_max);
}

result<client_message> decode_sync(lib0::reader& from, bool asks_back) {
  const auto type = read_type(from);
  const auto payload = from.octets();
  switch (static_cast<sync_type>(type)) {
    case sync_type::step_1: return sync_step_1{payload, asks_back};
    case sync_type::step_2: return sync_step_2{payload};
    case sync_type::update: return sync_update{payload};
  }
  return unknown("a sync message", type);
}

result<client_message> decode_auth(lib0::reader& from) {
  const auto type = read_type(from);
  if (static_cast<auth_type>(type) != auth_type::token)
    return unknown("an auth message", type);
  token sent{from.text(), {}};
  if (from.is_good() && !from.rest().empty())
    sent.version = from.text();
  return sent;
}

/// The messages that both dialects have.
result<client_message> decode_common(std::uint64_t type, lib0::reader& from) {
  switch (static_cast<message_type>(type)) {
    case message_type::sync: return decode_sync(from, true);
    case message_type::awareness: return awareness_update{from.octets()};
    case message_type::query_awareness: return query_awareness{};
    default: return unknown("a message", type);
  }
}

result<client_message> decode_named(std::uint64_t type, lib0::reader& from) {
  switch (static_cast<message_type>(type)) {
    case message_type::auth: return decode_auth(from);
    case message_type::sync_reply: return decode_sync(from, false);
    case message_type::stateless: return stateless{from.text()};
    case message_type::stateless_broadcast: static_cast<void>(from.text()); return stateless_broadcast{};
    case message_type::close: return detach{};
    default: return decode_common(type, from);
  }
}

/// What follows a type is no message unless it reads, to the last byte.
result<client_message> whole(result<client_message> decoded, const lib0::reader& from) {
  if (!from.is_good())
    return fail(errc::malformed_message, from.why());
  if (decoded && !from.rest().empty())
    return fail(errc::malformed_message, "bytes after the message");
  return decoded;
}

}  // namespace

result<client_message> decode_y_websocket(bytes_view frame) {
  lib0::reader from(frame);
  const auto type = read_type(from);
  return whole(decode_common(type, from), from);
}

result<addressed_message> decode_hocuspocus(bytes_view frame) {
  // Of one byte there is no named message: the shortest has two.
  if (frame.size() == 1) {
    if (frame[0] == static_cast<std::byte>(message_type::ping))
      return addressed_message{{}, ping{}};
    if (frame[0] == static_cast<std::byte>(message_type::pong))
      return addressed_message{{}, pong{}};
  }
  lib0::reader from(frame);
  const auto address = from.text();
  const auto type = read_type(from);
  auto message = whole(decode_named(type, from), from);
  if (!message)
    return tl::unexpected(message.error());
  return addressed_message{address, *message};
}

}  // namespace quire::protocol::yjs
