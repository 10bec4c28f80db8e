#include "tests/fuzz/message_digest.hpp"

#include <cstdint>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  quire::protocol::digest(std::as_bytes(std::span{data, size}), &quire::protocol::decode_server_message);
  return 0;
}
