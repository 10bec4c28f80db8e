#include "gateway/http/head_check.hpp"

#include <gtest/gtest.h>
#include <string>

namespace quire::gateway::http {

namespace {

bool passes(const std::string& fields, const std::string& line = "GET / HTTP/1.1") {
  return check_head(line + "\r\n" + fields + "\r\n").has_value();
}

}  // namespace

TEST(head_check, an_ordinary_head_passes) {
  EXPECT_TRUE(passes("Host: a:1\r\nContent-Length: 12\r\nAccept: text/plain, */*\r\n"));
  EXPECT_TRUE(passes("Host: a\r\nTransfer-Encoding: chunked\r\n", "PUT /x HTTP/1.1"));
  EXPECT_TRUE(passes("", "GET / HTTP/1.0"));
}

TEST(head_check, two_ways_to_say_where_a_body_ends_are_refused) {
  EXPECT_FALSE(passes("Host: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n"));
  EXPECT_FALSE(passes("Host: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n"));
  EXPECT_FALSE(passes("Host: a\r\ncontent-length: 1\r\nContent-LENGTH: 2\r\n"));
  EXPECT_FALSE(passes("Host: a\r\nContent-Length: 1, 1\r\n"));
  EXPECT_FALSE(passes("Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"));
}

TEST(head_check, lengths_and_codings_of_odd_shapes_are_refused) {
  for (const auto* value : {"", "-1", "+1", "0x10", "1 2", "1e3"})
    EXPECT_FALSE(passes("Host: a\r\nContent-Length: " + std::string(value) + "\r\n")) << value;
  for (const auto* value : {"", "identity", "chunked, gzip", "gzip, chunked", "xchunked", "\"chunked\""})
    EXPECT_FALSE(passes("Host: a\r\nTransfer-Encoding: " + std::string(value) + "\r\n")) << value;
  EXPECT_FALSE(passes("Transfer-Encoding: chunked\r\n", "PUT / HTTP/1.0"));
}

TEST(head_check, lines_that_parsers_cut_differently_are_refused) {
  EXPECT_FALSE(passes("Host: a\r\n folded\r\n"));
  EXPECT_FALSE(passes("Host: a\r\n\tfolded\r\n"));
  EXPECT_FALSE(passes("Host : a\r\n"));
  EXPECT_FALSE(passes("Host: a\nContent-Length: 5\r\n"));
  EXPECT_FALSE(passes("Host: a\rX: b\r\n"));
  EXPECT_FALSE(passes(std::string("Host: a\0b\r\n", 11)));
  EXPECT_FALSE(passes("Host: a\r\n: nameless\r\n"));
  EXPECT_FALSE(passes("Host: a\r\nno colon\r\n"));
}

TEST(head_check, the_host_is_named_once) {
  EXPECT_FALSE(passes(""));
  EXPECT_FALSE(passes("Host: a\r\nHost: a\r\n"));
  EXPECT_FALSE(passes("Host: \r\n"));
  EXPECT_FALSE(passes("Host: a, b\r\n"));
  EXPECT_FALSE(passes("Host: user@a\r\n"));
}

TEST(head_check, only_http_1_is_spoken) {
  EXPECT_FALSE(passes("Host: a\r\n", "GET / HTTP/2.0"));
  EXPECT_FALSE(passes("Host: a\r\n", "GET /"));
  EXPECT_FALSE(passes("Host: a\r\n", ""));
}

}  // namespace quire::gateway::http
