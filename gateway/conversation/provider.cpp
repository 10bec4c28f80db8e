#include "gateway/conversation/provider.hpp"

#include "gateway/io_thread.hpp"
#include "protocol/limits.hpp"
#include "protocol/yjs/close_codes.hpp"

#include <caf/send.hpp>
#include <random>
#include <type_traits>
#include <utility>

namespace quire::gateway {

namespace {

namespace yjs = protocol::yjs;

/// What a provider's documents are.
constexpr std::string_view document_type = "yjs";
/// Whose they are, as long as no token says so.
constexpr std::string_view organisation = "default";

client_id any_client() {
  std::random_device random;
  client_id made;
  for (auto& octet : made.octets)
    octet = static_cast<std::uint8_t>(random());
  return made;
}

bytes copied(bytes_view from) {
  return {from.begin(), from.end()};
}

/// What the relay is told; nothing if it is not told.
using item = decltype(actors::session_item::what);

item item_of(const yjs::sync_step_1& one) {
  return actors::provider_step_1{copied(one.state_vector), one.asks_back};
}
item item_of(const yjs::awareness_update& one) {
  return actors::provider_awareness{copied(one.entries)};
}
item item_of(const yjs::query_awareness&) {
  return actors::provider_query_awareness{};
}

}  // namespace

document_name provider_document(std::string name) {
  return {std::string(organisation), std::move(name)};
}

void provider_conversation::introduce() {
  protocol::hello hello;
  hello.client = any_client();
  over_.introduce(std::move(hello));
}

// It may be answered on any thread: the answer is brought to this one, if the connection is still there.
void provider_conversation::ask(std::uint32_t ticket, const document_name& document, std::string token) {
  if (token.size() > limits::token_bytes_max)
    return over_.authenticated(ticket, fail(errc::unauthenticated, "the token is over its limit in size"));
  over_.home().shared().gate.ask(
    {std::move(token), document, dialect_},
    [back = over_.home().inbox(), asker = over_.weak_from_this(), ticket](result<access> given) {
      back->run([asker, ticket, given = std::move(given)] {
        if (const auto here = asker.lock())
          here->authenticated(ticket, given);
      });
    });
}

void provider_conversation::open(std::uint32_t request, const document_name& document, std::string label,
                                 bool is_read_only) {
  if (over_.session())  // else it closes
    caf::anon_send(*over_.session(),
                   actors::open_document{
                     {request, document, std::string(document_type), {}}, dialect_, std::move(label), is_read_only});
}

void provider_conversation::close_at_session(document_number document) {
  if (over_.session())
    caf::anon_send(*over_.session(), protocol::close{document});
}

void provider_conversation::pass_on(subscription& where, const yjs::client_message& message) {
  std::visit(
    [&]<class Message>(const Message& one) {
      if constexpr (std::is_same_v<Message, yjs::sync_step_2> || std::is_same_v<Message, yjs::sync_update>) {
        over_.submit_edit(where, {over_.id(), actors::provider_update{copied(one.update)}}, one.update.size());
      } else if constexpr (requires { item_of(one); }) {
        over_.count_request();
        over_.submit(where, {over_.id(), item_of(one)});
      }
    },
    message);
}

void provider_conversation::send(const yjs::server_message& message, std::optional<std::string_view> address) {
  bytes out;
  yjs::encode(message, address, out);
  over_.send(share(std::move(out)));
}

// The close frame has it all: there is no message for it.
// Who may open nothing has nothing large to say.
std::size_t provider_conversation::frame_bytes_max() const noexcept {
  return over_.documents().all().empty() ? limits::frame_bytes_max : limits::provider_frame_bytes_max;
}

std::uint16_t provider_conversation::say_farewell(errc code, std::string_view, std::chrono::milliseconds) {
  return yjs::close_code(code, dialect_);
}

// A ping is answered by any WebSocket, but only a message counts as one with the client.
void provider_conversation::check() {
  const settings& set = over_.home().shared().set;
  if (over_.unheard() >= set.keepalive_interval)
    over_.send_control(websocket::opcode::ping, {});
  if (over_.unspoken() >= set.provider_message_interval)
    say_something();
}

// Its client syncs anew when it has connected again.
void provider_conversation::overflowed() {
  over_.refuse(errc::slow_reader, "the connection does not drain");
}

}  // namespace quire::gateway
