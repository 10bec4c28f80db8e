#include "gateway/http/upgrade.hpp"

#include <array>
#include <cassert>
#include <string>

#include <openssl/evp.h>

namespace quire::gateway::http {

namespace {

constexpr std::size_t key_octets = 16;
constexpr std::size_t key_characters = 24;

/// What every server adds to the key. Source: RFC 6455, section 1.3.
constexpr std::string_view websocket_guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

const unsigned char* unsigned_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string accept_for(std::string_view key) {
  const auto whole = std::string(key) + std::string(websocket_guid);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  [[maybe_unused]] const int done = EVP_Digest(whole.data(), whole.size(), digest.data(), &size, EVP_sha1(), nullptr);
  assert(done == 1);
  std::array<unsigned char, 4 * ((EVP_MAX_MD_SIZE + 2) / 3) + 1> text{};
  const int length = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(size));
  return {reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(length)};
}

}  // namespace

bool is_websocket_key(std::string_view key) noexcept {
  if (key.size() != key_characters || !key.ends_with("==") || key.find('=') != key_octets * 4 / 3 + 1)
    return false;
  std::array<unsigned char, key_characters> octets{};
  return EVP_DecodeBlock(octets.data(), unsigned_of(key), static_cast<int>(key.size())) >= 0;
}

shared_bytes switching_protocols(std::string_view key, std::string_view subprotocol) {
  std::string text =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ";
  text += accept_for(key);
  if (!subprotocol.empty())
    text.append("\r\nSec-WebSocket-Protocol: ").append(subprotocol);
  text += "\r\n\r\n";
  return share(to_bytes(text));
}

}  // namespace quire::gateway::http
