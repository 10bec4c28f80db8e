#pragma once

#include "protocol/bytes.hpp"
#include "protocol/result.hpp"

#include <optional>
#include <string_view>
#include <variant>

/// The messages of the Yjs providers: of y-websocket, and of Hocuspocus, which puts a document's name before each.
/// Views are of the frame that was decoded, or of what whoever sends still holds.
/// Sources: y-protocols (PROTOCOL.md, sync.js, awareness.js, auth.js), y-websocket 3, Hocuspocus 4.
namespace quire::protocol::yjs {

/// Where the sender is: asks for what it lacks.
struct sync_step_1 {
  bytes_view state_vector;
  /// The sender also wants to be asked. False in what Hocuspocus calls a sync reply.
  bool asks_back = true;
};
/// The answer to `sync_step_1`.
struct sync_step_2 {
  bytes_view update;
};
/// A change, as it happens.
struct sync_update {
  bytes_view update;
};
/// `entries`: see protocol/yjs/awareness.hpp.
struct awareness_update {
  bytes_view entries;
};
/// Asks for everybody's awareness.
struct query_awareness {};

/// A client proves who it is (Hocuspocus). `version`: of its provider, from version 4 on; else empty.
struct token {
  std::string_view text;
  std::string_view version;
};
/// A message of the application's own, which the document does not see (Hocuspocus).
struct stateless {
  std::string_view payload;
};
/// One of Hocuspocus' own servers passes a stateless message on. No client may send it.
struct stateless_broadcast {};
/// The client is done with this document, not with the connection (Hocuspocus).
struct detach {};
/// Hocuspocus, from version 4 on: of the connection, so without a name.
struct ping {};
struct pong {};

/// What a client sends.
using client_message = std::variant<sync_step_1, sync_step_2, sync_update, awareness_update, query_awareness, token,
                                    stateless, stateless_broadcast, detach, ping, pong>;

/// The token was good, and allows so much (Hocuspocus).
struct authenticated {
  bool is_read_only = false;
};
/// The client only logs it (y-websocket), or stops (Hocuspocus).
struct permission_denied {
  std::string_view reason;
};
/// Hocuspocus: the client is to send its token again.
struct token_request {};
/// Hocuspocus: of one update or answer of the client: it is stored, or had nothing new; or it was refused.
struct sync_status {
  bool is_stored = false;
};
/// Hocuspocus: this document is closed, the connection is not.
struct closed {
  std::string_view reason;
};

/// What a server sends.
using server_message =
  std::variant<sync_step_1, sync_step_2, sync_update, awareness_update, query_awareness, authenticated,
               permission_denied, token_request, stateless, sync_status, closed, ping, pong>;

/// Decodes a frame of a y-websocket client: one message.
/// Errors: malformed_message; unknown_message for a type that this dialect does not have.
[[nodiscard]] result<client_message> decode_y_websocket(bytes_view frame);

/// A message, and whose it is.
struct addressed_message {
  /// As the client calls the document, and is to be answered: its name, or its name, a zero byte and the number of a
  /// session. Empty for ping and pong.
  std::string_view address;
  client_message message;
};

/// Decodes a frame of a Hocuspocus client: one message. Errors: as above.
[[nodiscard]] result<addressed_message> decode_hocuspocus(bytes_view frame);

/// The document's name in an address.
[[nodiscard]] inline std::string_view name_in(std::string_view address) noexcept {
  return address.substr(0, address.find('\0'));
}

/// Appends a message as a frame; `address`: for Hocuspocus, before everything but ping and pong.
/// Pre: without an address one of y-websocket's own messages: sync, awareness, or a denied permission.
void encode(const server_message& message, std::optional<std::string_view> address, bytes& out);

}  // namespace quire::protocol::yjs
