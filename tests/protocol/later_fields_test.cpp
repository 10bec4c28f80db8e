// What a peer of a later version adds to the records within a message.

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "protocol/msgpack_reader.hpp"

#include <gtest/gtest.h>

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

namespace quire::protocol {
namespace {

client_id client(std::uint8_t number) {
  client_id id;
  id.octets.fill(number);
  return id;
}

/// What a later field may be; each nests one deep at most.
const std::array<std::string, 6> later_values{"\xC0", "\x05", "\xA3new", "\xC4\x02xy", "\x92\x01\x02", "\x81\xA1k\x03"};

template <class Message>
bytes encoded(const Message& message) {
  bytes out;
  encode(message, out);
  return out;
}

/// `message` with `value` at the end of the record that `path` leads to: an index in each array, from the message's on.
bytes with_later_field(bytes message, std::initializer_list<std::uint32_t> path, std::string_view value) {
  msgpack_reader in{message};
  std::uint32_t count = 0;
  for (const auto index : path) {
    EXPECT_EQ(in.read_array(count), reading::good);
    EXPECT_LT(index, count);
    for (std::uint32_t i = 0; i < index; ++i)
      EXPECT_EQ(in.skip(limits::nesting_max), reading::good);
  }
  const auto header = message.size() - in.rest().size();
  EXPECT_EQ(in.read_array(count), reading::good);
  for (std::uint32_t i = 0; i < count; ++i)
    EXPECT_EQ(in.skip(limits::nesting_max), reading::good);
  const auto end = message.size() - in.rest().size();
  message[header] = static_cast<std::byte>(0x90U + count + 1);
  const auto added = as_bytes(value);
  message.insert(message.begin() + static_cast<std::ptrdiff_t>(end), added.begin(), added.end());
  return message;
}

void expect_passed_over(const server_message& message, std::initializer_list<std::uint32_t> path) {
  for (const auto& value : later_values) {
    const auto later = with_later_field(encoded(message), path, value);
    bytes_view frame{later};
    const auto read = decode_server_message(frame);
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(*read, message);
    EXPECT_TRUE(frame.empty());
  }
}

void expect_passed_over(const client_message& message, std::initializer_list<std::uint32_t> path) {
  for (const auto& value : later_values) {
    const auto later = with_later_field(encoded(message), path, value);
    bytes_view frame{later};
    const auto read = decode_client_message(frame);
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(*read, message);
    EXPECT_TRUE(frame.empty());
  }
}

TEST(later_fields, the_limits_of_a_welcome_may_have_more) {
  expect_passed_over(server_message{welcome{1, {1, 2, 3, 4, 5}, to_bytes("resume"), std::chrono::seconds{5}}}, {2});
}

TEST(later_fields, each_edit_of_a_run_may_have_more) {
  const server_message run = edits{
    document_number{7},
    revision{10},
    {{client(1), client_sequence{1}, share(to_bytes("one"))}, {client(2), client_sequence{4}, share(to_bytes("two"))}}};
  expect_passed_over(run, {3, 0});
  expect_passed_over(run, {3, 1});
}

TEST(later_fields, each_entry_of_presence_may_have_more) {
  const server_message changes = presence_changes{
    document_number{7},
    {{presence_id{1}, client(1), to_bytes("cursor"), to_bytes("state")}, {presence_id{2}, client(2), {}, {}}}};
  expect_passed_over(changes, {2, 0});
  expect_passed_over(changes, {2, 1});
}

TEST(later_fields, the_name_and_the_position_of_an_open_may_have_more) {
  const client_message asked = open{1, {"default", "notes"}, "text", position{generation{1}, revision{42}}};
  expect_passed_over(asked, {2});
  expect_passed_over(asked, {4});
}

TEST(later_fields, a_later_field_that_nests_too_deep_is_refused) {
  const server_message run =
    edits{document_number{7}, revision{10}, {{client(1), client_sequence{1}, share(to_bytes("one"))}}};
  const auto levels_left = limits::nesting_max - 3;  // The message, the run, the edit.
  for (const auto levels : {levels_left, levels_left + 1}) {
    auto value = std::string(levels - 1, '\x91') + '\x90';
    const auto later = with_later_field(encoded(run), {3, 0}, value);
    bytes_view frame{later};
    EXPECT_EQ(decode_server_message(frame).has_value(), levels == levels_left);
  }
}

}  // namespace
}  // namespace quire::protocol
