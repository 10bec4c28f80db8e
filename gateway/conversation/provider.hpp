#pragma once

#include "actors/edits.hpp"
#include "gateway/authenticator.hpp"
#include "gateway/connection.hpp"
#include "gateway/conversation.hpp"
#include "protocol/limits.hpp"
#include "protocol/yjs/messages.hpp"

#include <string>

namespace quire::gateway {

/// The document that a provider's client calls `name`.
[[nodiscard]] document_name provider_document(std::string name);

/// What the conversations of both Yjs providers share: they have no hello, so the gateway says it for them; they send
/// the same messages for a document; and they close what only pings.
class provider_conversation : public conversation {
 public:
  provider_conversation(connection& over, protocol::dialect dialect) : conversation(over), dialect_(dialect) {}

  [[nodiscard]] std::size_t frame_bytes_max() const noexcept override;
  [[nodiscard]] std::uint16_t say_farewell(errc code, std::string_view detail,
                                           std::chrono::milliseconds retry) override;
  void check() override;
  void overflowed() override;

 protected:
  /// A message that says nothing, so that one comes.
  virtual void say_something() = 0;

  /// Says hello as a client of its own.
  void introduce();
  /// Asks whether the client may open the document; the answer comes to `authenticated` with `ticket`.
  void ask(std::uint32_t ticket, const document_name& document, std::string token);
  /// Asks the session for a Yjs document; the answer names `request`.
  void open(std::uint32_t request, const document_name& document, std::string label, bool is_read_only);

  void close_at_session(document_number document);

  /// Passes what is for the document on to its relay: steps, updates, awareness. Other messages are dropped.
  void pass_on(subscription& where, const protocol::yjs::client_message& message);
  void send(const protocol::yjs::server_message& message, std::optional<std::string_view> address);

  const protocol::dialect dialect_;
};

}  // namespace quire::gateway
