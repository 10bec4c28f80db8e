// What a client of Hocuspocus may do before its token is known to be good.

#include "protocol/limits.hpp"
#include "protocol/yjs/close_codes.hpp"
#include "tests/fixture/gateway/asked_authenticator.hpp"
#include "tests/fixture/gateway/provider_client.hpp"
#include "tests/fixture/gateway/running_server.hpp"
#include "tests/fixture/yjs/author.hpp"

#include <gtest/gtest.h>
#include <list>
#include <memory>
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

/// Waits until so many frames were read of all clients, and expects that no more are, however often another one is
/// answered meanwhile.
void expect_read_no_further(const running_server& server, std::size_t frames) {
  provider_client other(server.port(), "/hocuspocus");
  std::size_t pings = 0;
  const auto is_answered = [&] {
    other.send(yjs::ping{});
    other.wait_for(yjs::pong{});
    ++pings;
  };
  const auto read = [&] { return static_cast<std::size_t>(server.metric("quire_frames_received_total")); };
  while (pings < 5'000 && read() + 1 < frames + pings)  // the last ping may not be counted yet
    is_answered();
  for (int round = 0; round < 100; ++round)
    is_answered();
  EXPECT_GE(read() + 1, frames + pings);
  EXPECT_LE(read(), frames + pings);
}

}  // namespace

TEST(hocuspocus_tokens, a_token_that_is_not_good_denies_its_document_alone) {
  const auto gate = std::make_shared<fixture::asked_authenticator>();
  running_server server(fixture::with_gate(gate));
  provider_client client(server.port(), "/hocuspocus");
  client.send(token_frame("closed", "bad"));
  client.send(yjs::sync_step_1{nothing}, "closed");
  const auto asked = gate->answer_next(fail(errc::unauthenticated, "no"));
  EXPECT_EQ(asked.token, "bad");
  EXPECT_EQ(asked.document, (document_name{"default", "closed"}));
  EXPECT_EQ(asked.dialect, protocol::dialect::hocuspocus);
  EXPECT_EQ(client.wait_for_denial("closed"), "unauthenticated: no");
  client.send(token_frame("open", "good"));
  client.send(yjs::sync_step_1{nothing}, "open");
  static_cast<void>(gate->answer_next(access{"ada", false}));
  client.wait_for(yjs::sync_step_2{no_change}, "open");
  // Shown again, it is asked about again.
  client.send(token_frame("open", "expired"));
  static_cast<void>(gate->answer_next(fail(errc::unauthenticated, "expired")));
  EXPECT_EQ(client.wait_for_closed("open"), "unauthenticated: expired");
}

TEST(hocuspocus_tokens, an_authenticator_that_cannot_say_now_has_the_client_come_back) {
  for (const auto why : {errc::overloaded, errc::store_unavailable}) {
    const auto gate = std::make_shared<fixture::asked_authenticator>();
    running_server server(fixture::with_gate(gate));
    provider_client client(server.port(), "/hocuspocus");
    client.send(token_frame("plan", "good"));
    static_cast<void>(gate->answer_next(fail(why, "later")));
    EXPECT_EQ(client.wait_for_close(), yjs::close_code(why, protocol::dialect::hocuspocus));
  }
}

TEST(hocuspocus_tokens, of_tokens_shown_while_one_is_looked_at_the_last_is_asked_about) {
  const auto gate = std::make_shared<fixture::asked_authenticator>();
  running_server server(fixture::with_gate(gate));
  provider_client client(server.port(), "/hocuspocus");
  client.send(token_frame("plan", "first"));
  EXPECT_EQ(gate->answer_next(access{}).token, "first");
  client.wait_for(yjs::authenticated{false}, "plan");
  for (const auto* const token : {"second", "third", "fourth"})
    client.send(token_frame("plan", token));
  client.send(yjs::ping{}, std::nullopt);
  client.wait_for(yjs::pong{});  // it has taken them all
  EXPECT_EQ(gate->answer_next(access{}).token, "second");
  EXPECT_EQ(gate->answer_next(fail(errc::unauthenticated, "expired")).token, "fourth");
  EXPECT_EQ(client.wait_for_closed("plan"), "unauthenticated: expired");
}

TEST(hocuspocus_tokens, an_address_over_its_limit_is_denied_and_the_others_go_on) {
  const auto gate = std::make_shared<fixture::asked_authenticator>();
  running_server server(fixture::with_gate(gate));
  provider_client client(server.port(), "/hocuspocus");
  const auto longest = "plan"s + '\0' + std::string(limits::provider_address_bytes_max - 5, 's');
  client.send(token_frame(longest + "s", "good"));
  EXPECT_TRUE(client.wait_for_denial(longest + "s").starts_with("invalid_name"));
  client.send(token_frame(longest, "good"));
  EXPECT_EQ(gate->answer_next(access{}).document.name, "plan");
  client.wait_for(yjs::authenticated{false}, longest);
}

TEST(hocuspocus_tokens, who_may_only_read_is_told_so_and_changes_nothing) {
  const auto gate = std::make_shared<fixture::asked_authenticator>();
  running_server server(fixture::with_gate(gate));
  provider_client client(server.port(), "/hocuspocus");
  client.send(token_frame("plan", "reader"));
  static_cast<void>(gate->answer_next(access{{}, true}));
  client.wait_for(yjs::authenticated{true}, "plan");
  author writer(1);
  client.send(yjs::sync_update{writer.insert(0, "x")}, "plan");
  client.wait_for(yjs::sync_status{false}, "plan");
}

TEST(hocuspocus_tokens, what_comes_while_a_token_is_looked_at_is_all_taken_however_much_it_is) {
  const auto gate = std::make_shared<fixture::asked_authenticator>();
  running_server server(fixture::with_gate(gate));
  constexpr std::size_t updates = limits::provider_waiting_messages_max + 500;
  provider_client client(server.port(), "/hocuspocus");
  client.send(token_frame("plan", "good"));
  author writer(1);
  // It is read no further than to the bound: whoever sends must not be the one who answers.
  const std::jthread sending([&] {
    for (std::size_t sent = 0; sent < updates; ++sent)
      client.send(yjs::sync_update{writer.insert(sent, "x")}, "plan");
  });
  expect_read_no_further(server, 1 + limits::provider_waiting_messages_max);
  static_cast<void>(gate->answer_next(access{}));
  for (std::size_t stored = 0; stored < updates; ++stored)
    client.wait_for(yjs::sync_status{true}, "plan");
}

TEST(hocuspocus_tokens, a_connection_with_too_many_tokens_unanswered_is_not_read) {
  const auto gate = std::make_shared<fixture::asked_authenticator>();
  running_server server(fixture::with_gate(gate));
  provider_client client(server.port(), "/hocuspocus");
  constexpr auto bound = limits::provider_unauthenticated_max;
  for (std::size_t number = 0; number <= bound + 1; ++number)
    client.send(token_frame("plan" + std::to_string(number), "good"));
  expect_read_no_further(server, bound);
  for (std::size_t number = 0; number <= bound + 1; ++number)
    EXPECT_EQ(gate->answer_next(access{}).document.name, "plan" + std::to_string(number));
}

TEST(hocuspocus_tokens, tokens_of_documents_that_were_left_count_until_they_are_answered) {
  const auto gate = std::make_shared<fixture::asked_authenticator>();
  running_server server(fixture::with_gate(gate));
  provider_client client(server.port(), "/hocuspocus");
  constexpr auto bound = limits::provider_unauthenticated_max;
  for (std::size_t number = 0; number <= bound; ++number) {
    client.send(token_frame("plan", "good"));
    client.send(detach_frame("plan"));
  }
  expect_read_no_further(server, 2 * bound - 1);
  for (std::size_t number = 0; number <= bound; ++number)
    static_cast<void>(gate->answer_next(access{}));
}

TEST(hocuspocus_tokens, too_much_without_a_token_has_the_client_sync_anew) {
  running_server server(fixture::with_gate(std::make_shared<fixture::asked_authenticator>()));
  provider_client many(server.port(), "/hocuspocus");
  for (std::size_t sent = 0; sent < limits::provider_waiting_messages_max; ++sent)
    many.send(yjs::sync_step_1{nothing}, "plan");
  EXPECT_EQ(many.wait_for_close(), 4205);
  provider_client large(server.port(), "/hocuspocus");
  const bytes state_vector(1024 * 1024);
  for (std::size_t sent = 0; sent < limits::provider_waiting_bytes_max; sent += state_vector.size())
    large.send(yjs::sync_step_1{state_vector}, "plan");
  EXPECT_EQ(large.wait_for_close(), 4205);
}

TEST(hocuspocus_tokens, a_document_too_many_without_a_token_is_denied) {
  const auto gate = std::make_shared<fixture::asked_authenticator>();
  running_server server(fixture::with_gate(gate));
  provider_client client(server.port(), "/hocuspocus");
  for (std::size_t number = 0; number < limits::provider_unauthenticated_max; ++number)
    client.send(yjs::sync_step_1{nothing}, "plan" + std::to_string(number));
  client.send(yjs::sync_step_1{nothing}, "one more");
  EXPECT_TRUE(client.wait_for_denial("one more").starts_with("too_many_documents"));
  client.send(token_frame("plan7", "good"));
  static_cast<void>(gate->answer_next(access{}));
  client.wait_for(yjs::sync_step_2{no_change}, "plan7");
}

TEST(hocuspocus_tokens, who_shows_no_good_token_in_time_is_closed) {
  settings set;
  set.provider_token_timeout = 100ms;
  running_server server(fixture::with_gate(std::make_shared<fixture::asked_authenticator>(), set));
  EXPECT_EQ(provider_client(server.port(), "/hocuspocus").wait_for_close(), 4408);
}

TEST(hocuspocus_tokens, connections_without_a_good_token_are_no_more_than_handshakes_may_be) {
  const auto gate = std::make_shared<fixture::asked_authenticator>();
  settings set;
  set.handshakes_max = 2;
  running_server server(fixture::with_gate(gate, set));
  const auto arrive = [&] { return std::make_unique<provider_client>(server.port(), "/hocuspocus"); };
  const auto known = arrive();
  known->send(token_frame("plan", "good"));
  static_cast<void>(gate->answer_next(access{}));
  known->wait_for(yjs::authenticated{false}, "plan");
  const auto oldest = arrive();
  const auto second = arrive();
  const auto third = arrive();
  EXPECT_EQ(oldest->wait_for_close(), 1013);
  known->send(yjs::sync_step_1{nothing}, "plan");
  known->wait_for(yjs::sync_step_2{no_change}, "plan");
}

TEST(hocuspocus_tokens, what_waits_for_tokens_has_a_bound_for_all_connections_together) {
  const auto gate = std::make_shared<fixture::asked_authenticator>();
  running_server server(fixture::with_gate(gate));
  const bytes update(limits::large_message_bytes / 2);  // so that what is read is no large message itself
  constexpr std::size_t each = limits::provider_waiting_bytes_max / 2 / (limits::large_message_bytes / 2);
  std::list<provider_client> all;
  for (std::size_t sent = 0; sent <= limits::large_messages_bytes_max; sent += each * update.size()) {
    auto& client = all.emplace_back(server.port(), "/hocuspocus");
    for (std::size_t i = 0; i < each; ++i)
      client.send_too_much(provider_frame(yjs::sync_update{update}, "plan"));
  }
  EXPECT_EQ(all.back().wait_for_close(), 1013);
  all.clear();
  provider_client again(server.port(), "/hocuspocus");
  again.send(yjs::ping{});
  again.wait_for(yjs::pong{});
}

}  // namespace quire::gateway
