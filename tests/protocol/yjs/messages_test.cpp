#include "protocol/yjs/messages.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace quire::protocol::yjs {
namespace {

using namespace std::literals;

template <class Message>
Message expect_y_websocket(const std::string& frame) {
  const auto decoded = decode_y_websocket(as_bytes(frame));
  if (!decoded || !std::holds_alternative<Message>(*decoded)) {
    ADD_FAILURE() << (decoded ? "another message" : decoded.error().detail);
    return {};
  }
  return std::get<Message>(*decoded);
}

template <class Message>
Message expect_hocuspocus(const std::string& address, const std::string& frame) {
  const auto decoded = decode_hocuspocus(as_bytes(frame));
  if (!decoded || !std::holds_alternative<Message>(decoded->message)) {
    ADD_FAILURE() << (decoded ? "another message" : decoded.error().detail);
    return {};
  }
  EXPECT_EQ(decoded->address, address);
  return std::get<Message>(decoded->message);
}

errc refusal_by_y_websocket(const std::string& frame) {
  const auto decoded = decode_y_websocket(as_bytes(frame));
  return decoded ? errc::internal : decoded.error().code;
}

errc refusal_by_hocuspocus(const std::string& frame) {
  const auto decoded = decode_hocuspocus(as_bytes(frame));
  return decoded ? errc::internal : decoded.error().code;
}

std::string encoded(const server_message& message, std::optional<std::string_view> address = {}) {
  bytes out;
  encode(message, address, out);
  return std::string(as_text(out));
}

TEST(yjs_messages, a_y_websocket_client_syncs_and_says_who_is_there) {
  EXPECT_EQ(as_text(expect_y_websocket<sync_step_1>("\0\0\x01\0"s).state_vector), "\0"s);
  EXPECT_TRUE(expect_y_websocket<sync_step_1>("\0\0\x01\0"s).asks_back);
  EXPECT_EQ(as_text(expect_y_websocket<sync_step_2>("\0\x01\x02\0\0"s).update), "\0\0"s);
  EXPECT_EQ(as_text(expect_y_websocket<sync_update>("\0\x02\x03"
                                                    "abc"s)
                      .update),
            "abc");
  EXPECT_EQ(as_text(expect_y_websocket<awareness_update>("\x01\x01\0"s).entries), "\0"s);
  expect_y_websocket<query_awareness>("\x03");
}

TEST(yjs_messages, a_hocuspocus_client_names_the_document_first) {
  EXPECT_EQ(as_text(expect_hocuspocus<sync_step_1>("doc",
                                                   "\x03"
                                                   "doc\0\0\x01\0"s)
                      .state_vector),
            "\0"s);
  EXPECT_FALSE(expect_hocuspocus<sync_step_1>("doc",
                                              "\x03"
                                              "doc\x04\0\x01\0"s)
                 .asks_back);
  EXPECT_EQ(expect_hocuspocus<stateless>("doc",
                                         "\x03"
                                         "doc\x05\x02hi")
              .payload,
            "hi");
  expect_hocuspocus<stateless_broadcast>("doc",
                                         "\x03"
                                         "doc\x06\x02hi");
  expect_hocuspocus<detach>("doc",
                            "\x03"
                            "doc\x07");
  expect_hocuspocus<query_awareness>("", "\0\x03"s);
  expect_hocuspocus<ping>("", "\x09");
  expect_hocuspocus<pong>("", "\x0A");
}

TEST(yjs_messages, a_token_may_come_with_the_version_of_its_provider) {
  const auto without =
    "\x03"
    "doc\x02\0\x05token"s;
  const auto old = expect_hocuspocus<token>("doc", without);
  EXPECT_EQ(old.text, "token");
  EXPECT_EQ(old.version, "");
  const auto with = without +
                    "\x05"
                    "4.5.0";
  const auto newer = expect_hocuspocus<token>("doc", with);
  EXPECT_EQ(newer.text, "token");
  EXPECT_EQ(newer.version, "4.5.0");
}

TEST(yjs_messages, an_address_may_name_a_session_behind_the_document) {
  expect_hocuspocus<query_awareness>("doc\0k3"s,
                                     "\x06"
                                     "doc\0k3\x03"s);
  EXPECT_EQ(name_in("doc\0k3"s), "doc");
  EXPECT_EQ(name_in("doc"), "doc");
}

TEST(yjs_messages, what_a_dialect_does_not_have_is_unknown) {
  for (const auto& frame :
       {"\x02\0\x01t"s, "\x04\0\x01\0"s, "\x05\0"s, "\x09"s, "\x0B"s, "\x80\x01"s, "\x80\x02"s, "\0\x03\0"s}) {
    EXPECT_EQ(refusal_by_y_websocket(frame), errc::unknown_message) << testing::PrintToString(frame);
  }
  for (const auto& frame : {"\x01"
                            "d\x0B"s,
                            "\x01"
                            "d\x80\x02"s,
                            "\x01"
                            "d\0\x03\0"s,
                            "\x01"
                            "d\0\x80\x02\0"s,
                            "\x01"
                            "d\x02\x01\0"s,
                            "\x01"
                            "d\x09"s}) {
    EXPECT_EQ(refusal_by_hocuspocus(frame), errc::unknown_message) << testing::PrintToString(frame);
  }
}

TEST(yjs_messages, a_frame_cut_anywhere_is_refused) {
  for (const auto& frame : {"\0\0\x03"
                            "abc"s,
                            "\0\x02\x03"
                            "abc"s,
                            "\x01\x03"
                            "abc"s})
    for (std::size_t size = 0; size < frame.size(); ++size)
      EXPECT_EQ(refusal_by_y_websocket(frame.substr(0, size)), errc::malformed_message) << size;
  for (const auto& frame : {"\x03"
                            "doc\0\x02\x03"
                            "abc"s,
                            "\x03"
                            "doc\x02\0\x05token"s,
                            "\x03"
                            "doc\x05\x02hi"s})
    for (std::size_t size = 0; size < frame.size(); ++size)
      EXPECT_EQ(refusal_by_hocuspocus(frame.substr(0, size)), errc::malformed_message) << size;
}

TEST(yjs_messages, bytes_behind_a_message_are_refused) {
  EXPECT_EQ(refusal_by_y_websocket("\0\0\x01\0!"s), errc::malformed_message);
  EXPECT_EQ(refusal_by_y_websocket("\x03!"), errc::malformed_message);
  EXPECT_EQ(refusal_by_hocuspocus("\x01"
                                  "d\x07!"),
            errc::malformed_message);
}

TEST(yjs_messages, an_address_and_a_token_are_utf8) {
  EXPECT_EQ(refusal_by_hocuspocus("\x01\xFF\x03"), errc::malformed_message);
  EXPECT_EQ(refusal_by_hocuspocus("\x01"
                                  "d\x02\0\x01\xFF"s),
            errc::malformed_message);
}

TEST(yjs_messages, a_server_speaks_both_dialects) {
  const auto data = to_bytes("abc");
  EXPECT_EQ(encoded(sync_step_1{data}),
            "\0\0\x03"
            "abc"s);
  EXPECT_EQ(encoded(sync_step_2{data}),
            "\0\x01\x03"
            "abc"s);
  EXPECT_EQ(encoded(sync_update{data}),
            "\0\x02\x03"
            "abc"s);
  EXPECT_EQ(encoded(awareness_update{data}),
            "\x01\x03"
            "abc");
  EXPECT_EQ(encoded(permission_denied{"no"}), "\x02\0\x02no"s);

  EXPECT_EQ(encoded(sync_step_1{data, false}, "d"),
            "\x01"
            "d\x04\0\x03"
            "abc"s);
  EXPECT_EQ(encoded(sync_update{data}, "d\0s"sv),
            "\x03"
            "d\0s\0\x02\x03"
            "abc"s);
  EXPECT_EQ(encoded(query_awareness{}, "d"),
            "\x01"
            "d\x03");
  EXPECT_EQ(encoded(authenticated{false}, "d"),
            "\x01"
            "d\x02\x02\x0Aread-write");
  EXPECT_EQ(encoded(authenticated{true}, "d"),
            "\x01"
            "d\x02\x02\x08readonly");
  EXPECT_EQ(encoded(permission_denied{"no"}, "d"),
            "\x01"
            "d\x02\x01\x02no");
  EXPECT_EQ(encoded(token_request{}, "d"),
            "\x01"
            "d\x02\0"s);
  EXPECT_EQ(encoded(stateless{"hi"}, "d"),
            "\x01"
            "d\x05\x02hi");
  EXPECT_EQ(encoded(sync_status{true}, "d"),
            "\x01"
            "d\x08\x01");
  EXPECT_EQ(encoded(sync_status{false}, "d"),
            "\x01"
            "d\x08\0"s);
  EXPECT_EQ(encoded(closed{"why"}, "d"),
            "\x01"
            "d\x07\x03why");
  EXPECT_EQ(encoded(ping{}, "d"), "\x09");
  EXPECT_EQ(encoded(pong{}, "d"), "\x0A");
}

}  // namespace
}  // namespace quire::protocol::yjs
