#include "protocol/codec.hpp"
#include "protocol/errors.hpp"
#include "protocol/limits.hpp"
#include "tests/fixture/gateway/server_under_attack.hpp"

namespace quire::gateway {

namespace {

using namespace std::string_literals;
using fixture::websocket_client;

bytes encoded(const protocol::client_message& message) {
  bytes out;
  protocol::encode(message, out);
  return out;
}

class bad_frames : public fixture::server_under_attack {
 protected:
  /// What somebody sends is answered with this error: as a word of farewell, and as the close code of its table.
  static void expect_farewell(websocket_client& attacker, errc code) {
    const auto heard = attacker.wait_for_close();
    ASSERT_TRUE(heard.said) << "no bye";
    EXPECT_EQ(describe(heard.said->code).name, describe(code).name) << heard.said->detail;
    EXPECT_EQ(heard.close_code, describe(code).close_code);
  }

  void expect_refusal(const std::string& frame, errc code) {
    websocket_client attacker(server_.port());
    attacker.greet();
    attacker.send_frame(as_bytes(frame));
    pair_.wait_for_a_round();
    expect_farewell(attacker, code);
  }
};

}  // namespace

TEST_F(bad_frames, garbage_is_malformed) {
  expect_refusal("\xC1\xFF\x00garbage"s, errc::malformed_message);
  expect_refusal("GET / HTTP/1.1\r\n\r\n", errc::malformed_message);
  expect_refusal(std::string(100'000, '\xFF'), errc::malformed_message);
}

TEST_F(bad_frames, an_empty_frame_is_malformed) {
  expect_refusal("", errc::malformed_message);
}

TEST_F(bad_frames, a_text_frame_is_refused_for_what_it_is) {
  websocket_client attacker(server_.port());
  attacker.greet();
  attacker.send_text("{\"hello\":true}");
  expect_farewell(attacker, errc::text_frame);
}

TEST_F(bad_frames, a_message_that_is_cut_off_is_malformed) {
  const auto whole = encoded(protocol::open{1, {"default", "x"}, "text", {}});
  for (std::size_t size = 1; size < whole.size(); size += 5)
    expect_refusal(std::string(as_text(whole).substr(0, size)), errc::malformed_message);
}

TEST_F(bad_frames, a_message_with_something_after_it_is_malformed) {
  expect_refusal(std::string(as_text(encoded(protocol::ping{1}))) + "\xC1"s, errc::malformed_message);
}

TEST_F(bad_frames, huge_declared_lengths_are_malformed) {
  expect_refusal("\xDD\xFF\xFF\xFF\xFF"s, errc::malformed_message);
  expect_refusal("\x95\x03\x01\x01\x00\xC6\xFF\xFF\xFF\xFF"s, errc::malformed_message);
  expect_refusal("\x95\x02\x01\xDD\xFF\xFF\xFF\xFF"s, errc::malformed_message);
}

TEST_F(bad_frames, a_nesting_bomb_is_malformed) {
  expect_refusal("\x93\x05\x01"s + std::string(1'000'000, '\x91'), errc::malformed_message);
  expect_refusal(std::string(2'000'000, '\x91'), errc::malformed_message);
}

TEST_F(bad_frames, an_unknown_type_of_message_is_named_so) {
  expect_refusal("\x92\x2A\x01"s, errc::unknown_message);
}

TEST_F(bad_frames, too_many_messages_in_a_frame_are_malformed) {
  bytes frame;
  for (std::size_t count = 0; count <= limits::messages_a_frame_max; ++count)
    protocol::encode(protocol::client_message(protocol::pong{count}), frame);
  expect_refusal(std::string(as_text(frame)), errc::malformed_message);
}

TEST_F(bad_frames, as_many_messages_in_a_frame_as_may_be_are_all_taken) {
  websocket_client client(server_.port());
  client.greet();
  std::vector<protocol::client_message> many(limits::messages_a_frame_max - 1, protocol::pong{});
  many.emplace_back(protocol::ping{7});
  client.send_all(many);
  EXPECT_EQ(client.next<protocol::pong>().nonce, 7U);
}

TEST_F(bad_frames, a_frame_over_its_limit_is_too_large) {
  expect_refusal(std::string(limits::frame_bytes_max + 1, '\x01'), errc::message_too_large);
}

TEST_F(bad_frames, a_token_over_its_limit_is_too_large) {
  websocket_client attacker(server_.port());
  protocol::hello hello;
  hello.client = attacker.id();
  hello.token = std::string(limits::token_bytes_max + 1, 't');
  attacker.send(hello);
  expect_farewell(attacker, errc::message_too_large);
}

TEST_F(bad_frames, whatever_comes_before_hello_is_refused) {
  for (const protocol::client_message& early :
       {protocol::client_message(protocol::open{1, {"default", "x"}, "text", {}}),
        protocol::client_message(protocol::edit{document_number(1), client_sequence(1), {}, {}}),
        protocol::client_message(protocol::ping{1})}) {
    websocket_client attacker(server_.port());
    attacker.send(early);
    expect_farewell(attacker, errc::hello_expected);
  }
}

TEST_F(bad_frames, a_second_hello_is_refused) {
  websocket_client attacker(server_.port());
  attacker.greet();
  protocol::hello again;
  again.client = attacker.id();
  attacker.send(again);
  expect_farewell(attacker, errc::already_greeted);
}

TEST_F(bad_frames, a_version_that_is_not_spoken_is_refused) {
  websocket_client attacker(server_.port());
  protocol::hello hello;
  hello.version_min = hello.version_max = 99;
  hello.client = attacker.id();
  attacker.send(hello);
  expect_farewell(attacker, errc::unsupported_version);
}

}  // namespace quire::gateway
