#include "protocol/limits.hpp"
#include "tests/fixture/gateway/editing_pair.hpp"
#include "tests/fixture/gateway/http_client.hpp"
#include "tests/fixture/gateway/running_server.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace quire::gateway {

namespace {

using namespace std::string_literals;
using fixture::field_of;
using fixture::http_answer;
using fields = std::initializer_list<fixture::http_client::field>;

class documents_over_http : public testing::Test {
 protected:
  http_answer request(std::string_view method, std::string_view name, fields more = {}, std::string_view body = {}) {
    return fixture::request(server_.port(), method, "/v1/documents/acme/" + std::string(name), more, body);
  }

  http_answer create(std::string_view name, std::string_view body) {
    return request("PUT", name, {{"If-None-Match", "*"}}, body);
  }

  static std::string error_of(const http_answer& answer) { return nlohmann::json::parse(answer.body()).at("error"); }

  fixture::running_server server_;
};

}  // namespace

TEST_F(documents_over_http, what_is_put_can_be_got) {
  const auto created = create("plan", "héllo");
  EXPECT_EQ(created.result_int(), 201U);
  EXPECT_EQ(field_of(created, "Location"), "/v1/documents/acme/plan");
  const auto got = request("GET", "plan");
  EXPECT_EQ(got.result_int(), 200U);
  EXPECT_EQ(got.body(), "héllo");
  EXPECT_EQ(field_of(got, "Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(field_of(got, "ETag"), field_of(created, "ETag"));
  EXPECT_EQ(field_of(got, "Cache-Control"), "private, max-age=0, must-revalidate");
  EXPECT_EQ(field_of(got, "Vary"), "Accept");
  EXPECT_EQ(field_of(got, "Quire-Type"), "text");
}

TEST_F(documents_over_http, json_is_given_to_who_prefers_it_and_has_another_tag) {
  create("plan", "hi");
  const auto got = request("GET", "plan", {{"Accept", "application/json"}});
  EXPECT_EQ(field_of(got, "Content-Type"), "application/json");
  EXPECT_EQ(nlohmann::json::parse(got.body()), "hi");
  EXPECT_NE(field_of(got, "ETag"), field_of(request("GET", "plan"), "ETag"));
  EXPECT_EQ(request("GET", "plan", {{"Accept", "image/png"}}).result_int(), 406U);
}

TEST_F(documents_over_http, head_says_what_get_would_without_the_content) {
  create("plan", "hello");
  fixture::http_client client(server_.port());
  const auto head = client.request("HEAD", "/v1/documents/acme/plan");
  EXPECT_EQ(head.result_int(), 200U);
  EXPECT_EQ(field_of(head, "Content-Length"), "5");
  EXPECT_EQ(client.request("GET", "/v1/documents/acme/plan").body(), "hello");
}

TEST_F(documents_over_http, who_has_the_newest_is_not_sent_it_again) {
  create("plan", "hello");
  const auto tag = field_of(request("GET", "plan"), "ETag");
  const auto same = request("GET", "plan", {{"If-None-Match", tag}});
  EXPECT_EQ(same.result_int(), 304U);
  EXPECT_EQ(same.body(), "");
  EXPECT_EQ(field_of(same, "ETag"), tag);
  EXPECT_EQ(field_of(same, "Cache-Control"), "private, max-age=0, must-revalidate");
  EXPECT_EQ(field_of(same, "Vary"), "Accept");
  EXPECT_EQ(request("GET", "plan", {{"If-None-Match", "\"1.0.text\""}}).result_int(), 200U);
}

TEST_F(documents_over_http, a_put_without_a_condition_is_refused) {
  EXPECT_EQ(request("PUT", "plan", {}, "x").result_int(), 428U);
  EXPECT_EQ(request("PUT", "plan", {{"If-None-Match", "\"1.1.text\""}}, "x").result_int(), 428U);
  EXPECT_EQ(request("GET", "plan").result_int(), 404U);
}

TEST_F(documents_over_http, a_document_is_created_once) {
  create("plan", "first");
  const auto again = create("plan", "second");
  EXPECT_EQ(again.result_int(), 412U);
  EXPECT_EQ(error_of(again), "already_exists");
  EXPECT_EQ(request("GET", "plan").body(), "first");
}

TEST_F(documents_over_http, a_replacement_names_what_it_replaces) {
  create("plan", "one two three");
  const auto tag = field_of(request("GET", "plan"), "ETag");
  const auto replaced = request("PUT", "plan", {{"If-Match", tag}}, "one 2 three");
  EXPECT_EQ(replaced.result_int(), 204U);
  const auto got = request("GET", "plan");
  EXPECT_EQ(got.body(), "one 2 three");
  EXPECT_EQ(field_of(got, "ETag"), field_of(replaced, "ETag"));
  const auto late = request("PUT", "plan", {{"If-Match", tag}}, "lost update");
  EXPECT_EQ(late.result_int(), 412U);
  EXPECT_EQ(error_of(late), "precondition_failed");
  EXPECT_EQ(request("PUT", "plan", {{"If-Match", "\"what\""}}, "x").result_int(), 412U);
}

TEST_F(documents_over_http, a_replacement_reaches_those_who_have_the_document_open) {
  fixture::websocket_client client(server_.port());
  client.greet();
  const auto opened = client.open("seen");
  const auto put =
    fixture::request(server_.port(), "PUT", "/v1/documents/default/seen", {{"If-None-Match", "*"}}, "new");
  EXPECT_EQ(put.result_int(), 201U);
  EXPECT_EQ(client.next<protocol::edits>().first, opened.revision.next());
}

TEST_F(documents_over_http, a_deleted_document_is_gone_and_its_sessions_are_told) {
  fixture::websocket_client client(server_.port());
  client.greet();
  const auto opened = client.open("doomed");
  client.send(protocol::edit{opened.document, client_sequence(1), revision(0), fixture::insertion(0, "x")});
  static_cast<void>(client.next<protocol::edits>());
  EXPECT_EQ(fixture::request(server_.port(), "DELETE", "/v1/documents/default/doomed").result_int(), 204U);
  EXPECT_EQ(client.next<protocol::closed>().code, errc::document_deleted);
  EXPECT_EQ(fixture::request(server_.port(), "GET", "/v1/documents/default/doomed").result_int(), 404U);
  EXPECT_EQ(fixture::request(server_.port(), "DELETE", "/v1/documents/default/doomed").result_int(), 404U);
}

TEST_F(documents_over_http, a_deletion_may_name_what_it_deletes) {
  create("plan", "one");
  const auto tag = field_of(request("GET", "plan"), "ETag");
  request("PUT", "plan", {{"If-Match", tag}}, "two");
  const auto late = request("DELETE", "plan", {{"If-Match", tag}});
  EXPECT_EQ(late.result_int(), 412U);
  EXPECT_EQ(error_of(late), "precondition_failed");
  EXPECT_EQ(request("GET", "plan").body(), "two");
}

TEST_F(documents_over_http, a_document_made_anew_has_another_tag_at_the_same_revision) {
  create("plan", "x");
  const auto first = field_of(request("GET", "plan"), "ETag");
  EXPECT_EQ(request("DELETE", "plan", {{"If-Match", first}}).result_int(), 204U);
  create("plan", "x");
  EXPECT_NE(field_of(request("GET", "plan"), "ETag"), first);
}

TEST_F(documents_over_http, names_are_encoded_one_segment_each) {
  EXPECT_EQ(field_of(create("a%2Fb%20%C3%A9", "x"), "Location"), "/v1/documents/acme/a%2Fb%20%C3%A9");
  EXPECT_EQ(request("GET", "a%2fb%20%c3%a9").body(), "x");
  EXPECT_EQ(request("GET", "a/b").result_int(), 400U);
}

TEST_F(documents_over_http, a_type_that_does_not_exist_is_refused) {
  const auto refused = request("PUT", "plan?type=parchment", {{"If-None-Match", "*"}}, "x");
  EXPECT_EQ(refused.result_int(), 400U);
  EXPECT_EQ(error_of(refused), "unknown_document_type");
}

TEST_F(documents_over_http, only_text_can_be_put) {
  const fields json{{"If-None-Match", "*"}, {"Content-Type", "application/json"}};
  EXPECT_EQ(request("PUT", "plan", json, "\"x\"").result_int(), 415U);
  const fields text{{"If-None-Match", "*"}, {"Content-Type", "text/plain; charset=utf-8"}};
  EXPECT_EQ(request("PUT", "plan", text, "x").result_int(), 201U);
  EXPECT_EQ(create("bad", "\xFF\xFE").result_int(), 422U);
}

TEST_F(documents_over_http, other_methods_are_named_in_what_is_allowed) {
  const auto refused = request("POST", "plan");
  EXPECT_EQ(refused.result_int(), 405U);
  EXPECT_EQ(field_of(refused, "Allow"), "GET, HEAD, PUT, DELETE");
}

TEST_F(documents_over_http, an_organisation_lists_its_documents_page_by_page) {
  for (const auto* name : {"c", "a", "b"})
    create(name, name);
  fixture::request(server_.port(), "PUT", "/v1/documents/other/x", {{"If-None-Match", "*"}}, "x");
  const auto page = [&](std::string_view query) {
    return nlohmann::json::parse(
      fixture::request(server_.port(), "GET", "/v1/documents/acme" + std::string(query)).body());
  };
  const auto first = page("?limit=2");
  ASSERT_EQ(first.at("documents").size(), 2U);
  EXPECT_EQ(first.at("documents")[0].at("name"), "a");
  EXPECT_EQ(first.at("documents")[0].at("type"), "text");
  EXPECT_EQ(first.at("documents")[0].at("revision"), 1);
  EXPECT_EQ(first.at("next"), "b");
  const auto second = page("?limit=2&after=b");
  ASSERT_EQ(second.at("documents").size(), 1U);
  EXPECT_EQ(second.at("documents")[0].at("name"), "c");
  EXPECT_TRUE(second.at("next").is_null());
  EXPECT_TRUE(page("?after=zzz").at("documents").empty());
  const auto most = "?limit=" + std::to_string(limits::list_page_max);
  EXPECT_EQ(page(most).at("documents").size(), 3U);
  const auto over = "?limit=" + std::to_string(limits::list_page_max + 1);
  for (const auto& bad : {"?limit=0"s, "?limit=-1"s, "?limit=x"s, over, "?after=%"s})
    EXPECT_EQ(fixture::request(server_.port(), "GET", "/v1/documents/acme" + bad).result_int(), 400U);
}

TEST_F(documents_over_http, a_large_body_is_taken_after_the_client_was_told_to_go_on) {
  const std::string content(1'000'000, 'x');
  fixture::http_client client(server_.port());
  client.send(
    "PUT /v1/documents/acme/large HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\nExpect: 100-continue\r\n"
    "Content-Length: " +
    std::to_string(content.size()) + "\r\n\r\n");
  EXPECT_EQ(client.receive().result_int(), 100U);
  client.send(content);
  EXPECT_EQ(client.receive().result_int(), 201U);
  EXPECT_EQ(request("GET", "large").body().size(), content.size());
}

TEST_F(documents_over_http, what_is_put_may_be_larger_than_what_an_edit_may_be) {
  const std::string content(2 * limits::operation_bytes_max, 'x');
  const auto created = create("huge", content);
  EXPECT_EQ(created.result_int(), 201U);
  const std::string other(2 * limits::operation_bytes_max, 'y');
  EXPECT_EQ(request("PUT", "huge", {{"If-Match", field_of(created, "ETag")}}, other).result_int(), 204U);
  EXPECT_TRUE(request("GET", "huge").body() == other);
}

TEST_F(documents_over_http, requests_may_follow_each_other_before_they_are_answered) {
  create("plan", "hello");
  fixture::http_client client(server_.port());
  const std::string one = "GET /v1/documents/acme/plan HTTP/1.1\r\nHost: a\r\n\r\n";
  client.send(one + one + one);
  for (int answered = 0; answered < 3; ++answered)
    EXPECT_EQ(client.receive().body(), "hello");
}

TEST_F(documents_over_http, a_body_may_come_in_chunks) {
  fixture::http_client client(server_.port());
  client.send(
    "PUT /v1/documents/acme/chunks HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\nTransfer-Encoding: chunked\r\n\r\n"
    "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_EQ(client.receive().result_int(), 201U);
  EXPECT_EQ(request("GET", "chunks").body(), "abcde");
}

}  // namespace quire::gateway
