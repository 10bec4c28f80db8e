#include "protocol/limits.hpp"
#include "tests/fixture/gateway/server_under_attack.hpp"
#include "tests/fixture/temporary_folder.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

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

  explicit bad_http(server_options options) : server_under_attack(std::move(options)) {}

  /// The bytes get that answer, with that error in its body, and the connection is closed: what may follow is nobody's
  /// request.
  void expect_refusal(const std::string& raw, unsigned status, const std::string& error) {
    http_client attacker(server_.port());
    attacker.send(raw);
    const auto answer = attacker.receive();
    EXPECT_EQ(answer.result_int(), status) << raw.substr(0, 200);
    EXPECT_EQ(fixture::field_of(answer, "Content-Type"), "application/json");
    EXPECT_EQ(nlohmann::json::parse(answer.body()).at("error"), error) << raw.substr(0, 200);
    EXPECT_TRUE(attacker.is_closed()) << raw.substr(0, 200);
    pair_.wait_for_a_round();
  }
};

constexpr std::string_view secret = "nobody may read this";

/// Pages, a file beside their folder that is none of them, and in it a link there and a hidden file.
struct pages_beside_a_secret {
  pages_beside_a_secret() {
    std::filesystem::create_directories(pages / "assets");
    std::ofstream(pages / "index.html") << "the first page";
    std::ofstream(pages / "assets" / "page.txt") << "a page";
    std::ofstream(pages / ".hidden.txt") << secret;
    std::ofstream(folder.path() / "secret.txt") << secret;
    std::filesystem::create_symlink(folder.path() / "secret.txt", pages / "link.txt");
  }

  [[nodiscard]] server_options options() const {
    server_options made;
    made.set = with_little_patience();
    made.pages = static_files::read(pages).value();
    return made;
  }

  fixture::temporary_folder folder;
  std::filesystem::path pages = folder.path() / "pages";
};

class bad_paths : protected pages_beside_a_secret, public bad_http {
 protected:
  bad_paths() : bad_http(options()) {}

  std::string answer_to(const std::string& path) { return fixture::request(server_.port(), "GET", path).body(); }
};

}  // namespace

TEST_F(bad_http, a_head_over_its_limit_is_431) {
  expect_refusal("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(limits::http_header_bytes_max, 'x') + "\r\n\r\n", 431,
                 "message_too_large");
  expect_refusal("GET /" + std::string(limits::http_header_bytes_max, 'x'), 431, "message_too_large");
}

TEST_F(bad_http, a_body_over_its_limit_is_413) {
  expect_refusal("PUT /v1/documents/a/b HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\nContent-Length: " +
                   std::to_string(limits::http_body_bytes_max + 1) + "\r\n\r\n",
                 413, "message_too_large");
}

TEST_F(bad_http, chunks_over_the_limit_of_a_body_are_413) {
  http_client attacker(server_.port());
  attacker.send("PUT /v1/documents/a/b HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk(1024UL * 1024, 'x');
  for (std::size_t sent = 0; sent < limits::http_body_bytes_max; sent += chunk.size())
    attacker.send("100000\r\n" + chunk + "\r\n");
  attacker.send("1\r\nx");
  const auto answer = attacker.receive();
  EXPECT_EQ(answer.result_int(), 413U);
  EXPECT_EQ(nlohmann::json::parse(answer.body()).at("error"), "message_too_large");
  EXPECT_TRUE(attacker.is_closed());
}

TEST_F(bad_http, methods_that_nothing_has_are_405) {
  for (const auto* target : {"/", "/healthz", "/v1/connect", "/v1/documents/a", "/v1/documents/a/b"})
    expect_refusal("POST " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n", 405, "method_not_allowed");
  expect_refusal("BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 405, "method_not_allowed");
}

TEST_F(bad_http, what_is_no_request_is_400) {
  expect_refusal("\x16\x03\x01\x02\r\n\r\n", 400, "malformed_message");
  expect_refusal("hello\r\n\r\n", 400, "malformed_message");
  expect_refusal("GET / HTTP/1.1\r\n\r\n", 400, "malformed_message");
  expect_refusal("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed_message");
  expect_refusal("GET / HTTP/3.0\r\nHost: a\r\n\r\n", 400, "malformed_message");
  expect_refusal("G@T / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed_message");
}

TEST_F(bad_paths, none_leads_out_of_the_pages) {
  EXPECT_EQ(answer_to("/assets/page.txt"), "a page");
  for (const std::string up :
       {"../", "..%2f", "..%2F", "%2e%2e/", "%2E%2E%2F", ".%2e/", "..%5c", "..%255c", "%252e%252e/", "..;/", "....//",
        ".././", "..//", "%c0%ae%c0%ae/", "..%c0%af", "..%2f./"})
    for (const std::string from : {"/", "//", "/assets/", "/assets/../", "/d/", "/d/a/", "/./", "/assets%2f"})
      for (const auto& ups : {up, up + up, up + up + up})
        EXPECT_EQ(answer_to(from + ups + "secret.txt").find(secret), std::string::npos) << from + ups;
  const auto absolute = (folder.path() / "secret.txt").string();
  for (const auto& path : {absolute, "/" + absolute, std::string("/link.txt"), std::string("/.hidden.txt")})
    EXPECT_EQ(fixture::request(server_.port(), "GET", path).result_int(), 404U) << path;
  for (const std::string target : {"/..\\secret.txt", "../secret.txt", "file:///etc/passwd"})
    expect_refusal("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed_message");
}

TEST_F(bad_http, bad_percent_encoding_is_400) {
  for (const auto* path : {"/%", "/%zz", "/%00", "/v1/documents/%/x", "/v1/documents/a/%f"})
    expect_refusal("GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed_message");
  expect_refusal("GET /v1/documents/a/%ff HTTP/1.1\r\nHost: a\r\n\r\n", 400, "invalid_name");
}

TEST_F(bad_http, shapes_that_smuggle_a_second_request_are_400_and_only_answered_once) {
  const std::string line = "PUT /v1/documents/a/b HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\n";
  const std::string hidden = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
  expect_refusal(line + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, 400,
                 "malformed_message");
  expect_refusal(line + "Content-Length: 0\r\nContent-Length: 40\r\n\r\n" + hidden, 400, "malformed_message");
  expect_refusal(line + "Content-Length: 0, 40\r\n\r\n" + hidden, 400, "malformed_message");
  expect_refusal(line + "Transfer-Encoding: xchunked\r\n\r\n" + hidden, 400, "malformed_message");
  expect_refusal(line + "Transfer-Encoding : chunked\r\n\r\n" + hidden, 400, "malformed_message");
  expect_refusal(line + "Transfer-Encoding:\r\n chunked\r\n\r\n" + hidden, 400, "malformed_message");
  expect_refusal(line + "X: a\nContent-Length: 40\r\n\r\n" + hidden, 400, "malformed_message");
  expect_refusal(line + "Transfer-Encoding: chunked\r\n\r\nzz\r\n" + hidden, 400, "malformed_message");
  expect_refusal("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\n\r\n" + hidden, 400, "malformed_message");
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
