#pragma once

#include "protocol/bytes.hpp"

#include <cstddef>
#include <msgpack/pack.hpp>

namespace quire::actors::types {

/// What msgpack::packer writes to.
class byte_sink {
 public:
  explicit byte_sink(bytes& out) noexcept : out_(out) {}
  void write(const char* data, std::size_t size) { append(out_, as_bytes({data, size})); }

 private:
  bytes& out_;
};

/// Writes MessagePack, every value in its shortest form.
using msgpack_packer = msgpack::packer<byte_sink>;

}  // namespace quire::actors::types
