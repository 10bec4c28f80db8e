// What a client of y-websocket sends and gets, byte by byte.

#include "protocol/errors.hpp"
#include "protocol/yjs/awareness.hpp"
#include "tests/fixture/gateway/asked_authenticator.hpp"
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
using fixture::no_change;
using fixture::nothing;
using fixture::provider_client;
using fixture::running_server;

bytes awareness_of(std::uint64_t client, std::uint64_t clock, std::string_view state) {
  bytes entries;
  const yjs::awareness_entry one{client, clock, state};
  yjs::encode_awareness({&one, 1}, entries);
  return entries;
}

/// Syncs with a document that has nothing yet.
void sync_empty(provider_client& client) {
  client.send(yjs::sync_step_1{nothing});
  client.wait_for(yjs::sync_step_2{no_change});
}

}  // namespace

TEST(y_websocket, step_1_is_answered_with_step_2_and_asked_back) {
  running_server server;
  provider_client client(server.port(), "/yjs/plan");
  client.send(yjs::sync_step_1{nothing});
  bool is_answered = false;
  bool is_asked = false;
  while (!is_answered || !is_asked) {
    const auto frame = client.receive();
    is_answered |= frame == to_bytes("\0\x01\x02\0\0"sv);
    is_asked |= frame == to_bytes("\0\0\x01\0"sv);
  }
}

TEST(y_websocket, an_update_reaches_who_has_the_document_open) {
  running_server server;
  provider_client one(server.port(), "/yjs/plan");
  provider_client other(server.port(), "/plan");  // the same, without a prefix
  sync_empty(other);
  author writer(1);
  const auto update = writer.insert(0, "hello");
  one.send(yjs::sync_update{update});
  other.wait_for(yjs::sync_update{update});
}

TEST(y_websocket, what_is_sent_before_the_document_is_open_is_not_lost) {
  running_server server;
  author writer(1);
  provider_client one(server.port(), "/yjs/plan");
  one.send(yjs::sync_step_1{nothing});
  const auto update = writer.insert(0, "early");
  one.send(yjs::sync_update{update});
  provider_client late(server.port(), "/yjs/plan");
  // Until it is stored it is not told to others: then it comes with step 2, or after it.
  late.send(yjs::sync_step_1{nothing});
  while (true) {
    const auto frame = late.receive();
    if (frame == fixture::provider_frame(yjs::sync_step_2{update}) ||
        frame == fixture::provider_frame(yjs::sync_update{update}))
      break;
  }
}

TEST(y_websocket, awareness_reaches_others_and_goes_when_its_connection_does) {
  running_server server;
  provider_client watcher(server.port(), "/yjs/plan");
  sync_empty(watcher);
  {
    provider_client person(server.port(), "/yjs/plan");
    person.send(yjs::awareness_update{awareness_of(7, 3, R"({"name":"Ada"})")});
    watcher.wait_for(yjs::awareness_update{awareness_of(7, 3, R"({"name":"Ada"})")});
    person.vanish();
  }
  watcher.wait_for(yjs::awareness_update{awareness_of(7, 3, "null")});
}

TEST(y_websocket, a_client_that_only_listens_gets_messages_and_stays) {
  settings set;
  set.provider_message_interval = 20ms;
  set.keepalive_interval = 50ms;
  set.silence_max = 400ms;
  running_server server(set);
  provider_client client(server.port(), "/yjs/plan");
  sync_empty(client);
  for (int times = 0; times < 50; ++times)
    client.wait_for(to_bytes("\x01\x01\0"sv));
}

TEST(y_websocket, a_client_that_answers_no_ping_is_closed_and_may_come_back) {
  settings set;
  set.keepalive_interval = 20ms;
  set.silence_max = 100ms;
  running_server server(set);
  provider_client client(server.port(), "/yjs/plan");
  while (server.metric(R"(quire_refusals_total{error="silent"})") < 1)
    std::this_thread::yield();
  EXPECT_EQ(client.wait_for_close(), describe(errc::silent).close_code);
  EXPECT_GE(describe(errc::silent).close_code, 4500);
}

TEST(y_websocket, a_bad_frame_closes_its_sender_for_good_and_nobody_else) {
  running_server server;
  provider_client witness(server.port(), "/yjs/plan");
  sync_empty(witness);
  for (const auto frame : {"\x07"sv, "\0\x05\x01\0"sv, "\0\x02\x05xx"sv, "\x01"sv, "\x05\x01x"sv}) {
    provider_client bad(server.port(), "/yjs/plan");
    bad.send(to_bytes(frame));
    EXPECT_EQ(bad.wait_for_close(), 4400) << testing::PrintToString(frame);
  }
  provider_client texting(server.port(), "/yjs/plan");
  texting.send_text("hello");
  EXPECT_EQ(texting.wait_for_close(), 4400);
  provider_client good(server.port(), "/yjs/plan");
  author writer(1);
  const auto update = writer.insert(0, "still here");
  good.send(yjs::sync_update{update});
  witness.wait_for(yjs::sync_update{update});
}

TEST(y_websocket, a_document_of_another_type_is_refused_for_good) {
  running_server server;
  EXPECT_EQ(
    fixture::request(server.port(), "PUT", "/v1/documents/default/note?type=text", {{"If-None-Match", "*"}}, "x")
      .result_int(),
    201U);
  EXPECT_EQ(provider_client(server.port(), "/yjs/note").wait_for_close(), 4415);
}

TEST(y_websocket, a_path_names_a_document_whatever_characters_it_has) {
  running_server server;
  author writer(1);
  const auto update = writer.insert(0, "named");
  provider_client one(server.port(), "/yjs/team/a%2Fb%20c%25");
  one.send(yjs::sync_update{update});
  provider_client other(server.port(), "/team%2Fa/b%20c%");
  other.send(yjs::sync_step_1{nothing});
  while (true) {
    const auto frame = other.receive();
    if (frame == fixture::provider_frame(yjs::sync_step_2{update}) ||
        frame == fixture::provider_frame(yjs::sync_update{update}))
      break;
  }
  EXPECT_EQ(fixture::request(server.port(), "GET", "/v1/documents/default/team%2Fa%2Fb%20c%25").result_int(), 200U);
}

TEST(y_websocket, a_name_that_no_document_may_have_is_refused_for_good) {
  running_server server;
  EXPECT_EQ(provider_client(server.port(), "/yjs/").wait_for_close(), 4404);
  EXPECT_EQ(provider_client(server.port(), "/a%00b").wait_for_close(), 4404);
  EXPECT_EQ(provider_client(server.port(), "/" + std::string(600, 'x')).wait_for_close(), 4404);
}

TEST(y_websocket, of_the_subprotocols_that_are_offered_the_first_is_chosen) {
  running_server server;
  EXPECT_EQ(provider_client(server.port(), {"/yjs/plan", "one, two", {}, 0}).subprotocol(), "one");
  EXPECT_EQ(provider_client(server.port(), "/yjs/plan").subprotocol(), "");
}

TEST(y_websocket, pages_of_other_origins_may_not_connect) {
  running_server server;
  EXPECT_THROW(provider_client(server.port(), {"/yjs/plan", {}, "https://evil.example", 0}), std::exception);
  const auto own = "http://127.0.0.1:" + std::to_string(server.port());
  EXPECT_NO_THROW(provider_client(server.port(), {"/yjs/plan", {}, own, 0}));
}

TEST(y_websocket, the_token_of_the_query_decides) {
  const auto gate = std::make_shared<fixture::asked_authenticator>();
  running_server server(fixture::with_gate(gate));
  provider_client liar(server.port(), "/yjs/plan?token=a%20b");
  const auto asked = gate->answer_next(fail(errc::unauthenticated, "no"));
  EXPECT_EQ(asked.token, "a b");
  EXPECT_EQ(asked.document, (document_name{"default", "plan"}));
  EXPECT_EQ(asked.dialect, protocol::dialect::y_websocket);
  EXPECT_EQ(liar.wait_for_close(), 4401);

  provider_client stranger(server.port(), "/yjs/plan");
  EXPECT_EQ(gate->answer_next(fail(errc::forbidden, "no")).token, "");
  EXPECT_EQ(stranger.wait_for_close(), 4403);

  provider_client friendly(server.port(), "/yjs/plan?token=good");
  friendly.send(yjs::sync_step_1{nothing});
  static_cast<void>(gate->answer_next(access{"ada", false}));
  friendly.wait_for(yjs::sync_step_2{no_change});

  provider_client endless(server.port(), "/yjs/plan?token=" + std::string(limits::token_bytes_max + 1, 'x'));
  EXPECT_EQ(endless.wait_for_close(), 4401);
}

TEST(y_websocket, who_may_only_read_changes_nothing) {
  const auto gate = std::make_shared<fixture::asked_authenticator>();
  running_server server(fixture::with_gate(gate));
  provider_client reader(server.port(), "/yjs/plan?token=reader");
  static_cast<void>(gate->answer_next(access{{}, true}));
  provider_client writer(server.port(), "/yjs/plan?token=writer");
  static_cast<void>(gate->answer_next(access{}));
  sync_empty(writer);
  author reading(1);
  author writing(2);
  reader.send(yjs::sync_update{reading.insert(0, "not mine to write")});
  reader.send(yjs::sync_step_1{nothing});
  reader.wait_for(yjs::sync_step_2{no_change});
  const auto update = writing.insert(0, "mine");
  writer.send(yjs::sync_update{update});
  reader.wait_for(yjs::sync_update{update});
}

TEST(y_websocket, a_client_that_does_not_read_is_closed_and_syncs_anew) {
  settings set;
  set.send_queue_bytes_max = 256UL * 1024;
  running_server server(set);
  provider_client sloth(server.port(), {"/yjs/plan", {}, {}, 4 * 1024});
  sync_empty(sloth);
  provider_client typist(server.port(), "/yjs/plan");
  author writer(1);
  while (server.metric(R"(quire_refusals_total{error="slow_reader"})") < 1)
    typist.send(yjs::sync_update{writer.insert(writer.length(), std::string(50'000, 'x'))});
  EXPECT_EQ(sloth.wait_for_close(), 1013);
}

TEST(y_websocket, a_server_that_stops_has_its_clients_come_back) {
  running_server server;
  provider_client client(server.port(), "/yjs/plan");
  sync_empty(client);
  std::thread stopping([&] { server.stop(); });
  EXPECT_EQ(client.wait_for_close(), 1012);
  stopping.join();
}

}  // namespace quire::gateway
