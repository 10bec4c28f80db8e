#include "gateway/http/rest.hpp"

#include <gtest/gtest.h>

namespace quire::gateway::http {

using actors::representation;

TEST(accept, text_is_what_is_given_if_nothing_is_said) {
  EXPECT_EQ(preferred(""), representation::text);
  EXPECT_EQ(preferred("*/*"), representation::text);
  EXPECT_EQ(preferred("text/*"), representation::text);
}

TEST(accept, the_higher_quality_wins) {
  EXPECT_EQ(preferred("application/json"), representation::json);
  EXPECT_EQ(preferred("text/plain;q=0.5, application/json;q=0.8"), representation::json);
  EXPECT_EQ(preferred("text/plain;q=0.8, application/json;q=0.75"), representation::text);
  EXPECT_EQ(preferred("text/html, application/json;q=0.9, */*;q=0.1"), representation::json);
}

TEST(accept, the_most_specific_range_decides) {
  EXPECT_EQ(preferred("*/*, text/plain;q=0"), representation::json);
  EXPECT_EQ(preferred("text/*;q=1, text/plain;q=0.1, application/json;q=0.2"), representation::json);
}

TEST(accept, neither_is_an_answer_too) {
  EXPECT_EQ(preferred("text/html"), std::nullopt);
  EXPECT_EQ(preferred("text/plain;q=0"), std::nullopt);
}

}  // namespace quire::gateway::http
