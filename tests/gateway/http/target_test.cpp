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

/// The name of a document that a y-websocket client connects to; nothing if it is none.
std::optional<std::string> room(std::string_view text) {
  const auto target = parse_target(text, true);
  const auto* const wanted = target ? std::get_if<provider_target>(&*target) : nullptr;
  if (!wanted || wanted->dialect != protocol::dialect::y_websocket)
    return std::nullopt;
  return wanted->name;
}

bool is_hocuspocus(std::string_view text) {
  const auto target = parse_target(text, true);
  const auto* const wanted = target ? std::get_if<provider_target>(&*target) : nullptr;
  return wanted && wanted->dialect == protocol::dialect::hocuspocus && wanted->name.empty();
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

TEST(target, segments_after_a_name_are_of_its_history) {
  using part = past_target::part;
  const auto operations = parsed<past_target>("/v1/documents/acme/a%2Fb/operations?from=3");
  ASSERT_TRUE(operations);
  EXPECT_EQ(operations->document, (document_name{"acme", "a/b"}));
  EXPECT_EQ(operations->what, part::operations);
  const auto revision = parsed<past_target>("/v1/documents/acme/plan/revisions/12");
  ASSERT_TRUE(revision);
  EXPECT_EQ(revision->what, part::revision);
  EXPECT_EQ(revision->revision, "12");
  const auto restoration = parsed<past_target>("/v1/documents/acme/plan/revisions/12%3Arestore");
  ASSERT_TRUE(restoration);
  EXPECT_EQ(restoration->what, part::restoration);
  EXPECT_EQ(restoration->revision, "12");
  EXPECT_EQ(document("/v1/documents/acme/operations"), (document_name{"acme", "operations"}));
  for (const auto* text : {"/v1/documents/acme/plan/", "/v1/documents/acme/plan/operations/1",
                           "/v1/documents/acme/plan/revisions", "/v1/documents/acme/plan/revisions/1/2"})
    EXPECT_EQ(refusal_of(text), errc::invalid_name) << text;
  EXPECT_EQ(refusal_of("/v1/documents/acme//operations"), errc::invalid_name);
}

TEST(target, labels_are_segments_after_a_name) {
  const auto all = parsed<label_target>("/v1/documents/acme/a%2Fb/labels");
  ASSERT_TRUE(all);
  EXPECT_EQ(all->document, (document_name{"acme", "a/b"}));
  EXPECT_FALSE(all->label);
  const auto one = parsed<label_target>("/v1/documents/acme/plan/labels/first%2Fdraft?x=1");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->label, "first/draft");
  EXPECT_EQ(document("/v1/documents/acme/labels"), (document_name{"acme", "labels"}));
  for (const auto* text : {"/v1/documents/acme/plan/labels/", "/v1/documents/acme/plan/labels/a/b",
                           "/v1/documents/acme/plan/labels/%0A", "/v1/documents/acme/plan/labels/%FF"})
    EXPECT_EQ(refusal_of(text), errc::invalid_name) << text;
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

TEST(target, an_upgrade_of_another_path_is_a_yjs_providers) {
  EXPECT_EQ(room("/yjs/plan?token=x"), "plan");
  EXPECT_EQ(room("/yjs/a/b%2Fc%20d"), "a/b/c d");
  EXPECT_EQ(room("/yjs/100%"), "100%");
  EXPECT_EQ(room("/plan"), "plan");
  EXPECT_EQ(room("/team/plan"), "team/plan");
  EXPECT_EQ(room("/yjsplan"), "yjsplan");
  EXPECT_EQ(room("/v1plan"), "v1plan");
  EXPECT_EQ(room("/hocuspocus/plan"), "hocuspocus/plan");
  EXPECT_EQ(room("/yjs"), "");
  EXPECT_EQ(room("/yjs/"), "");
  for (const auto* text : {"/", "/?token=x", "/hocuspocus", "/hocuspocus/", "/hocuspocus?token=x"})
    EXPECT_TRUE(is_hocuspocus(text)) << text;
}

TEST(target, what_is_ours_stays_ours_for_an_upgrade) {
  for (const auto* text : {"/v1/connect", "/v1/documents/acme/plan", "/healthz", "/readyz", "/metrics", "/v1", "/v1/x"})
    EXPECT_FALSE(room(text) || is_hocuspocus(text)) << text;
  EXPECT_FALSE(parsed<provider_target>("/yjs/plan"));
  EXPECT_TRUE(parsed<page_target>("/yjs/plan"));
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
