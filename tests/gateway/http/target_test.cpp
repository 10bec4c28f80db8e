#include "gateway/http/target.hpp"

#include <gtest/gtest.h>

namespace quire::gateway::http {

namespace {

template <class Target>
std::optional<Target> parsed(std::string_view text) {
  const auto target = parse_target(text);
  const auto* const wanted = target ? std::get_if<Target>(&*target) : nullptr;
  return wanted ? std::optional<Target>(*wanted) : std::nullopt;
}

std::optional<document_name> document(std::string_view text) {
  const auto target = parsed<document_target>(text);
  return target ? std::optional(target->document) : std::nullopt;
}

errc refusal_of(std::string_view text) {
  return parse_target(text).error().code;
}

}  // namespace

TEST(target, organisation_and_name_are_one_segment_each) {
  EXPECT_EQ(document("/v1/documents/acme/plan"), (document_name{"acme", "plan"}));
  EXPECT_EQ(document("/v1/documents/acme/plan?type=text"), (document_name{"acme", "plan"}));
  EXPECT_EQ(document("/v1/documents/a%2Fb/c%2fd%20e"), (document_name{"a/b", "c/d e"}));
  EXPECT_EQ(refusal_of("/v1/documents/acme/plan/2"), errc::invalid_name);
}

TEST(target, one_segment_is_the_list_of_an_organisation) {
  EXPECT_EQ(parsed<list_target>("/v1/documents/acme?limit=3")->organisation, "acme");
}

TEST(target, names_that_no_document_may_have_are_refused) {
  EXPECT_EQ(refusal_of("/v1/documents//x"), errc::invalid_name);
  EXPECT_EQ(refusal_of("/v1/documents/acme/"), errc::invalid_name);
  EXPECT_EQ(refusal_of("/v1/documents/acme/%0A"), errc::invalid_name);
  EXPECT_EQ(refusal_of("/v1/documents/acme/%FF"), errc::invalid_name);
  EXPECT_EQ(refusal_of("/v1/documents/acme/%G0"), errc::malformed_message);
}

TEST(target, other_paths_are_pages_and_none_of_v1) {
  EXPECT_EQ(parsed<page_target>("/assets/a%20b.js")->path, "/assets/a b.js");
  EXPECT_TRUE(parsed<connect_target>("/v1/connect?x=1"));
  EXPECT_TRUE(parsed<health_target>("/healthz"));
  EXPECT_EQ(refusal_of("/v1/nothing"), errc::not_found);
  EXPECT_EQ(refusal_of("/%76%31/connect"), errc::not_found);
}

TEST(target, what_is_no_path_is_refused) {
  for (const auto* text : {"", "*", "http://a/", "a/b", "/a#b", "/a\\b", "/%", "/%zz"})
    EXPECT_EQ(refusal_of(text), errc::malformed_message) << text;
}

TEST(target, a_value_of_the_query_is_found_by_its_name_and_decoded) {
  EXPECT_EQ(query_value("/x?after=a%2Fb&limit=3", "after").value(), "a/b");
  EXPECT_EQ(query_value("/x?after=a&limit=3", "limit").value(), "3");
  EXPECT_EQ(query_value("/x?limited=3", "limit").value(), std::nullopt);
  EXPECT_EQ(query_value("/x", "limit").value(), std::nullopt);
  EXPECT_FALSE(query_value("/x?limit=%", "limit"));
}

}  // namespace quire::gateway::http
