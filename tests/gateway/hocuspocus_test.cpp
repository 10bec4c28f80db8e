// What a client of Hocuspocus sends and gets, byte by byte.

#include "protocol/limits.hpp"
#include "protocol/yjs/awareness.hpp"
#include "tests/fixture/gateway/http_client.hpp"
#include "tests/fixture/gateway/provider_client.hpp"
#include "tests/fixture/gateway/running_server.hpp"
#include "tests/fixture/yjs/author.hpp"

#include <gtest/gtest.h>
#include <thread>

namespace quire::gateway {

namespace {

using namespace std::literals;
namespace yjs = protocol::yjs;
using fixture::author;
using fixture::detach_frame;
using fixture::no_change;
using fixture::nothing;
using fixture::provider_client;
using fixture::provider_frame;
using fixture::running_server;
using fixture::token_frame;

/// Opens a document that has nothing yet, as a provider of version 3 does.
void open(provider_client& client, std::string_view address) {
  client.send(token_frame(address, ""));
  client.send(yjs::sync_step_1{nothing}, address);
  client.wait_for(yjs::authenticated{false}, address);
  client.wait_for(yjs::sync_step_2{no_change}, address);
}

void put_text(const running_server& server, const std::string& name) {
  EXPECT_EQ(fixture::request(server.port(), "PUT", "/v1/documents/default/" + name + "?type=text",
                             {{"If-None-Match", "*"}}, "x")
              .result_int(),
            201U);
}

}  // namespace

TEST(hocuspocus, a_document_is_authenticated_synced_and_asked_back) {
  running_server server;
  provider_client client(server.port(), "/hocuspocus");
  client.send(token_frame("plan", "any", "4.5.0"));
  client.send(yjs::sync_step_1{nothing}, "plan");
  EXPECT_EQ(client.receive(), to_bytes("\x04plan\x02\x02\x0Aread-write"sv));
  bool is_answered = false;
  bool is_asked = false;
  while (!is_answered || !is_asked) {
    const auto frame = client.receive();
    is_answered |= frame == to_bytes("\x04plan\0\x01\x02\0\0"sv);
    is_asked |= frame == to_bytes("\x04plan\0\0\x01\0"sv) || frame == to_bytes("\x04plan\x04\0\x01\0"sv);
  }
}

TEST(hocuspocus, each_update_and_each_step_2_is_acknowledged_once) {
  running_server server;
  provider_client client(server.port(), "/");
  open(client, "plan");
  author writer(1);
  const auto stored = provider_frame(yjs::sync_status{true}, "plan");
  const auto update = writer.insert(0, "a");
  client.send(yjs::sync_update{update}, "plan");
  client.send(yjs::sync_update{update}, "plan");  // nothing new
  client.send(yjs::sync_step_2{writer.insert(1, "b")}, "plan");
  client.send(yjs::sync_step_1{nothing, false}, "plan");
  int acknowledged = 0;
  for (bool is_answered = false; acknowledged < 3 || !is_answered;) {
    const auto frame = client.receive();
    acknowledged += frame == stored ? 1 : 0;
    is_answered |= as_text(frame).starts_with("\x04plan\0\x01"sv);
  }
  EXPECT_EQ(acknowledged, 3);
}

TEST(hocuspocus, without_a_token_a_document_opens_where_none_is_needed) {
  running_server server;
  provider_client client(server.port(), "/hocuspocus");
  client.send(yjs::sync_step_1{nothing}, "plan");
  while (true) {
    const auto frame = client.receive();
    ASSERT_FALSE(as_text(frame).starts_with("\x04plan\x02"sv)) << "nobody asked about a token";
    if (frame == provider_frame(yjs::sync_step_2{no_change}, "plan"))
      break;
  }
}

TEST(hocuspocus, clients_of_both_providers_edit_one_document) {
  running_server server;
  provider_client one(server.port(), "/yjs/plan");
  one.send(yjs::sync_step_1{nothing});
  one.wait_for(yjs::sync_step_2{no_change});
  provider_client other(server.port(), "/hocuspocus");
  open(other, "plan");
  author writer(1);
  const auto first = writer.insert(0, "from one");
  one.send(yjs::sync_update{first});
  other.wait_for(yjs::sync_update{first}, "plan");
  const auto second = writer.insert(0, "to the other");
  other.send(yjs::sync_update{second}, "plan");
  one.wait_for(yjs::sync_update{second});
}

TEST(hocuspocus, of_several_documents_on_a_connection_one_is_refused_and_the_others_work) {
  running_server server;
  put_text(server, "note");
  provider_client client(server.port(), "/hocuspocus");
  provider_client other(server.port(), "/hocuspocus");
  for (const auto* address : {"one", "note", "two"}) {
    client.send(token_frame(address, ""));
    client.send(yjs::sync_step_1{nothing}, address);
  }
  EXPECT_TRUE(client.wait_for_denial("note").starts_with("type_mismatch"));
  for (const auto* address : {"one", "two"}) {
    open(other, address);
    author writer(1);
    const auto update = writer.insert(0, address);
    client.send(yjs::sync_update{update}, address);
    other.wait_for(yjs::sync_update{update}, address);
  }
}

TEST(hocuspocus, an_address_with_a_session_is_answered_with_it) {
  running_server server;
  const auto first = "plan\0first"s;
  const auto second = "plan\0second"s;
  provider_client one(server.port(), "/hocuspocus");
  provider_client other(server.port(), "/hocuspocus");
  open(one, first);
  open(other, second);
  author writer(1);
  const auto update = writer.insert(0, "hello");
  one.send(yjs::sync_update{update}, first);
  other.wait_for(yjs::sync_update{update}, second);
  one.wait_for(yjs::sync_status{true}, first);
}

TEST(hocuspocus, a_document_is_open_once_on_a_connection) {
  running_server server;
  provider_client client(server.port(), "/hocuspocus");
  open(client, "plan\0first"s);
  client.send(token_frame("plan\0second"s, ""));
  EXPECT_TRUE(client.wait_for_denial("plan\0second"s).starts_with("too_many_documents"));
}

TEST(hocuspocus, a_document_that_was_left_is_heard_of_no_more_and_can_be_opened_again) {
  running_server server;
  provider_client client(server.port(), "/hocuspocus");
  provider_client other(server.port(), "/hocuspocus");
  open(other, "plan");
  author writer(1);
  const auto before = writer.insert(0, "before");
  open(client, "plan\0first"s);
  client.send(yjs::sync_update{before}, "plan\0first"s);
  client.send(detach_frame("plan\0first"s));
  client.send(token_frame("plan\0second"s, ""));  // at once: it waits until the first is closed
  client.send(yjs::sync_step_1{nothing}, "plan\0second"s);
  client.wait_for(yjs::authenticated{false}, "plan\0second"s);
  other.wait_for(yjs::sync_update{before}, "plan");  // nothing of what came before was lost
  const auto after = writer.insert(0, "after");
  other.send(yjs::sync_update{after}, "plan");
  const auto to_first = provider_frame(yjs::sync_update{after}, "plan\0first"s);
  const auto to_second = provider_frame(yjs::sync_update{after}, "plan\0second"s);
  for (auto frame = client.receive(); frame != to_second; frame = client.receive())
    EXPECT_NE(frame, to_first);
}

TEST(hocuspocus, one_that_is_left_while_it_opens_can_be_opened_again) {
  running_server server;
  provider_client client(server.port(), "/hocuspocus");
  for (int times = 0; times < 20; ++times) {
    client.send(token_frame("plan", ""));
    client.send(yjs::sync_step_1{nothing}, "plan");
    client.send(detach_frame("plan"));
  }
  open(client, "plan");
  author writer(1);
  client.send(yjs::sync_update{writer.insert(0, "x")}, "plan");
  client.wait_for(yjs::sync_status{true}, "plan");
}

TEST(hocuspocus, awareness_goes_when_its_connection_does) {
  running_server server;
  provider_client watcher(server.port(), "/hocuspocus");
  open(watcher, "plan");
  const auto entries_of = [](std::string_view state) {
    bytes entries;
    const yjs::awareness_entry one{7, 3, state};
    yjs::encode_awareness({&one, 1}, entries);
    return entries;
  };
  provider_client person(server.port(), "/hocuspocus");
  open(person, "plan");
  person.send(yjs::awareness_update{entries_of(R"({"name":"Ada"})")}, "plan");
  watcher.wait_for(yjs::awareness_update{entries_of(R"({"name":"Ada"})")}, "plan");
  person.vanish();
  watcher.wait_for(yjs::awareness_update{entries_of("null")}, "plan");
}

TEST(hocuspocus, a_ping_is_answered) {
  running_server server;
  provider_client client(server.port(), "/hocuspocus");
  client.send(to_bytes("\x09"sv));
  client.wait_for(to_bytes("\x0A"sv));
}

TEST(hocuspocus, a_client_that_only_listens_gets_messages) {
  settings set;
  set.provider_message_interval = 20ms;
  running_server server(set);
  provider_client client(server.port(), "/hocuspocus");
  client.wait_for(yjs::awareness_update{nothing}, "");  // no document is open: of none
  open(client, "plan");
  for (int times = 0; times < 5; ++times)
    client.wait_for(yjs::awareness_update{nothing}, "plan");
}

TEST(hocuspocus, a_bad_message_closes_its_document_and_no_other) {
  running_server server;
  provider_client client(server.port(), "/hocuspocus");
  open(client, "bad");
  open(client, "good");
  client.send(
    to_bytes("\x03"
             "bad\0\x02\x05xx"sv));
  EXPECT_TRUE(client.wait_for_closed("bad").starts_with("malformed_message"));
  client.send(
    to_bytes("\x03"
             "new\x3F"sv));
  EXPECT_TRUE(client.wait_for_denial("new").starts_with("unknown_message"));
  open(client, "rude");
  client.send(to_bytes("\x04rude\x06\x02hi"sv));
  EXPECT_TRUE(client.wait_for_closed("rude").starts_with("forbidden"));
  author writer(1);
  client.send(yjs::sync_update{writer.insert(0, "x")}, "good");
  client.wait_for(yjs::sync_status{true}, "good");
}

TEST(hocuspocus, a_frame_of_no_document_has_the_client_sync_anew) {
  running_server server;
  for (const auto frame : {"\x05xx"sv, "\0\x07x"sv, "\x80"sv}) {
    provider_client client(server.port(), "/hocuspocus");
    client.send(to_bytes(frame));
    EXPECT_EQ(client.wait_for_close(), 4205) << testing::PrintToString(frame);
  }
  provider_client texting(server.port(), "/hocuspocus");
  texting.send_text("hello");
  EXPECT_EQ(texting.wait_for_close(), 4205);
}

TEST(hocuspocus, a_frame_that_is_too_large_is_called_that) {
  running_server server;
  provider_client client(server.port(), "/hocuspocus");
  open(client, "plan");
  client.send_too_much(bytes(limits::provider_frame_bytes_max + 1));
  EXPECT_EQ(client.wait_for_close(), 1009);
}

TEST(hocuspocus, a_document_too_many_is_denied_and_the_others_work) {
  running_server server;
  provider_client client(server.port(), "/hocuspocus");
  for (std::size_t number = 0; number < limits::documents_a_connection_max; ++number)
    client.send(token_frame("plan" + std::to_string(number), ""));
  client.send(token_frame("one more", ""));
  EXPECT_TRUE(client.wait_for_denial("one more").starts_with("too_many_documents"));
  client.send(yjs::sync_step_1{nothing}, "plan7");
  client.wait_for(yjs::sync_step_2{no_change}, "plan7");
}

TEST(hocuspocus, a_document_that_is_deleted_is_closed_and_the_others_work) {
  running_server server;
  provider_client client(server.port(), "/hocuspocus");
  open(client, "plan");
  open(client, "other");
  author writer(1);
  client.send(yjs::sync_update{writer.insert(0, "x")}, "plan");
  client.wait_for(yjs::sync_status{true}, "plan");
  EXPECT_EQ(fixture::request(server.port(), "DELETE", "/v1/documents/default/plan").result_int(), 204U);
  EXPECT_TRUE(client.wait_for_closed("plan").starts_with("document_deleted"));
  author other(2);
  client.send(yjs::sync_update{other.insert(0, "x")}, "other");
  client.wait_for(yjs::sync_status{true}, "other");
}

}  // namespace quire::gateway
