#include "protocol/limits.hpp"
#include "tests/fixture/gateway/server_under_attack.hpp"
#include "tests/fixture/held_commits.hpp"

#include <list>
#include <nlohmann/json.hpp>

namespace quire::gateway {

namespace {

using namespace std::chrono_literals;
using fixture::field_of;
using fixture::http_answer;
using fixture::http_client;

settings with_no_patience() {
  settings made;
  made.http_body_patience = 300ms;
  made.http_idle_max = 300ms;
  made.closing_patience = 300ms;
  return made;
}

/// HTTP clients that let the server wait.
class waiting_http : public fixture::server_under_attack {
 protected:
  waiting_http() : server_under_attack(with_no_patience()), client_(server_.port()) {}

  http_client client_;
};

settings with_patience_for_bodies() {
  settings made;
  made.http_body_patience = 10min;
  return made;
}

/// HTTP clients with large bodies.
class large_bodies : public fixture::server_under_attack {
 protected:
  large_bodies() : server_under_attack(with_patience_for_bodies()) {}

  /// Says that it will send so much, and waits to be told to go on.
  unsigned announce(http_client& client, std::size_t size) {
    client.send(
      "PUT /v1/documents/default/body HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\nExpect: 100-continue\r\n"
      "Content-Length: " +
      std::to_string(size) + "\r\n\r\n");
    return client.receive().result_int();
  }

  http_answer put(const std::string& name, std::size_t size) {
    return fixture::request(server_.port(), "PUT", "/v1/documents/default/" + name, {{"If-None-Match", "*"}},
                            std::string(size, 'x'));
  }
};

std::string error_of(const http_answer& answer) {
  return nlohmann::json::parse(answer.body()).at("error");
}

}  // namespace

TEST_F(waiting_http, a_body_that_does_not_come_is_given_up_and_nothing_is_written) {
  client_.send("PUT /v1/documents/default/half HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\nContent-Length: 4\r\n\r\nab");
  EXPECT_TRUE(client_.is_closed());
  EXPECT_EQ(fixture::request(server_.port(), "GET", "/v1/documents/default/half").result_int(), 404U);
}

TEST_F(waiting_http, a_socket_without_a_further_request_is_closed) {
  EXPECT_EQ(client_.request("GET", "/healthz").result_int(), 200U);
  EXPECT_TRUE(client_.is_closed());
}

TEST_F(waiting_http, who_was_refused_and_does_not_close_is_not_waited_for_long) {
  client_.send("hello\r\n\r\n");
  EXPECT_EQ(client_.receive().result_int(), 400U);
  while (server_.metric("quire_sockets") > 2)
    pair_.wait_for_a_round();
}

TEST(http_bounds, a_store_that_takes_too_long_is_answered_for_with_503_and_what_was_asked_is_done_all_the_same) {
  const auto held = std::make_shared<fixture::held_commits>();
  server_options options;
  options.set.http_answer_patience = 300ms;
  fixture::running_server server(held->open(), std::move(options));
  const auto request = [&](std::string_view method, std::initializer_list<http_client::field> more = {},
                           std::string_view body = {}) {
    return fixture::request(server.port(), method, "/v1/documents/default/slow", more, body);
  };
  const auto tag = field_of(request("PUT", {{"If-None-Match", "*"}}, "before"), "ETag");
  held->hold("slow");
  http_client client(server.port());
  const auto refused = client.request("PUT", "/v1/documents/default/slow", {{"If-Match", tag}}, "after");
  EXPECT_EQ(refused.result_int(), 503U);
  EXPECT_EQ(error_of(refused), "store_unavailable");
  EXPECT_TRUE(client.is_closed());
  held->release();
  for (std::string content; content != "after";) {
    content = request("GET").body();
    ASSERT_TRUE(content == "before" || content == "after") << content;
  }
}

TEST_F(large_bodies, as_much_is_read_at_once_as_may_be_and_more_is_refused_until_there_is_room) {
  static_assert(limits::http_bodies_bytes_max % limits::http_body_bytes_max == 0);
  std::list<http_client> crowd;
  for (std::size_t total = 0; total < limits::http_bodies_bytes_max; total += limits::http_body_bytes_max) {
    auto& one = crowd.emplace_back(server_.port());
    ASSERT_EQ(announce(one, limits::http_body_bytes_max), 100U);
  }
  EXPECT_EQ(put("small", limits::http_body_small_bytes).result_int(), 201U);
  const auto refused = put("large", limits::http_body_small_bytes + 1);
  EXPECT_EQ(refused.result_int(), 503U);
  EXPECT_EQ(error_of(refused), "overloaded");
  crowd.pop_front();
  for (unsigned status = 503; status != 201;) {
    status = put("large", limits::http_body_small_bytes + 1).result_int();
    ASSERT_TRUE(status == 201 || status == 503) << status;
  }
}

}  // namespace quire::gateway
