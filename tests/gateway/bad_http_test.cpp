#include "protocol/limits.hpp"
#include "tests/fixture/gateway/server_under_attack.hpp"

namespace quire::gateway {

namespace {

using namespace std::chrono_literals;
using fixture::http_client;

settings with_little_patience() {
  settings made;
  made.http_patience = 500ms;
  return made;
}

class bad_http : public fixture::server_under_attack {
 protected:
  bad_http() : server_under_attack(with_little_patience()) {}

  /// The bytes get that answer, and the connection is closed: what may follow is nobody's request.
  void expect_refusal(const std::string& raw, unsigned status) {
    http_client attacker(server_.port());
    attacker.send(raw);
    EXPECT_EQ(attacker.receive().result_int(), status) << raw.substr(0, 200);
    EXPECT_TRUE(attacker.is_closed()) << raw.substr(0, 200);
    pair_.wait_for_a_round();
  }
};

}  // namespace

TEST_F(bad_http, a_head_over_its_limit_is_431) {
  expect_refusal("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(limits::http_header_bytes_max, 'x') + "\r\n\r\n",
                 431);
  expect_refusal("GET /" + std::string(limits::http_header_bytes_max, 'x'), 431);
}

TEST_F(bad_http, a_body_over_its_limit_is_413) {
  expect_refusal("PUT /v1/documents/a/b HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\nContent-Length: " +
                   std::to_string(limits::http_body_bytes_max + 1) + "\r\n\r\n",
                 413);
}

TEST_F(bad_http, methods_that_nothing_has_are_405) {
  for (const auto* target : {"/", "/healthz", "/v1/connect", "/v1/documents/a", "/v1/documents/a/b"})
    expect_refusal("POST " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n", 405);
  expect_refusal("BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 405);
}

TEST_F(bad_http, what_is_no_request_is_400) {
  expect_refusal("\x16\x03\x01\x02\r\n\r\n", 400);
  expect_refusal("hello\r\n\r\n", 400);
  expect_refusal("GET / HTTP/1.1\r\n\r\n", 400);
  expect_refusal("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400);
  expect_refusal("GET / HTTP/3.0\r\nHost: a\r\n\r\n", 400);
  expect_refusal("G@T / HTTP/1.1\r\nHost: a\r\n\r\n", 400);
}

TEST_F(bad_http, no_path_leads_out_of_the_pages) {
  for (const auto* path : {"/../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd",
                           "/assets/../../main.cpp"}) {
    const auto answer = fixture::request(server_.port(), "GET", path);
    EXPECT_EQ(answer.result_int(), 404U) << path;
  }
  expect_refusal("GET /..\\..\\etc HTTP/1.1\r\nHost: a\r\n\r\n", 400);
}

TEST_F(bad_http, bad_percent_encoding_is_400) {
  for (const auto* path : {"/%", "/%zz", "/%00", "/v1/documents/%/x", "/v1/documents/a/%f", "/v1/documents/a/%ff"})
    expect_refusal("GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n", 400);
}

TEST_F(bad_http, shapes_that_smuggle_a_second_request_are_400_and_only_answered_once) {
  const std::string line = "PUT /v1/documents/a/b HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\n";
  const std::string hidden = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
  expect_refusal(line + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, 400);
  expect_refusal(line + "Content-Length: 0\r\nContent-Length: 40\r\n\r\n" + hidden, 400);
  expect_refusal(line + "Content-Length: 0, 40\r\n\r\n" + hidden, 400);
  expect_refusal(line + "Transfer-Encoding: xchunked\r\n\r\n" + hidden, 400);
  expect_refusal(line + "Transfer-Encoding : chunked\r\n\r\n" + hidden, 400);
  expect_refusal(line + "Transfer-Encoding:\r\n chunked\r\n\r\n" + hidden, 400);
  expect_refusal(line + "X: a\nContent-Length: 40\r\n\r\n" + hidden, 400);
  expect_refusal(line + "Transfer-Encoding: chunked\r\n\r\nzz\r\n" + hidden, 400);
  expect_refusal("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\n\r\n" + hidden, 400);
}

TEST_F(bad_http, a_head_that_trickles_in_is_given_up) {
  http_client attacker(server_.port());
  attacker.send("GET / HTTP/1.1\r\nHo");
  EXPECT_TRUE(attacker.is_closed());
}

TEST_F(bad_http, nothing_of_the_operators_is_on_the_clients_port) {
  EXPECT_EQ(fixture::request(server_.port(), "GET", "/metrics").result_int(), 404U);
}

}  // namespace quire::gateway
