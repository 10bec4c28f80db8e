#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

#include <gtest/gtest.h>
#include <string>

namespace quire::protocol {
namespace {

using namespace std::string_literals;

error refusal(const std::string& data) {
  auto frame = as_bytes(data);
  const auto outcome = decode_client_message(frame);
  return outcome ? error{errc::internal, "it was accepted"} : outcome.error();
}

error server_refusal(const std::string& data) {
  auto frame = as_bytes(data);
  const auto outcome = decode_server_message(frame);
  return outcome ? error{errc::internal, "it was accepted"} : outcome.error();
}

error malformed(std::string detail) {
  return {errc::malformed_message, std::move(detail)};
}

const auto id = "\xC4\x10"s + std::string(16, 'i');

std::string big_text(std::size_t size) {
  return "\xDA"s + static_cast<char>(size >> 8) + static_cast<char>(size & 0xFF) + std::string(size, 't');
}

TEST(codec_refusals, the_detail_names_the_message_the_field_and_what_must_be) {
  EXPECT_EQ(refusal("\x95\x03\x01\x01\xA1x\xC4\x00"s), malformed("edit: field 3 (base) must be an unsigned integer"));
  EXPECT_EQ(refusal("\x95\x03\x01\x01\xFF\xC4\x00"s), malformed("edit: field 3 (base) must be an unsigned integer"));
  EXPECT_EQ(refusal("\x95\x03\x01\x01\x00\xA1x"s), malformed("edit: field 4 (operation) must be a binary"));
  EXPECT_EQ(refusal("\x95\x03\x01\x00\x00\xC4\x00"s),
            malformed("edit: field 2 (sequence) must be from 1 to 4294967295"));
  EXPECT_EQ(refusal("\x94\x03\x01\x01\x00"s), malformed("edit: has 3 fields instead of 4"));
  EXPECT_EQ(refusal("\x97\x01\x01\x01\xC4\x02xy\xA0\xC4\x00\xA0"s),
            malformed("hello: field 3 (client) must be a binary of 16 bytes"));
}

TEST(codec_refusals, the_detail_names_the_place_within_nested_records) {
  EXPECT_EQ(refusal("\x95\x02\x01\x92\xA1o\x07\xA4text\xC0"s),
            malformed("open: field 2 (document) field 2 (name) must be a string"));
  EXPECT_EQ(refusal("\x95\x02\x01\x92\xA1o\xA1n\xA4text\x92\x00\x00"s),
            malformed("open: field 4 (since) field 1 (generation) must be from 1 to 4294967295"));
  EXPECT_EQ(server_refusal("\x94\x43\x01\x01\x92\x93"s + id + "\x01\xC4\x00\x93"s + id + "\xC3\xC4\x00"s),
            malformed("edits: field 3 (run) entry 2 field 2 (sequence) must be an unsigned integer"));
}

TEST(codec_refusals, what_is_no_message_is_refused) {
  EXPECT_EQ(refusal(""), malformed("a message is missing: the frame is empty"));
  EXPECT_EQ(refusal("\x81\x01\x02"s), malformed("a message must be an array"));
  EXPECT_EQ(refusal("hello"), malformed("a message must be an array"));
  EXPECT_EQ(refusal("\x90"s), malformed("a message has no type: the array is empty"));
  EXPECT_EQ(refusal("\x91\xA4text"s), malformed("a message must begin with its type, an unsigned integer"));
  EXPECT_EQ(refusal("\xDD\xFF\xFF\xFF\xFF\x01"s), malformed("a message is cut off"));
}

TEST(codec_refusals, a_type_that_does_not_go_this_way_is_unknown) {
  const error expected{errc::unknown_message, "no message of type 67 goes this way"};
  EXPECT_EQ(refusal("\x94\x43\x01\x01\x90"s), expected);
  EXPECT_EQ(server_refusal("\x92\x05\x01"s).code, errc::unknown_message);
  EXPECT_EQ(refusal("\x92\xCF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"s).code, errc::unknown_message);
}

TEST(codec_refusals, a_message_of_an_unknown_type_can_be_passed_over) {
  const auto data = "\x93\x7F\xA3new\x91\x01\x92\x48\x07"s;
  auto frame = as_bytes(data);
  EXPECT_EQ(decode_server_message(frame).error().code, errc::unknown_message);
  EXPECT_EQ(decode_server_message(frame), server_message{resync{document_number{7}}});
  EXPECT_EQ(server_refusal("\x93\x7F\xA3new\xC1"s).code, errc::malformed_message);
}

TEST(codec_refusals, a_declared_length_beyond_the_bytes_is_refused_without_allocating_for_it) {
  EXPECT_EQ(refusal("\x95\x03\x01\x01\x00\xC6\xFF\xFF\xFF\xFFxx"s), malformed("edit: field 4 (operation) is cut off"));
  EXPECT_EQ(server_refusal("\x94\x43\x01\x01\xDD\xFF\xFF\xFF\xFF"s), malformed("edits: field 3 (run) is cut off"));
  EXPECT_EQ(server_refusal("\x94\x43\x01\x01\xDC\x00\x03\x90\x90\x90"s),
            malformed("edits: field 3 (run) entry 1 has 0 fields instead of 3"));
}

TEST(codec_refusals, strings_and_tokens_over_their_limit_are_too_large) {
  const auto hello_with = [](const std::string& token, const std::string& resume) {
    return "\x97\x01\x01\x01"s + id + token + resume + "\xA0"s;
  };
  EXPECT_EQ(refusal(hello_with(big_text(limits::token_bytes_max), "\xC4\x00"s)).detail, "it was accepted");
  EXPECT_EQ(refusal(hello_with(big_text(limits::token_bytes_max + 1), "\xC4\x00"s)),
            (error{errc::message_too_large, "hello: field 4 (token) has 8193 bytes; 8192 are allowed"}));
  EXPECT_EQ(refusal(hello_with("\xA0"s, "\xC4\x41"s + std::string(65, 'r'))).code, errc::message_too_large);
}

TEST(codec_refusals, what_a_client_says_of_itself_and_a_type_are_taken_up_to_their_limits) {
  const auto text_of = [](std::size_t size) { return "\xD9"s + static_cast<char>(size) + std::string(size, 'a'); };
  const auto binary_of = [](std::size_t size) { return "\xC4"s + static_cast<char>(size) + std::string(size, 'r'); };
  const auto hello = [](const std::string& resume, const std::string& agent) {
    return "\x97\x01\x01\x01"s + id + "\xA0"s + resume + agent;
  };
  const auto open_as = [](const std::string& type) { return "\x95\x02\x01\x92\xA1o\xA1n"s + type + "\xC0"s; };
  EXPECT_EQ(refusal(hello(binary_of(64), text_of(128))).detail, "it was accepted");
  EXPECT_EQ(refusal(hello(binary_of(65), text_of(128))),
            (error{errc::message_too_large, "hello: field 5 (resume) has 65 bytes; 64 are allowed"}));
  EXPECT_EQ(refusal(hello(binary_of(64), text_of(129))),
            (error{errc::message_too_large, "hello: field 6 (agent) has 129 bytes; 128 are allowed"}));
  EXPECT_EQ(refusal(open_as(text_of(32))).detail, "it was accepted");
  EXPECT_EQ(refusal(open_as(text_of(33))),
            (error{errc::message_too_large, "open: field 3 (type) has 33 bytes; 32 are allowed"}));
}

TEST(codec_refusals, an_agent_over_its_limit_is_cut_by_the_encoder) {
  hello greeting;
  greeting.agent = std::string(limits::agent_bytes_max - 1, 'a') + "éz";
  bytes data;
  encode(client_message{greeting}, data);
  bytes_view frame{data};
  const auto again = decode_client_message(frame);
  ASSERT_TRUE(again.has_value()) << again.error().detail;
  EXPECT_EQ(std::get<hello>(*again).agent, std::string(limits::agent_bytes_max - 1, 'a'));
}

TEST(codec_refusals, a_frame_over_its_limit_is_too_large) {
  const auto edit_in_a_frame_of = [](std::size_t size) {
    const auto length = size - 10;
    std::string data = "\x95\x03\x01\x01\x00\xC6"s;
    for (const int shift : {24, 16, 8, 0})
      data += static_cast<char>(length >> shift & 0xFF);
    return data + std::string(length, 'o');
  };
  EXPECT_EQ(refusal(edit_in_a_frame_of(limits::frame_bytes_max)).detail, "it was accepted");
  EXPECT_EQ(refusal(edit_in_a_frame_of(limits::frame_bytes_max + 1)).code, errc::message_too_large);
}

TEST(codec_refusals, strings_must_be_valid_utf8) {
  EXPECT_EQ(refusal("\x95\x02\x01\x92\xA1o\xA2\xC0\x80\xA4text\xC0"s),
            malformed("open: field 2 (document) field 2 (name) must be valid UTF-8"));
}

TEST(codec_refusals, numbers_that_javascript_cannot_count_are_refused) {
  EXPECT_EQ(refusal("\x92\x05\xCF\x00\x1F\xFF\xFF\xFF\xFF\xFF\xFF"s).detail, "it was accepted");
  EXPECT_EQ(refusal("\x92\x05\xCF\x00\x20\x00\x00\x00\x00\x00\x00"s),
            malformed("close: field 1 (document) must be from 0 to 9007199254740991"));
}

TEST(codec_refusals, numbers_in_wider_or_signed_forms_are_the_same_numbers) {
  for (const auto& five :
       {"\x05"s, "\xCC\x05"s, "\xCD\x00\x05"s, "\xCE\x00\x00\x00\x05"s, "\xD0\x05"s, "\xD1\x00\x05"s}) {
    const auto data = "\x92\x05"s + five;
    auto frame = as_bytes(data);
    EXPECT_EQ(decode_client_message(frame), client_message{close{document_number{5}}});
  }
}

TEST(codec_refusals, later_fields_may_nest_only_so_deep) {
  const auto close_and = [](std::size_t arrays) { return "\x93\x05\x01"s + std::string(arrays, '\x91') + "\xC0"s; };
  EXPECT_EQ(refusal(close_and(limits::nesting_max - 1)).detail, "it was accepted");
  EXPECT_EQ(refusal(close_and(limits::nesting_max)), malformed("close: a field that is not known is nested too deep"));
  EXPECT_EQ(refusal("\x93\x05\x01"s + std::string(1'000'000, '\x91')),
            malformed("close: a field that is not known is nested too deep"));
  EXPECT_EQ(refusal("\x93\x05\x01\xC1"s), malformed("close: a field that is not known must be a MessagePack value"));
}

TEST(codec_refusals, a_detail_over_its_limit_is_cut_between_characters_by_the_encoder) {
  std::string detail = "x";
  while (detail.size() <= limits::detail_bytes_max)
    detail += "é";
  bytes data;
  encode(server_message{closed{document_number{1}, errc::internal, detail}}, data);
  bytes_view frame{data};
  const auto again = decode_server_message(frame);
  ASSERT_TRUE(again.has_value()) << again.error().detail;
  EXPECT_EQ(std::get<closed>(*again).detail, detail.substr(0, limits::detail_bytes_max - 1));
}

}  // namespace
}  // namespace quire::protocol
