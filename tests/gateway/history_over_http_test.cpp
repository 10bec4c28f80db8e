#include "tests/fixture/gateway/editing_pair.hpp"
#include "tests/fixture/gateway/http_client.hpp"
#include "tests/fixture/gateway/running_server.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace quire::gateway {

namespace {

using fixture::field_of;
using fixture::http_answer;
using fields = std::initializer_list<fixture::http_client::field>;

class history_over_http : public testing::Test {
 protected:
  http_answer request(std::string_view method, std::string_view rest, fields more = {}, std::string_view body = {}) {
    return fixture::request(server_.port(), method, "/v1/documents/default/" + std::string(rest), more, body);
  }

  std::string tag() { return field_of(request("GET", "plan"), "ETag"); }
  void replace(std::string_view text) {
    EXPECT_EQ(request("PUT", "plan", {{"If-Match", tag()}}, text).result_int(), 204U);
  }
  /// A document with the revisions "one", "one two" and "two".
  void write_three() {
    EXPECT_EQ(request("PUT", "plan", {{"If-None-Match", "*"}}, "one").result_int(), 201U);
    replace("one two");
    replace("two");
  }

  static nlohmann::json json_of(const http_answer& answer) { return nlohmann::json::parse(answer.body()); }
  static std::string error_of(const http_answer& answer) { return json_of(answer).at("error"); }

  fixture::running_server server_;
};

}  // namespace

TEST_F(history_over_http, each_revision_can_be_read) {
  write_three();
  EXPECT_EQ(request("GET", "plan/revisions/0").body(), "");
  EXPECT_EQ(request("GET", "plan/revisions/1").body(), "one");
  EXPECT_EQ(request("GET", "plan/revisions/2").body(), "one two");
  const auto newest = request("GET", "plan/revisions/3");
  EXPECT_EQ(newest.body(), "two");
  EXPECT_EQ(field_of(newest, "ETag"), tag());
  EXPECT_EQ(field_of(newest, "Quire-Type"), "text");
}

TEST_F(history_over_http, a_revision_keeps_its_tag_whatever_comes_after) {
  write_three();
  const auto before = field_of(request("GET", "plan/revisions/2"), "ETag");
  replace("three");
  EXPECT_EQ(field_of(request("GET", "plan/revisions/2"), "ETag"), before);
  EXPECT_EQ(request("GET", "plan/revisions/2", {{"If-None-Match", before}}).result_int(), 304U);
}

TEST_F(history_over_http, a_revision_is_text_or_json_as_the_document_is) {
  write_three();
  const auto got = request("GET", "plan/revisions/2", {{"Accept", "application/json"}});
  EXPECT_EQ(json_of(got), "one two");
  EXPECT_EQ(field_of(got, "ETag"), "\"1.2.json\"");
  EXPECT_EQ(request("GET", "plan/revisions/2", {{"Accept", "image/png"}}).result_int(), 406U);
}

TEST_F(history_over_http, a_revision_that_is_not_there_yet_is_named_so) {
  write_three();
  const auto past_head = request("GET", "plan/revisions/4");
  EXPECT_EQ(past_head.result_int(), 404U);
  EXPECT_EQ(error_of(past_head), "future_revision");
  EXPECT_EQ(request("GET", "plan/revisions/two").result_int(), 400U);
  EXPECT_EQ(request("GET", "plan/revisions/-1").result_int(), 400U);
}

TEST_F(history_over_http, operations_say_who_did_what_and_when) {
  fixture::websocket_client client(server_.port());
  client.greet();
  const auto opened = client.open("plan");
  client.send(protocol::edit{opened.document, client_sequence(1), revision(0), fixture::insertion(0, "hi")});
  static_cast<void>(client.next<protocol::edits>());
  replace("hi you");
  const auto all = json_of(request("GET", "plan/operations"));
  ASSERT_EQ(all.at("operations").size(), 2U);
  EXPECT_EQ(all.at("generation"), 1);
  EXPECT_EQ(all.at("head"), 2);
  EXPECT_TRUE(all.at("next").is_null());
  const auto& first = all.at("operations")[0];
  const auto& second = all.at("operations")[1];
  EXPECT_EQ(first.at("revision"), 1);
  EXPECT_EQ(first.at("operation"), nlohmann::json::parse(R"(["hi"])"));
  EXPECT_EQ(first.at("sequence"), 1);
  EXPECT_EQ(first.at("author"), "");
  EXPECT_EQ(first.at("client").get<std::string>().size(), 32U);
  EXPECT_EQ(first.at("at").get<std::string>().size(), std::string_view("2026-01-01T00:00:00.000Z").size());
  EXPECT_EQ(second.at("operation"), nlohmann::json::parse(R"([2," you"])"));
  EXPECT_NE(second.at("client"), first.at("client"));
}

TEST_F(history_over_http, operations_are_those_of_the_range_and_end_at_the_head) {
  write_three();
  const auto revisions = [&](std::string_view query) {
    std::vector<int> found;
    const auto page = json_of(request("GET", "plan/operations" + std::string(query)));
    for (const auto& one : page.at("operations"))
      found.push_back(one.at("revision"));
    return found;
  };
  EXPECT_EQ(revisions("?from=2&to=2"), std::vector<int>{2});
  EXPECT_EQ(revisions("?from=2&to=99"), (std::vector<int>{2, 3}));
  EXPECT_EQ(revisions("?from=4"), std::vector<int>{});
  for (const auto* query : {"?from=3&to=2", "?from=0", "?from=x", "?to=%"})
    EXPECT_EQ(request("GET", "plan/operations" + std::string(query)).result_int(), 400U) << query;
}

TEST_F(history_over_http, what_is_restored_is_a_new_edit_that_others_receive) {
  write_three();
  fixture::websocket_client client(server_.port());
  client.greet();
  const auto opened = client.open("plan");
  const auto restored = request("POST", "plan/revisions/2:restore", {{"If-Match", tag()}});
  EXPECT_EQ(restored.result_int(), 204U);
  EXPECT_EQ(field_of(restored, "ETag"), "\"1.4.text\"");
  EXPECT_EQ(client.next<protocol::edits>().first, opened.revision.next());
  EXPECT_EQ(request("GET", "plan").body(), "one two");
  EXPECT_EQ(request("POST", "plan/revisions/3:restore", {{"If-Match", tag()}}).result_int(), 204U);
  EXPECT_EQ(request("GET", "plan").body(), "two") << "restored again, it is undone";
}

TEST_F(history_over_http, a_restoration_is_refused_where_the_document_has_gone_on) {
  write_three();
  const auto late = tag();
  replace("three");
  const auto refused = request("POST", "plan/revisions/1:restore", {{"If-Match", late}});
  EXPECT_EQ(refused.result_int(), 412U);
  EXPECT_EQ(error_of(refused), "precondition_failed");
  EXPECT_EQ(request("POST", "plan/revisions/1:restore").result_int(), 428U);
  EXPECT_EQ(error_of(request("POST", "plan/revisions/9:restore", {{"If-Match", tag()}})), "future_revision");
  EXPECT_EQ(request("GET", "plan/revisions/1:restore").result_int(), 405U);
  EXPECT_EQ(request("GET", "plan").body(), "three");
}

TEST_F(history_over_http, a_document_that_never_was_has_no_history) {
  EXPECT_EQ(error_of(request("GET", "plan/operations")), "not_found");
  EXPECT_EQ(error_of(request("GET", "plan/revisions/0")), "not_found");
  EXPECT_EQ(error_of(request("POST", "plan/revisions/0:restore", {{"If-Match", "\"1.1.text\""}})), "not_found");
}

TEST_F(history_over_http, a_deleted_document_takes_its_history_along) {
  write_three();
  const auto last = tag();
  EXPECT_EQ(request("DELETE", "plan").result_int(), 204U);
  EXPECT_EQ(request("GET", "plan/operations").result_int(), 404U);
  EXPECT_EQ(request("GET", "plan/revisions/1").result_int(), 404U);
  EXPECT_EQ(request("PUT", "plan", {{"If-None-Match", "*"}}, "anew").result_int(), 201U);
  EXPECT_EQ(request("GET", "plan/revisions/1").body(), "anew");
  EXPECT_EQ(error_of(request("GET", "plan/revisions/2")), "future_revision");
  EXPECT_EQ(request("POST", "plan/revisions/1:restore", {{"If-Match", last}}).result_int(), 412U);
}

TEST_F(history_over_http, documents_may_be_named_like_parts_of_a_history) {
  for (const auto* name : {"operations", "revisions", "plan%2Foperations", "plan%2Frevisions%2F1"}) {
    EXPECT_EQ(request("PUT", name, {{"If-None-Match", "*"}}, name).result_int(), 201U);
    EXPECT_EQ(request("GET", name).body(), name);
    EXPECT_EQ(request("GET", std::string(name) + "/revisions/1").body(), name);
  }
  EXPECT_EQ(request("GET", "plan/operations").result_int(), 404U);
}

TEST_F(history_over_http, many_edits_later_an_old_revision_is_still_there) {
  fixture::websocket_client client(server_.port());
  client.greet();
  const auto opened = client.open("plan");
  constexpr std::uint32_t edits = 2'500;  // with snapshots on the way
  std::string expected;
  for (std::uint32_t number = 1; number <= edits; ++number) {
    const std::string letter(1, static_cast<char>('a' + number % 26));
    if (number <= 700)
      expected += letter;
    client.send(protocol::edit{opened.document, client_sequence(number), revision(number - 1),
                               fixture::insertion(number - 1, letter)});
    static_cast<void>(client.next<protocol::edits>());
  }
  EXPECT_EQ(request("GET", "plan/revisions/700").body(), expected);
  EXPECT_EQ(request("GET", "plan/revisions/2500").body().size(), edits);
  const auto page = json_of(request("GET", "plan/operations"));
  EXPECT_EQ(page.at("operations").size(), 1'000U);
  EXPECT_EQ(page.at("next"), 1'001);
}

}  // namespace quire::gateway
