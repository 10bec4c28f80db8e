#include "tests/bench/floors/upgrade_reply.hpp"

#include <array>
#include <openssl/evp.h>
#include <openssl/sha.h>

namespace quire::bench {

namespace {

std::string accept_value(std::string key) {
  key += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455, section 1.3
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  ::SHA1(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest.data());
  std::array<unsigned char, 32> text{};
  const int size = ::EVP_EncodeBlock(text.data(), digest.data(), digest.size());
  return {text.begin(), text.begin() + size};
}

std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
  const auto found = text.find(before);
  if (found == std::string_view::npos)
    return {};
  text.remove_prefix(found + before.size());
  return text.substr(0, text.find(after));
}

}  // namespace

upgrade read_upgrade(std::string_view head) {
  const auto key = between(head, "Sec-WebSocket-Key: ", "\r\n");
  if (key.empty())
    return {};
  return {std::string(between(head, "GET ", " ")),
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
            accept_value(std::string(key)) + "\r\n\r\n"};
}

}  // namespace quire::bench
