#include "protocol/errors.hpp"
#include "protocol/limits.hpp"
#include "tests/fixture/gateway/editing_pair.hpp"
#include "tests/fixture/gateway/http_client.hpp"
#include "tests/fixture/gateway/running_server.hpp"

#include <array>
#include <gtest/gtest.h>
#include <map>
#include <thread>

namespace quire::gateway {

namespace {

using fixture::insertion;
using fixture::running_server;
using fixture::websocket_client;

/// The status of the answer to an upgrade that was refused; 101 if it was not.
unsigned upgrade_status(std::uint16_t port, std::initializer_list<fixture::http_client::field> more) {
  std::string raw = "GET /v1/connect HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
                    "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  for (const auto& [name, value] : more)
    raw.append(name).append(": ").append(value).append("\r\n");
  fixture::http_client client(port);
  client.send(raw + "\r\n");
  return client.receive(true).result_int();
}

constexpr fixture::http_client::field our_protocol{"Sec-WebSocket-Protocol", "other, quire.v1"};

}  // namespace

TEST(connection, two_clients_edit_one_document_and_see_the_same) {
  running_server server;
  fixture::editing_pair pair(server.port(), "shared");
  for (int round = 0; round < 20; ++round)
    pair.type_together();
  EXPECT_TRUE(pair.agrees_with(fixture::request(server.port(), "GET", "/v1/documents/default/shared").body()));
}

TEST(connection, hello_and_what_follows_it_may_come_in_one_frame) {
  running_server server;
  websocket_client client(server.port());
  protocol::hello hello;
  hello.client = client.id();
  const std::vector<protocol::client_message> all{hello, protocol::open{5, {"default", "early"}, "text", {}},
                                                  protocol::ping{42}};
  client.send_all(all);
  static_cast<void>(client.next<protocol::welcome>());
  // The pong is the connection's own answer and may come before the relay's.
  bool was_opened = false;
  bool was_answered = false;
  while (!was_opened || !was_answered) {
    const auto message = client.receive();
    was_opened |= std::holds_alternative<protocol::opened>(message);
    was_answered |= std::holds_alternative<protocol::pong>(message);
  }
}

TEST(connection, the_welcome_announces_the_limits) {
  running_server server;
  websocket_client client(server.port());
  const auto welcome = client.greet();
  EXPECT_EQ(welcome.version, protocol::protocol_version);
  EXPECT_EQ(welcome.limits.frame_bytes_max, limits::frame_bytes_max);
  EXPECT_EQ(welcome.limits.edits_in_flight_max, limits::edits_in_flight_max);
  EXPECT_FALSE(welcome.resume.empty());
}

TEST(connection, an_edit_before_the_close_of_its_document_is_not_lost) {
  running_server server;
  websocket_client client(server.port());
  client.greet();
  const auto document = client.open("closing");
  const std::vector<protocol::client_message> both{
    protocol::edit{document.document, client_sequence(1), revision(0), insertion(0, "kept")},
    protocol::close{document.document}};
  client.send_all(both);
  auto at = client.open("closing").revision;
  while (at < revision(1))
    at = client.next<protocol::edits>().first;
  EXPECT_EQ(fixture::request(server.port(), "GET", "/v1/documents/default/closing").body(), "kept");
}

TEST(connection, an_edit_before_the_connection_is_lost_is_not) {
  running_server server;
  {
    websocket_client client(server.port());
    client.greet();
    const auto document = client.open("cut");
    client.send(protocol::edit{document.document, client_sequence(1), revision(0), insertion(0, "kept")});
    client.close();
  }
  websocket_client other(server.port());
  other.greet();
  revision at = other.open("cut").revision;
  while (at < revision(1))
    at = other.next<protocol::edits>().first;
  EXPECT_EQ(fixture::request(server.port(), "GET", "/v1/documents/default/cut").body(), "kept");
}

TEST(connection, a_frame_in_many_fragments_is_one_frame) {
  running_server server;
  websocket_client client(server.port());
  client.greet();
  const auto document = client.open("long");
  client.set_fragment_bytes(1'000);
  client.send(
    protocol::edit{document.document, client_sequence(1), revision(0), insertion(0, std::string(300'000, 'x'))});
  EXPECT_EQ(client.next<protocol::edits>().run.at(0).sequence, client_sequence(1));
}

TEST(connection, more_edits_at_once_than_there_is_credit_for_are_all_applied_in_order) {
  running_server server;
  websocket_client client(server.port());
  client.greet();
  const auto document = client.open("many");
  std::vector<protocol::client_message> many;
  for (std::uint32_t sequence = 1; sequence <= 10 * limits::edits_in_flight_max; ++sequence)
    many.push_back(protocol::edit{document.document, client_sequence(sequence), revision(0), insertion(0, "x")});
  client.send_all(many);
  std::uint32_t seen = 0;
  while (seen < many.size())
    for (const auto& one : client.next<protocol::edits>().run)
      EXPECT_EQ(one.sequence, client_sequence(++seen));
}

TEST(connection, edits_of_two_documents_in_one_frame_are_numbered_and_ordered_in_each) {
  running_server server;
  websocket_client client(server.port());
  client.greet();
  const std::array documents{client.open("one").document, client.open("two").document};
  constexpr std::uint32_t edits_each = 5;
  std::vector<protocol::client_message> mixed;
  for (std::uint32_t sequence = 1; sequence <= edits_each; ++sequence)
    for (const auto document : documents)
      mixed.push_back(protocol::edit{document, client_sequence(sequence), revision(sequence - 1),
                                     insertion(0, document == documents[0] ? "1" : "2")});
  client.send_all(mixed);
  std::map<document_number, std::uint32_t> seen;
  while (seen[documents[0]] < edits_each || seen[documents[1]] < edits_each) {
    const auto run = client.next<protocol::edits>();
    EXPECT_EQ(run.first, revision(seen[run.document] + 1));
    for (const auto& one : run.run) {
      EXPECT_EQ(one.sequence, client_sequence(++seen[run.document]));
      EXPECT_EQ(*one.operation, insertion(0, run.document == documents[0] ? "1" : "2"));
    }
  }
  EXPECT_EQ(seen.size(), documents.size());
}

TEST(connection, pages_of_other_origins_may_not_connect_unless_they_are_listed) {
  settings set;
  set.allowed_origins = {"https://app.example"};
  running_server server(set);
  const auto own = "http://127.0.0.1:" + std::to_string(server.port());
  EXPECT_EQ(upgrade_status(server.port(), {our_protocol}), 101U);
  EXPECT_EQ(upgrade_status(server.port(), {our_protocol, {"Origin", own}}), 101U);
  EXPECT_EQ(upgrade_status(server.port(), {our_protocol, {"Origin", "https://app.example"}}), 101U);
  EXPECT_EQ(upgrade_status(server.port(), {our_protocol, {"Origin", "https://evil.example"}}), 403U);
  EXPECT_EQ(upgrade_status(server.port(), {our_protocol, {"Origin", "null"}}), 403U);
}

TEST(connection, our_subprotocol_must_be_offered) {
  running_server server;
  EXPECT_EQ(upgrade_status(server.port(), {}), 400U);
  EXPECT_EQ(upgrade_status(server.port(), {{"Sec-WebSocket-Protocol", "quire.v2"}}), 400U);
}

TEST(connection, the_address_for_websockets_says_so_to_others) {
  running_server server;
  const auto answer = fixture::request(server.port(), "GET", "/v1/connect");
  EXPECT_EQ(answer.result_int(), 426U);
  EXPECT_EQ(fixture::field_of(answer, "Upgrade"), "websocket");
}

TEST(connection, more_than_may_connect_get_503_before_the_upgrade) {
  settings set;
  set.connections_max = 2;
  running_server server(set);
  websocket_client first(server.port());
  websocket_client second(server.port());
  EXPECT_EQ(upgrade_status(server.port(), {our_protocol}), 503U);
}

TEST(connection, a_server_that_stops_says_bye_with_a_moment_to_come_back_at) {
  running_server server;
  websocket_client greeted(server.port());
  greeted.greet();
  websocket_client silent(server.port());
  std::thread stopping([&] { server.stop(); });
  const auto heard = greeted.wait_for_close();
  EXPECT_EQ(silent.wait_for_close().said.value().code, errc::shutting_down);
  stopping.join();
  ASSERT_TRUE(heard.said);
  EXPECT_EQ(heard.said->code, errc::shutting_down);
  EXPECT_LE(heard.said->retry, std::chrono::seconds(1));
  EXPECT_EQ(heard.close_code, describe(errc::shutting_down).close_code);
}

}  // namespace quire::gateway
