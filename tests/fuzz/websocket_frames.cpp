#include "protocol/websocket/frame_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// What a client sends, read whole and then a few bytes at a time: the same must be heard.
namespace quire::websocket {
namespace {

constexpr std::size_t message_bytes_max = 1'000;

using heard = std::vector<std::pair<int, std::string>>;

heard read(bytes sent, std::size_t at_a_time) {
  heard out;
  frame_reader reader;
  for (std::size_t at = 0; at < sent.size(); at += at_a_time) {
    auto input = std::span(sent).subspan(at, std::min(at_a_time, sent.size() - at));
    while (true) {
      const auto next = reader.next(input, message_bytes_max);
      if (!next) {
        out.emplace_back(-1, next.error().detail);
        if (next.error().code == errc::malformed_message)
          return out;
      } else if (*next) {
        out.emplace_back(static_cast<int>((*next)->kind), std::string(as_text((*next)->payload)));
      } else {
        break;
      }
    }
  }
  return out;
}

}  // namespace
}  // namespace quire::websocket

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto view = std::as_bytes(std::span{data, size});
  const quire::bytes sent(view.begin(), view.end());
  const auto whole = quire::websocket::read(sent, std::max<std::size_t>(size, 1));
  for (const std::size_t at_a_time : {1U, 7U})
    if (quire::websocket::read(sent, at_a_time) != whole)
      std::abort();
  static_cast<void>(quire::websocket::is_close_payload(view));
  return 0;
}
