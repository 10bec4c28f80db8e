#include "actors/types/yjs/base64.hpp"

#include <algorithm>
#include <cstdint>

namespace quire::actors::types::yjs {

void append_base64(bytes_view data, bytes& out) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t at = 0; at < data.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, data.size() - at);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i)
      group = group << 8U | (i < count ? std::to_integer<std::uint32_t>(data[at + i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i)
      out.push_back(std::byte(i <= count ? digits[group >> (18U - 6U * i) & 0x3FU] : '='));
  }
}

}  // namespace quire::actors::types::yjs
