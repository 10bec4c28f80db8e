// WebSocket's own rules (RFC 6455), byte by byte: what no client library would send, and what it expects.

#include "tests/fixture/gateway/server_under_attack.hpp"

#include <string>

namespace quire::gateway {

namespace {

using namespace std::string_literals;
using field = fixture::http_client::field;

constexpr field subprotocol{"Sec-WebSocket-Protocol", "quire.v1"};
constexpr field version{"Sec-WebSocket-Version", "13"};
constexpr field key{"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="};
const std::string mask(4, '\0');  // such a mask changes nothing

class websocket_rules : public fixture::server_under_attack {
 protected:
  unsigned status_of_upgrade(field its_version, field its_key) {
    return fixture::request(server_.port(), "GET", "/v1/connect",
                            {{"Connection", "Upgrade"}, {"Upgrade", "websocket"}, subprotocol, its_version, its_key})
      .result_int();
  }

  /// What is answered to these bytes, until the server closes.
  std::string answer_to(std::string_view sent, bool is_last = false) {
    fixture::http_client client(server_.port());
    client.send("GET /v1/connect HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server_.port()) +
                "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: quire.v1\r\n\r\n");
    EXPECT_EQ(client.receive(true).result_int(), 101U);
    client.send(sent);
    if (is_last)
      client.finish_sending();
    pair_.wait_for_a_round();
    return client.receive_rest();
  }

  void expect_malformed(std::string_view sent) {
    EXPECT_TRUE(answer_to(sent).ends_with("\x88\x13\x11\x30malformed_message")) << testing::PrintToString(sent);
  }
};

}  // namespace

TEST_F(websocket_rules, an_upgrade_needs_its_version_and_its_key) {
  EXPECT_EQ(status_of_upgrade({"Sec-WebSocket-Version", "8"}, key), 426U);
  EXPECT_EQ(status_of_upgrade(version, {"Sec-WebSocket-Key", "short"}), 400U);
}

TEST_F(websocket_rules, a_ping_is_answered_with_its_payload_and_a_close_with_its_code) {
  EXPECT_EQ(answer_to("\x89\x83"s + mask + "abc" + "\x88\x85"s + mask + "\x0F\xA0" + "bye"),
            "\x8A\x03"
            "abc"
            "\x88\x02\x0F\xA0");
  EXPECT_EQ(answer_to("\x88\x80"s + mask), "\x88\x00"s);
}

TEST_F(websocket_rules, nothing_is_heard_after_a_close) {
  EXPECT_EQ(answer_to("\x88\x80"s + mask + "\x89\x81" + mask + "x"), "\x88\x00"s);
}

TEST_F(websocket_rules, who_has_said_all_still_hears_the_answer) {
  EXPECT_EQ(answer_to("\x88\x80"s + mask, true), "\x88\x00"s);
  EXPECT_EQ(answer_to("\x89\x81"s + mask + "x", true),
            "\x8A\x01"
            "x");
}

TEST_F(websocket_rules, what_breaks_them_is_malformed) {
  expect_malformed("\x82\x05hello");                          // not masked
  expect_malformed("\xF2\x80"s + mask);                       // reserved bits
  expect_malformed("\x87\x80"s + mask);                       // an unknown opcode
  expect_malformed("\x80\x80"s + mask);                       // a continuation of nothing
  expect_malformed("\x09\x80"s + mask);                       // a ping in parts
  expect_malformed("\x82\xFE\x00\x01"s + mask + "x");         // a length that is longer than it need be
  expect_malformed("\x88\x81"s + mask + "x");                 // half a close code
  expect_malformed("\x88\x82"s + mask + "\x03\xED");          // a close code that is never sent
  expect_malformed("\x88\x83"s + mask + "\x03\xE8\xFF");      // a reason that is no text
  expect_malformed("GET / HTTP/1.1\r\nHost: quire\r\n\r\n");  // another protocol
}

}  // namespace quire::gateway
