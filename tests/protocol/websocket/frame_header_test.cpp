#include "protocol/websocket/frame_header.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace quire::websocket {

namespace {

std::vector<int> octets_of(const frame_header& header) {
  std::vector<int> octets;
  for (const std::byte octet : header.view())
    octets.push_back(std::to_integer<int>(octet));
  return octets;
}

}  // namespace

TEST(frame_header, short_payloads_have_their_length_in_the_second_octet) {
  EXPECT_EQ(octets_of(frame_header(0)), (std::vector{0x82, 0}));
  EXPECT_EQ(octets_of(frame_header(125)), (std::vector{0x82, 125}));
}

TEST(frame_header, payloads_from_126_bytes_on_have_a_length_of_two_octets) {
  EXPECT_EQ(octets_of(frame_header(126)), (std::vector{0x82, 126, 0, 126}));
  EXPECT_EQ(octets_of(frame_header(65'535)), (std::vector{0x82, 126, 0xFF, 0xFF}));
}

TEST(frame_header, payloads_from_65536_bytes_on_have_a_length_of_eight_octets) {
  EXPECT_EQ(octets_of(frame_header(65'536)), (std::vector{0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0}));
  EXPECT_EQ(octets_of(frame_header(0x1234567)), (std::vector{0x82, 127, 0, 0, 0, 0, 0x01, 0x23, 0x45, 0x67}));
}

TEST(frame_header, control_frames_are_named_so) {
  EXPECT_EQ(octets_of(frame_header(2, opcode::close)), (std::vector{0x88, 2}));
  EXPECT_EQ(octets_of(frame_header(0, opcode::pong)), (std::vector{0x8A, 0}));
}

TEST(frame_header, bytes_that_are_no_frame_have_none) {
  EXPECT_EQ(frame_header::none().size(), 0U);
}

}  // namespace quire::websocket
