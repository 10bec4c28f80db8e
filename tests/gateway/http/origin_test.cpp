#include "gateway/http/origin.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace quire::gateway::http {

namespace {

bool may(std::string_view origin, std::string_view host, const std::vector<std::string>& allowed = {}) {
  return may_connect(origin, host, allowed);
}

}  // namespace

TEST(origin, pages_of_the_own_host_may_connect) {
  EXPECT_TRUE(may("http://localhost:1234", "localhost:1234"));
  EXPECT_TRUE(may("HTTP://LocalHost:1234", "localhost:1234"));
  EXPECT_TRUE(may("https://docs.example", "docs.example"));
  EXPECT_TRUE(may("https://docs.example", "docs.example:443"));
  EXPECT_TRUE(may("http://[::1]:1234", "[::1]:1234"));
}

TEST(origin, all_other_pages_may_not) {
  EXPECT_FALSE(may("http://evil.example", "localhost:1234"));
  EXPECT_FALSE(may("http://localhost:9999", "localhost:1234"));
  EXPECT_FALSE(may("http://localhost:1234.evil.example", "localhost:1234"));
  EXPECT_FALSE(may("null", "localhost:1234"));
  EXPECT_FALSE(may("ftp://localhost:1234", "localhost:1234"));
  EXPECT_FALSE(may("http://", ""));
}

TEST(origin, the_list_lets_others_in) {
  EXPECT_TRUE(may("https://app.example", "docs.example", {"https://app.example"}));
  EXPECT_FALSE(may("http://app.example", "docs.example", {"https://app.example"}));
  EXPECT_FALSE(may("https://app.example.evil.example", "docs.example", {"https://app.example"}));
  EXPECT_TRUE(may("null", "docs.example", {"*"}));
}

TEST(origin, what_is_no_browser_names_none) {
  EXPECT_TRUE(may("", "docs.example"));
}

}  // namespace quire::gateway::http
