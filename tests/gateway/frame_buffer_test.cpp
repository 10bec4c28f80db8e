#include "gateway/frame_buffer.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace quire::gateway {

TEST(frame_buffer, a_long_frame_is_not_allocated_before_it_comes) {
  frame_buffer buffer;
  EXPECT_EQ(buffer.room(2'000'000).size(), 256U);
  buffer.filled(256);
  EXPECT_EQ(buffer.room(2'000'000).size(), 64U * 1024);
}

RC_GTEST_PROP(frame_buffer, a_frame_that_comes_in_parts_is_put_together, (const std::vector<std::uint8_t>& frame)) {
  frame_buffer buffer;
  std::size_t at = 0;
  while (at < frame.size()) {
    const auto room = buffer.room(frame.size() - at);
    const auto part = std::min({room.size(), frame.size() - at, *rc::gen::inRange<std::size_t>(1, 600)});
    std::transform(frame.begin() + static_cast<std::ptrdiff_t>(at),
                   frame.begin() + static_cast<std::ptrdiff_t>(at + part), room.begin(),
                   [](std::uint8_t octet) { return std::byte{octet}; });
    buffer.filled(part);
    at += part;
  }
  RC_ASSERT(buffer.size() == frame.size());
  RC_ASSERT(std::ranges::equal(buffer.view(), frame, {}, [](std::byte octet) { return std::to_integer<int>(octet); }));
  buffer.clear();
  RC_ASSERT(buffer.size() == 0U);
}

}  // namespace quire::gateway
