#include "protocol/limits.hpp"
#include "tests/fixture/gateway/editing_pair.hpp"
#include "tests/fixture/gateway/http_client.hpp"
#include "tests/fixture/gateway/running_server.hpp"

#include <gtest/gtest.h>

namespace quire::gateway {

namespace {

using fixture::insertion;
using fixture::websocket_client;

settings for_three() {
  settings made;
  made.connections_max = 3;
  return made;
}

class counted : public testing::Test {
 protected:
  counted() {
    for (websocket_client* const one : {&alice_, &bob_}) {
      one->greet();
      document_ = one->open("counted").document;
    }
  }

  /// Alice types, and both see it before she types again: each edit is a commit and a delivery of its own.
  void type(std::uint32_t edits) {
    for (std::uint32_t sequence = 1; sequence <= edits; ++sequence) {
      alice_.send(protocol::edit{document_, client_sequence(sequence), revision(sequence - 1), insertion(0, "x")});
      for (websocket_client* const one : {&alice_, &bob_})
        EXPECT_EQ(one->next<protocol::edits>().first, revision(sequence));
    }
    end_turn();
  }

  /// What is counted of the turns before this is counted when it returns: the answer is of a later one.
  void end_turn() {
    alice_.send(protocol::ping{++pings_});
    while (alice_.next<protocol::pong>().nonce != pings_) {
    }
  }

  double metric(const std::string& name) {
    const auto text = fixture::request(server_.admin_port(), "GET", "/metrics").body();
    const auto at = text.find("\n" + name + " ");
    return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
  }

  double refusals(const std::string& error) { return metric("quire_refusals_total{error=\"" + error + "\"}"); }

  void connect(std::initializer_list<fixture::http_client::field> more) {
    const std::string raw =
      "GET /v1/connect HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    std::string fields;
    for (const auto& [name, value] : more)
      fields.append(name).append(": ").append(value).append("\r\n");
    fixture::http_client client(server_.port());
    client.send(raw + fields + "\r\n");
    EXPECT_GE(client.receive().result_int(), 400U);
  }

  fixture::running_server server_{for_three()};
  websocket_client alice_{server_.port()};
  websocket_client bob_{server_.port()};
  document_number document_;
  std::uint64_t pings_ = 0;
};

}  // namespace

TEST_F(counted, edits_are_counted_where_they_come_in_become_durable_and_go_out) {
  type(25);
  EXPECT_EQ(metric("quire_edits_received_total"), 25);
  EXPECT_EQ(metric("quire_edits_committed_total"), 25);
  EXPECT_EQ(metric("quire_deliveries_total"), 50);
  EXPECT_EQ(metric("quire_commit_edits_sum"), 25);
  EXPECT_EQ(metric("quire_commit_edits_count"), 25);
  EXPECT_EQ(metric("quire_commit_seconds_count"), 25);
  EXPECT_EQ(metric("quire_delivery_seconds_count"), 25);
  EXPECT_EQ(metric("quire_operation_bytes_committed_total"), 25.0 * static_cast<double>(insertion(0, "x").size()));
}

TEST_F(counted, what_is_there_is_counted_and_what_is_done_waits_no_more) {
  type(1);
  EXPECT_EQ(metric("quire_connections"), 2);
  EXPECT_EQ(metric("quire_sessions"), 2);
  EXPECT_EQ(metric("quire_documents_open"), 1);
  EXPECT_EQ(metric("quire_relays"), 1);
  EXPECT_EQ(metric("quire_commit_queue_edits"), 0);
  EXPECT_EQ(metric("quire_send_queue_bytes"), 0);
  EXPECT_EQ(metric("quire_store_reads_waiting"), 0);
}

TEST_F(counted, who_joins_later_and_what_is_no_edit_is_no_delivery) {
  type(3);
  websocket_client late(server_.port());
  late.greet();
  static_cast<void>(late.open("counted"));
  bob_.send(protocol::presence_update{document_, revision(3), {}, to_bytes("\xA1s")});
  static_cast<void>(alice_.next<protocol::presence_changes>());
  end_turn();
  EXPECT_EQ(metric("quire_delivery_seconds_count"), 3);
}

TEST_F(counted, what_a_connection_is_refused_is_counted_by_error) {
  const document_number other(999);
  alice_.send(protocol::edit{other, client_sequence(1), revision(0), insertion(0, "x")});
  alice_.send(protocol::presence_update{other, {}, {}, to_bytes("\xA1s")});
  alice_.send(protocol::presence_update{document_, {}, {}, bytes(limits::presence_bytes_max + 1)});
  alice_.send(protocol::edit{document_, client_sequence(2), revision(0), insertion(0, "x")});
  alice_.send(protocol::open{77, {"default", "other"}, "parchment", {}});
  while (alice_.next<protocol::failure>().request != 77) {
  }
  bob_.send(protocol::edit{document_, client_sequence(1), revision(9), insertion(0, "x")});
  static_cast<void>(bob_.next<protocol::nack>());
  EXPECT_EQ(refusals("document_not_open"), 2);
  EXPECT_EQ(refusals("too_much_presence"), 1);
  EXPECT_EQ(refusals("sequence_gap"), 1);
  EXPECT_EQ(refusals("future_revision"), 1);
  EXPECT_EQ(refusals("unknown_document_type"), 1);
}

TEST_F(counted, what_http_is_refused_is_counted_by_error) {
  const fixture::http_client::field our_protocol{"Sec-WebSocket-Protocol", "quire.v1"};
  connect({{"Sec-WebSocket-Protocol", "quire.v0"}});
  connect({our_protocol, {"Origin", "https://evil.example"}});
  connect({our_protocol, {"X", std::string(limits::http_header_bytes_max, 'x')}});
  const websocket_client third(server_.port());
  connect({our_protocol});
  const auto request = [&](std::string_view method, std::initializer_list<fixture::http_client::field> fields) {
    fixture::request(server_.port(), method, "/v1/documents/default/none", fields);
  };
  request("GET", {});
  request("PUT", {});
  request("PUT", {{"If-Match", "\"1.1.text\""}});
  request("POST", {});
  for (const auto* error : {"unsupported_version", "forbidden", "message_too_large", "overloaded", "not_found",
                            "precondition_required", "precondition_failed", "method_not_allowed"})
    EXPECT_EQ(refusals(error), 1) << error;
}

}  // namespace quire::gateway
