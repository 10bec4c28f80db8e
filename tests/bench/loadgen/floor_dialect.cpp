#include "tests/bench/loadgen/floor_dialect.hpp"

#include <array>
#include <cstring>

namespace quire::bench {

void floor_dialect::begin(listener& to, bytes&) {
  to.on_open(0);
}

void floor_dialect::receive(bytes_view message, listener& to, bytes&) {
  edit_name edit;
  if (message.size() != frame_bytes)
    return to.on_trouble("a frame of another size than was sent");
  std::memcpy(&edit, message.data(), sizeof edit);
  to.on_edit(++received_, edit);
}

void floor_dialect::write_edit(std::uint32_t sequence, std::uint64_t, bytes& out) {
  std::array<std::byte, frame_bytes> frame{};
  const edit_name edit{author_, sequence};
  std::memcpy(frame.data(), &edit, sizeof edit);
  append(out, frame);
}

}  // namespace quire::bench
