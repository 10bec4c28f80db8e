#include "tests/bench/loadgen/websocket.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace quire::bench::websocket {
namespace {

bytes from_octets(std::initializer_list<int> octets) {
  bytes out;
  for (const int each : octets)
    out.push_back(static_cast<std::byte>(each));
  return out;
}

TEST(websocket, agrees_only_to_an_answer_to_its_own_key) {
  const std::string good =
    "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
  EXPECT_EQ(upgrade_bytes(good + "more"), good.size());
  EXPECT_EQ(upgrade_bytes(good.substr(0, good.size() - 1)), 0U);
  EXPECT_EQ(upgrade_bytes("HTTP/1.1 101 Switching Protocols\r\n\r\n"), std::nullopt);
  EXPECT_EQ(upgrade_bytes("HTTP/1.1 503 Service Unavailable\r\n\r\n"), std::nullopt);
}

TEST(websocket, refuses_what_a_server_may_not_send) {
  for (const auto& each :
       {from_octets({0x82, 0x80, 0, 0, 0, 0}), from_octets({0x02, 0x00}), from_octets({0xC2, 0x00})}) {
    bytes_view data = each;
    frame found;
    EXPECT_EQ(take_frame(data, found), parsing::foreign);
  }
}

// A client's frame without its mask is a server's frame: the mask bit cleared, the four zero octets taken out.
RC_GTEST_PROP(websocket, reads_back_what_it_writes_of_any_length_whole_or_not, ()) {
  const auto size =
    *rc::gen::oneOf(rc::gen::inRange<std::size_t>(0, 130), rc::gen::inRange<std::size_t>(65'530, 65'540));
  const bytes payload(size, std::byte{'q'});
  bytes sent;
  put_client_frame(sent, opcode::binary, payload);
  const auto mask_at = std::ssize(sent) - std::ssize(payload) - 4;
  sent.erase(sent.begin() + mask_at, sent.begin() + mask_at + 4);
  sent[1] &= std::byte{0x7F};

  frame found;
  bytes_view part = bytes_view(sent).first(*rc::gen::inRange<std::size_t>(0, sent.size()));
  RC_ASSERT(take_frame(part, found) == parsing::incomplete);
  bytes_view whole = sent;
  RC_ASSERT(take_frame(whole, found) == parsing::whole);
  RC_ASSERT(whole.empty());
  RC_ASSERT(found.opcode == opcode::binary);
  RC_ASSERT(std::ranges::equal(found.payload, payload));
}

}  // namespace
}  // namespace quire::bench::websocket
