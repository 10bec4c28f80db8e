#include "gateway/http/past.hpp"

#include <gtest/gtest.h>

namespace quire::gateway::http {

namespace {

using beast_http::verb;
using part = past_target::part;

tl::expected<past_plan, answer> planned(verb method, part what, std::string_view target, std::string revision = "",
                                        std::string_view if_match = {}) {
  beast_http::fields fields;
  if (!if_match.empty())
    fields.set(field::if_match, boost::beast::string_view(if_match.data(), if_match.size()));
  return plan_past({method, target, fields}, past_target{{"acme", "plan"}, what, std::move(revision)});
}

std::pair<std::uint64_t, std::uint64_t> range(std::string_view query) {
  const auto plan = planned(verb::get, part::operations, "/x" + std::string(query));
  if (!plan)
    return {0, 0};
  const auto& asked = std::get<past_plan::operations>(plan->what);
  return {asked.from.value(), asked.to.value()};
}

}  // namespace

TEST(past, operations_are_all_if_no_range_is_given) {
  EXPECT_EQ(range(""), (std::pair<std::uint64_t, std::uint64_t>{0, (std::uint64_t{1} << 53U) - 1}));
  EXPECT_EQ(range("?from=7&to=9"), (std::pair<std::uint64_t, std::uint64_t>{7, 9}));
  EXPECT_EQ(range("?to=3"), (std::pair<std::uint64_t, std::uint64_t>{0, 3}));
}

TEST(past, a_bad_or_reversed_range_is_refused) {
  for (const auto* query : {"?from=0", "?from=-1", "?from=x", "?from=", "?to=1.5", "?to=9007199254740992", "?from=%",
                            "?from=3&to=2", "?to=0"}) {
    const auto plan = planned(verb::get, part::operations, "/x" + std::string(query));
    ASSERT_FALSE(plan) << query;
    EXPECT_EQ(plan.error().status, status::bad_request) << query;
  }
}

TEST(past, a_revision_is_a_number) {
  const auto plan = planned(verb::get, part::revision, "/x", "12");
  ASSERT_TRUE(plan);
  EXPECT_EQ(std::get<past_plan::reading>(plan->what).at, revision(12));
  EXPECT_TRUE(planned(verb::head, part::revision, "/x", "0"));
  for (const auto* text : {"", "x", "-1", "+1", "1 ", "1:undo", "9007199254740992"})
    EXPECT_EQ(planned(verb::get, part::revision, "/x", text).error().status, status::bad_request) << text;
}

TEST(past, a_restoration_names_what_it_replaces) {
  const auto plan = planned(verb::post, part::restoration, "/x", "3", "\"2.42.text\"");
  ASSERT_TRUE(plan);
  const auto& asked = std::get<past_plan::restoration>(plan->what);
  EXPECT_EQ(asked.at, revision(3));
  EXPECT_EQ(asked.expected, (actors::document_version{generation(2), revision(42)}));
  EXPECT_EQ(planned(verb::post, part::restoration, "/x", "3").error().status, status::precondition_required);
  EXPECT_EQ(planned(verb::post, part::restoration, "/x", "3", "\"x\"").error().status, status::precondition_failed);
}

TEST(past, each_resource_has_its_methods) {
  const auto allowed = [](verb method, part what) {
    const auto plan = planned(method, what, "/x", "1", "\"1.1.text\"");
    return plan ? std::string() : std::string(plan.error().fields[field::allow]);
  };
  EXPECT_EQ(allowed(verb::post, part::operations), "GET, HEAD");
  EXPECT_EQ(allowed(verb::put, part::revision), "GET, HEAD");
  EXPECT_EQ(allowed(verb::get, part::restoration), "POST");
}

TEST(past, what_was_read_of_another_generation_is_not_restored) {
  const auto read = actors::document_answer{{generation(1), revision(3)}, "text", share(to_bytes("old"))};
  EXPECT_TRUE(plan_restoration({}, {generation(1), revision(9)}, read));
  EXPECT_EQ(plan_restoration({}, {generation(2), revision(9)}, read).error().status, status::precondition_failed);
}

TEST(past, an_operation_is_shown_with_its_time_to_the_millisecond) {
  actors::past_page page{{generation(1), revision(9)}, revision(3), {}, revision(5)};
  client_id client;
  client.octets.fill(0xA0);
  page.operations.push_back({revision(4), client, client_sequence(2), "a\"b",
                             server_time(std::chrono::milliseconds(1'700'000'000'007)), to_bytes("[1]")});
  EXPECT_EQ(as_text(*operations_answer(page).body),
            "{\"generation\":1,\"head\":9,\"floor\":3,\"operations\":[{\"at\":\"2023-11-14T22:13:20.007Z\",\"author\":"
            "\"a\\\"b\","
            "\"client\":\"a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0\",\"revision\":4,\"sequence\":2,\"operation\":[1]}],"
            "\"next\":5}\n");
}

}  // namespace quire::gateway::http
