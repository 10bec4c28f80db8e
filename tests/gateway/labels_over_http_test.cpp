#include "protocol/limits.hpp"
#include "tests/fixture/gateway/http_client.hpp"
#include "tests/fixture/gateway/running_server.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace quire::gateway {

namespace {

using fixture::field_of;
using fixture::http_answer;
using fields = std::initializer_list<fixture::http_client::field>;

class labels_over_http : public testing::Test {
 protected:
  http_answer request(std::string_view method, std::string_view rest, fields more = {}, std::string_view body = {}) {
    return fixture::request(server_.port(), method, "/v1/documents/default/" + std::string(rest), more, body);
  }

  http_answer label(std::string_view name, std::uint64_t at, fields more = {}) {
    return request("PUT", "plan/labels/" + std::string(name), more, R"({"revision":)" + std::to_string(at) + "}");
  }

  /// A document with the revisions "one" and "two".
  void write_two() {
    EXPECT_EQ(request("PUT", "plan", {{"If-None-Match", "*"}}, "one").result_int(), 201U);
    const auto tag = field_of(request("GET", "plan"), "ETag");
    EXPECT_EQ(request("PUT", "plan", {{"If-Match", tag}}, "two").result_int(), 204U);
  }

  std::vector<std::pair<std::string, int>> labels() {
    std::vector<std::pair<std::string, int>> found;
    const auto all = json_of(request("GET", "plan/labels"));
    for (const auto& one : all.at("labels"))
      found.emplace_back(one.at("name"), one.at("revision"));
    return found;
  }

  static nlohmann::json json_of(const http_answer& answer) { return nlohmann::json::parse(answer.body()); }
  static std::string error_of(const http_answer& answer) { return json_of(answer).at("error"); }

  fixture::running_server server_;
};

using names = std::vector<std::pair<std::string, int>>;

}  // namespace

TEST_F(labels_over_http, a_label_is_made_moved_listed_and_removed) {
  write_two();
  EXPECT_EQ(labels(), names{});
  const auto made = label("first%20draft", 1);
  EXPECT_EQ(made.result_int(), 201U);
  EXPECT_EQ(field_of(made, "Location"), "/v1/documents/default/plan/labels/first%20draft");
  EXPECT_EQ(json_of(made), nlohmann::json::parse(R"({"name":"first draft","generation":1,"revision":1})"));
  EXPECT_EQ(label("start", 0).result_int(), 201U);
  EXPECT_EQ(labels(), (names{{"start", 0}, {"first draft", 1}}));
  EXPECT_EQ(label("first%20draft", 2).result_int(), 200U);
  EXPECT_EQ(labels(), (names{{"start", 0}, {"first draft", 2}}));
  EXPECT_EQ(request("DELETE", "plan/labels/start").result_int(), 204U);
  EXPECT_EQ(labels(), (names{{"first draft", 2}}));
  const auto again = request("DELETE", "plan/labels/start");
  EXPECT_EQ(again.result_int(), 404U);
  EXPECT_EQ(error_of(again), "not_found");
}

TEST_F(labels_over_http, a_list_says_who_set_each_and_when_and_where_the_document_is) {
  write_two();
  label("draft", 1);
  const auto all = request("GET", "plan/labels");
  EXPECT_EQ(field_of(all, "Content-Type"), "application/json");
  const auto list = json_of(all);
  EXPECT_EQ(list.at("generation"), 1);
  EXPECT_EQ(list.at("head"), 2);
  const auto& one = list.at("labels").at(0);
  EXPECT_EQ(one.at("author"), "");
  EXPECT_EQ(one.at("at").get<std::string>().size(), std::string_view("2026-01-01T00:00:00.000Z").size());
  EXPECT_EQ(request("HEAD", "plan/labels").body(), "");
}

TEST_F(labels_over_http, what_shall_be_new_is_refused_where_it_is) {
  write_two();
  EXPECT_EQ(label("draft", 1, {{"If-None-Match", "*"}}).result_int(), 201U);
  const auto again = label("draft", 2, {{"If-None-Match", "*"}});
  EXPECT_EQ(again.result_int(), 412U);
  EXPECT_EQ(error_of(again), "already_exists");
  EXPECT_EQ(labels(), (names{{"draft", 1}}));
  EXPECT_EQ(label("draft", 2, {{"If-None-Match", "\"1.1.text\""}}).result_int(), 400U);
  EXPECT_EQ(label("draft", 2, {{"If-Match", "\"1.1.text\""}}).result_int(), 400U);
}

TEST_F(labels_over_http, a_revision_that_is_not_there_is_not_labelled) {
  write_two();
  const auto past_head = label("draft", 3);
  EXPECT_EQ(past_head.result_int(), 409U);
  EXPECT_EQ(error_of(past_head), "future_revision");
  EXPECT_EQ(labels(), names{});
  EXPECT_EQ(error_of(request("PUT", "other/labels/x", {}, R"({"revision":0})")), "not_found");
  EXPECT_EQ(error_of(request("DELETE", "other/labels/x")), "not_found");
  EXPECT_EQ(error_of(request("GET", "other/labels")), "not_found");
}

TEST_F(labels_over_http, a_body_that_is_none_is_refused) {
  write_two();
  for (const auto* body : {"", "{}", "1", "[1]", R"({"revision":-1})", R"({"revision":1.5})", R"({"revision":"1"})",
                           R"({"revision":1,"more":2})", R"({"revision":9007199254740992})", R"({"revision":1)"})
    EXPECT_EQ(request("PUT", "plan/labels/draft", {}, body).result_int(), 400U) << body;
  EXPECT_EQ(request("PUT", "plan/labels/draft", {{"Content-Type", "text/plain"}}, R"({"revision":1})").result_int(),
            415U);
  const auto large = R"({"revision":1)" + std::string(limits::label_body_bytes_max, ' ') + "}";
  EXPECT_EQ(request("PUT", "plan/labels/draft", {}, large).result_int(), 413U);
  EXPECT_EQ(labels(), names{});
}

TEST_F(labels_over_http, a_name_that_is_none_is_refused) {
  write_two();
  for (const auto* name : {"", "a%0Ab", "%FF", "a/b"}) {
    const auto refused = label(name, 1);
    EXPECT_EQ(refused.result_int(), 400U) << name;
    EXPECT_EQ(error_of(refused), "invalid_name") << name;
  }
  EXPECT_EQ(label(std::string(limits::label_bytes_max, 'x'), 1).result_int(), 201U);
  EXPECT_EQ(error_of(label(std::string(limits::label_bytes_max + 1, 'x'), 1)), "invalid_name");
  EXPECT_EQ(label("a%2Fb%3F", 1).result_int(), 201U);
  EXPECT_EQ(labels().front().first, "a/b?");
}

TEST_F(labels_over_http, other_methods_are_refused) {
  write_two();
  EXPECT_EQ(request("POST", "plan/labels/draft").result_int(), 405U);
  EXPECT_EQ(field_of(request("GET", "plan/labels/draft"), "Allow"), "PUT, DELETE");
  EXPECT_EQ(field_of(request("DELETE", "plan/labels"), "Allow"), "GET, HEAD");
}

TEST_F(labels_over_http, over_the_limit_a_label_is_refused_by_name) {
  write_two();
  for (std::size_t number = 0; number < limits::labels_a_document_max; ++number)
    ASSERT_EQ(label("label" + std::to_string(number), 1).result_int(), 201U);
  const auto over = label("another", 1);
  EXPECT_EQ(over.result_int(), 429U);
  EXPECT_EQ(error_of(over), "too_many_labels");
  EXPECT_EQ(label("label0", 2).result_int(), 200U);
}

TEST_F(labels_over_http, a_document_made_anew_has_none) {
  write_two();
  label("draft", 1);
  EXPECT_EQ(request("DELETE", "plan").result_int(), 204U);
  EXPECT_EQ(error_of(request("GET", "plan/labels")), "not_found");
  EXPECT_EQ(request("PUT", "plan", {{"If-None-Match", "*"}}, "one").result_int(), 201U);
  EXPECT_EQ(labels(), names{});
}

}  // namespace quire::gateway
