// A frame of either Yjs dialect: what decodes, encodes and decodes to the same.

#include "protocol/yjs/awareness.hpp"
#include "protocol/yjs/messages.hpp"

#include <algorithm>
#include <cstdlib>
#include <span>
#include <type_traits>

namespace {

using namespace quire;
using namespace quire::protocol::yjs;

void expect(bool holds) {
  if (!holds)
    std::abort();
}

void expect_to_decode(const client_message& message) {
  if (const auto* who = std::get_if<awareness_update>(&message))
    if (const auto entries = decode_awareness(who->entries)) {
      bytes again;
      encode_awareness(*entries, again);
      expect(decode_awareness(again) == entries);
    }
}

template <class Message>
constexpr bool is_spoken_by_both = std::is_constructible_v<server_message, Message>;

void expect_to_encode(const client_message& message, std::optional<std::string_view> address) {
  std::visit(
    [&]<class Message>(const Message& one) {
      if constexpr (is_spoken_by_both<Message>) {
        bytes again;
        encode(one, address, again);
        if (address) {
          const auto decoded = decode_hocuspocus(again);
          expect(decoded && decoded->message.index() == message.index() && decoded->address == *address);
        } else {
          const auto decoded = decode_y_websocket(again);
          expect(decoded && decoded->index() == message.index());
        }
      }
    },
    message);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto frame = std::as_bytes(std::span{data, size});
  if (const auto decoded = decode_y_websocket(frame)) {
    expect_to_decode(*decoded);
    expect_to_encode(*decoded, std::nullopt);
  }
  if (const auto decoded = decode_hocuspocus(frame)) {
    expect_to_decode(decoded->message);
    expect_to_encode(decoded->message, decoded->address);
  }
  return 0;
}
