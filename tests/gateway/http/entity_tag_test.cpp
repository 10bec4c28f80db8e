#include "gateway/http/entity_tag.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace quire::gateway::http {

using actors::document_version;
using actors::representation;

RC_GTEST_PROP(entity_tag, it_names_the_version_that_it_was_made_of,
              (std::uint32_t made, std::uint64_t at, bool is_json)) {
  const document_version version{generation(made), revision(at)};
  const auto tag = entity_tag(version, is_json ? representation::json : representation::text);
  RC_ASSERT(version_in(tag) == version);
}

TEST(entity_tag, it_is_generation_revision_and_representation) {
  EXPECT_EQ(entity_tag({generation(2), revision(17)}, representation::text), "\"2.17.text\"");
}

TEST(entity_tag, tags_of_others_name_no_version) {
  for (const auto* tag : {"", "*", "\"\"", "2.17.text", "W/\"2.17.text\"", "\"2.17\"", "\"2.17.xml\"", "\"02.17.text\"",
                          "\"2.017.text\"", "\"2.-1.text\"", "\"2.17.text\" ", "\"99999999999.1.text\""})
    EXPECT_FALSE(version_in(tag)) << tag;
}

TEST(entity_tag, it_is_found_in_a_list_and_weakness_does_not_matter_there) {
  EXPECT_TRUE(is_listed("\"a\", W/\"b\" ,\"c\"", "\"b\""));
  EXPECT_TRUE(is_listed("*", "\"b\""));
  EXPECT_FALSE(is_listed("\"a, b\"", "\"b\""));
  EXPECT_FALSE(is_listed("\"a\", \"b", "\"b\""));
  EXPECT_FALSE(is_listed("", "\"b\""));
}

}  // namespace quire::gateway::http
