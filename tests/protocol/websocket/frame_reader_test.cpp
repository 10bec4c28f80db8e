#include "protocol/websocket/frame_reader.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <string>
#include <vector>

namespace quire::websocket {

namespace {

using namespace std::string_literals;

constexpr std::size_t limit = 100'000;

/// A frame as a client sends it, by the letter of RFC 6455, section 5.2.
struct sent_frame {
  opcode kind = opcode::binary;
  std::string payload;
  bool is_last = true;
  std::string key = "\x12\x34\x56\x78"s;
};

std::string written(const sent_frame& frame) {
  std::string out;
  out += static_cast<char>((frame.is_last ? 0x80 : 0) | static_cast<int>(frame.kind));
  const auto size = frame.payload.size();
  const int length_bytes = size < 126 ? 0 : size < 65'536 ? 2 : 8;
  out += static_cast<char>(0x80 | (length_bytes == 0 ? static_cast<int>(size) : length_bytes == 2 ? 126 : 127));
  for (int at = length_bytes - 1; at >= 0; --at)
    out += static_cast<char>(size >> (8 * at));
  out += frame.key;
  for (std::size_t at = 0; at < size; ++at)
    out += static_cast<char>(frame.payload[at] ^ frame.key[at % 4]);
  return out;
}

struct heard {
  std::vector<std::pair<opcode, std::string>> messages;
  std::optional<errc> failed;

  bool operator==(const heard&) const = default;
};

/// Reads what is sent in pieces of the sizes that `next_size` gives.
template <class NextSize>
heard read_in_pieces(std::string sent, NextSize next_size, std::size_t message_bytes_max = limit) {
  heard out;
  frame_reader reader;
  for (std::size_t at = 0; at < sent.size();) {
    const auto size = std::min(next_size(), sent.size() - at);
    std::span<std::byte> input(reinterpret_cast<std::byte*>(sent.data()) + at, size);
    at += size;
    while (true) {
      const auto next = reader.next(input, message_bytes_max);
      if (!next) {
        out.failed = next.error().code;
        if (*out.failed == errc::malformed_message)
          return out;
        continue;
      }
      if (!*next)
        break;
      out.messages.emplace_back((*next)->kind, std::string(as_text((*next)->payload)));
    }
    EXPECT_TRUE(input.empty());
  }
  return out;
}

heard read_whole(const std::string& sent, std::size_t message_bytes_max = limit) {
  return read_in_pieces(
    sent, [&] { return sent.size(); }, message_bytes_max);
}

void expect_malformed(const std::string& sent) {
  EXPECT_EQ(read_whole(sent).failed, errc::malformed_message);
  EXPECT_EQ(read_in_pieces(sent, [] { return std::size_t{1}; }).failed, errc::malformed_message);
}

std::string payload_of(std::size_t size) {
  std::string payload(size, 'x');
  for (std::size_t at = 0; at < size; ++at)
    payload[at] = static_cast<char>('a' + at % 26);
  return payload;
}

}  // namespace

RC_GTEST_PROP(frame_reader, what_is_sent_is_heard_however_it_is_cut, ()) {
  std::string sent;
  heard expected;
  for (int message = *rc::gen::inRange(1, 5); message > 0; --message) {
    const auto kind = *rc::gen::element(opcode::binary, opcode::text);
    std::string whole;
    const auto parts = *rc::gen::inRange<std::size_t>(1, 5);
    for (std::size_t part = 0; part < parts; ++part) {
      const auto payload = payload_of(*rc::gen::element<std::size_t>(0, 1, 7, 125, 126, 300, 65'535, 65'536));
      const auto key = *rc::gen::container<std::string>(4, rc::gen::arbitrary<char>());
      if (whole.size() + payload.size() > limit)
        continue;
      sent += written({part == 0 ? kind : opcode::continuation, payload, false, key});
      whole += payload;
      if (*rc::gen::arbitrary<bool>()) {
        const auto control = *rc::gen::element(opcode::ping, opcode::pong, opcode::close);
        sent += written({control, payload_of(part * 40), true, key});
        expected.messages.emplace_back(control, payload_of(part * 40));
      }
    }
    sent += written({opcode::continuation, "", true});
    expected.messages.emplace_back(kind, whole);
  }
  const auto size_max = *rc::gen::element<std::size_t>(1, 3, 20, 1'000, 200'000);
  const auto sizes = *rc::gen::container<std::vector<std::size_t>>(16, rc::gen::inRange<std::size_t>(1, size_max + 1));
  std::size_t at = 0;
  RC_ASSERT(read_in_pieces(sent, [&] { return sizes[at++ % sizes.size()]; }) == expected);
}

TEST(frame_reader, a_message_that_lies_whole_in_the_input_is_given_out_where_it_lies) {
  auto sent = written({opcode::binary, "first"}) + written({opcode::binary, "second"});
  std::span<std::byte> input(reinterpret_cast<std::byte*>(sent.data()), sent.size());
  frame_reader reader;
  const auto first = reader.next(input, limit);
  ASSERT_TRUE(first && *first);
  EXPECT_EQ(static_cast<const void*>((*first)->payload.data()), sent.data() + 6);
  const auto second = reader.next(input, limit);
  ASSERT_TRUE(second && *second);
  EXPECT_EQ(as_text((*second)->payload), "second");
}

TEST(frame_reader, what_breaks_the_rules_of_websocket_is_malformed) {
  expect_malformed("\x82\x05hello"s);                                 // not masked
  expect_malformed("\x82\x00"s);                                      // nor this, which has no payload
  expect_malformed("\xC2\x80\x01\x02\x03\x04"s);                      // a reserved bit
  expect_malformed("\x83\x80\x01\x02\x03\x04"s);                      // an unknown opcode
  expect_malformed("\x8B\x80\x01\x02\x03\x04"s);                      // and one of a control frame
  expect_malformed("\x82\xFE\x00\x7D\x01\x02\x03\x04"s);              // 125 in two octets
  expect_malformed("\x82\xFF\0\0\0\0\0\0\xFF\xFF\x01\x02\x03\x04"s);  // 65,535 in eight
  expect_malformed("\x82\xFF\x80\0\0\0\0\0\0\x01\x01\x02\x03\x04"s);  // a length below zero
  expect_malformed(written({opcode::continuation, "more"}));          // of what?
  expect_malformed(written({opcode::binary, "a", false}) + written({opcode::binary, "b"}));
  expect_malformed(written({opcode::ping, "", false}));
  expect_malformed(written({opcode::ping, payload_of(126)}));
}

TEST(frame_reader, a_message_over_its_limit_is_refused_before_it_comes_and_then_passed_over) {
  const heard one_refused{{{opcode::binary, "next"}}, errc::message_too_large};
  const auto next = written({opcode::binary, "next"});
  EXPECT_EQ(read_whole(written({opcode::binary, payload_of(11)}) + next, 10), one_refused);
  EXPECT_EQ(
    read_whole(written({opcode::binary, payload_of(6), false}) + written({opcode::continuation, payload_of(5), false}) +
                 written({opcode::continuation, payload_of(2)}) + next,
               10),
    one_refused);

  auto head = written({opcode::binary, payload_of(70'000)}).substr(0, 14);
  std::span<std::byte> input(reinterpret_cast<std::byte*>(head.data()), head.size());
  frame_reader reader;
  EXPECT_EQ(reader.next(input, 10).error().code, errc::message_too_large);
}

TEST(frame_reader, a_message_at_its_limit_is_heard) {
  EXPECT_EQ(read_whole(written({opcode::binary, "01234", false}) + written({opcode::continuation, "56789"}), 10),
            (heard{{{opcode::binary, "0123456789"}}, {}}));
}

TEST(frame_reader, a_close_frame_says_nothing_or_a_code_and_a_text) {
  EXPECT_TRUE(is_close_payload({}));
  EXPECT_TRUE(is_close_payload(as_bytes("\x03\xE8"s)));           // 1000
  EXPECT_TRUE(is_close_payload(as_bytes("\x0F\xA0going"s)));      // 4000
  EXPECT_FALSE(is_close_payload(as_bytes("\x03"s)));              // half a code
  EXPECT_FALSE(is_close_payload(as_bytes("\x03\xED"s)));          // 1005 is never sent
  EXPECT_FALSE(is_close_payload(as_bytes("\x00\x10"s)));          // 16
  EXPECT_FALSE(is_close_payload(as_bytes("\x03\xE8\xFF\xFF"s)));  // not UTF-8
}

}  // namespace quire::websocket
