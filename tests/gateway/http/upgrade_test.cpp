#include "gateway/http/upgrade.hpp"

#include <gtest/gtest.h>
#include <string>

namespace quire::gateway::http {

TEST(upgrade, the_answer_proves_that_the_key_was_read) {  // the example of RFC 6455, section 1.3
  EXPECT_EQ(as_text(*switching_protocols("dGhlIHNhbXBsZSBub25jZQ==", "quire.v1")),
            "HTTP/1.1 101 Switching Protocols\r\n"
            "Upgrade: websocket\r\n"
            "Connection: Upgrade\r\n"
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
            "Sec-WebSocket-Protocol: quire.v1\r\n"
            "\r\n");
}

TEST(upgrade, without_a_subprotocol_the_answer_names_none) {
  EXPECT_EQ(as_text(*switching_protocols("dGhlIHNhbXBsZSBub25jZQ==", "")),
            "HTTP/1.1 101 Switching Protocols\r\n"
            "Upgrade: websocket\r\n"
            "Connection: Upgrade\r\n"
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
            "\r\n");
}

TEST(upgrade, a_key_is_sixteen_octets_in_base64) {
  EXPECT_TRUE(is_websocket_key("dGhlIHNhbXBsZSBub25jZQ=="));
  for (const std::string not_one :
       {"", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25j====", "dGhlIHNhbXBsZSBub25jZSE=",
        "dGhlIHNhbXBs*SBub25jZQ==", "dGhlIHNhbXBsZSBub25jZSEh", "dGhlIHNhbXBsZSBub25jZQ==dGhlIHNhbXBsZSBub25jZQ=="})
    EXPECT_FALSE(is_websocket_key(not_one)) << not_one;
}

}  // namespace quire::gateway::http
