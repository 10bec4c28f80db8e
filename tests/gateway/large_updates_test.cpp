// Much at once: what is pasted, or was written offline, and what many lack who come at the same moment.

#include "protocol/errors.hpp"
#include "protocol/lib0/reader.hpp"
#include "protocol/lib0/writer.hpp"
#include "protocol/limits.hpp"
#include "tests/fixture/gateway/provider_client.hpp"
#include "tests/fixture/gateway/running_server.hpp"
#include "tests/fixture/yjs/author.hpp"
#include "tests/fixture/yjs/hexadecimal.hpp"

#include <gtest/gtest.h>
#include <list>
#include <thread>

namespace quire::gateway {

namespace {

namespace yjs = protocol::yjs;
using fixture::author;
using fixture::from_hexadecimal;
using fixture::nothing;
using fixture::provider_client;
using fixture::running_server;

constexpr std::size_t much = 20 * 1024 * 1024;

/// One value of that size in the root `m`: it cannot be cut.
bytes image(std::size_t size) {
  bytes update = from_hexadecimal("01 01 05 00 23 01 01 6d 01 69");
  lib0::write_octets(bytes(size, std::byte{7}), update);
  append(update, from_hexadecimal("00"));
  return update;
}

enum class message : std::uint8_t { step_1, step_2, update, other };

/// What a frame says of a document's content.
std::pair<message, bytes_view> content_in(bytes_view frame) {
  lib0::reader from(frame);
  if (from.var_uint() != 0)
    return {message::other, {}};
  const auto kind = static_cast<message>(from.var_uint());
  return {kind, from.octets()};
}

/// Syncs, and returns how long the text is then.
std::size_t length_for_newcomer(provider_client& client) {
  client.send(yjs::sync_step_1{nothing});
  author reader(1'000'000);
  while (true) {
    const auto frame = client.receive();
    const auto [kind, update] = content_in(frame);
    if (kind == message::update || kind == message::step_2)
      reader.take(update);
    if (kind == message::step_2)
      return reader.length();
  }
}

/// Receives updates until the text has that length.
void read_until(provider_client& client, std::size_t length) {
  author reader(1'000'000);
  while (reader.length() < length) {
    const auto frame = client.receive();
    const auto [kind, update] = content_in(frame);
    EXPECT_LT(frame.size(), 2 * limits::provider_part_bytes);
    if (kind == message::update || kind == message::step_2)
      reader.take(update);
  }
  EXPECT_EQ(reader.length(), length);
}

}  // namespace

TEST(large_updates, a_paste_of_many_megabytes_reaches_everybody_in_parts_and_cuts_nobody_off) {
  running_server server;
  provider_client pasting(server.port(), "/yjs/plan");
  provider_client watching(server.port(), "/yjs/plan");
  provider_client typing(server.port(), "/hocuspocus");
  typing.send(fixture::token_frame("plan", ""));
  typing.wait_for(yjs::authenticated{false}, "plan");
  watching.send(yjs::sync_step_1{nothing});
  author paste(1);
  author typist(2);
  pasting.send(yjs::sync_update{paste.insert(0, std::string(much, 'x'))});
  typing.send(yjs::sync_update{typist.insert(0, "meanwhile")}, "plan");
  read_until(watching, much + 9);
  typing.wait_for(yjs::sync_status{true}, "plan");
  provider_client late(server.port(), "/yjs/plan");
  EXPECT_EQ(length_for_newcomer(late), much + 9);
}

TEST(large_updates, a_value_that_can_not_be_cut_is_one_message) {
  running_server server;
  provider_client one(server.port(), "/yjs/plan");
  provider_client other(server.port(), "/yjs/plan");
  other.send(yjs::sync_step_1{nothing});
  other.wait_for(yjs::sync_step_2{fixture::no_change});
  const auto update = image(much);
  one.send(yjs::sync_update{update});
  other.wait_for(yjs::sync_update{update});
  provider_client late(server.port(), "/yjs/plan");
  late.send(yjs::sync_step_1{nothing});
  late.wait_for(yjs::sync_step_2{update});
}

TEST(large_updates, one_over_the_limit_is_refused_and_nobody_else_is_disturbed) {
  running_server server;
  provider_client one(server.port(), "/yjs/plan");
  provider_client other(server.port(), "/yjs/plan");
  other.send(yjs::sync_step_1{nothing});
  one.send(yjs::sync_update{image(limits::yjs_update_bytes_max)});
  EXPECT_EQ(one.wait_for_close(), describe(errc::operation_too_large).close_code);
  author writer(1);
  const auto update = writer.insert(0, "on");
  other.send(yjs::sync_update{update});
  other.wait_for(yjs::sync_update{update});
}

TEST(large_updates, who_has_no_document_open_says_nothing_large) {
  running_server server;
  provider_client client(server.port(), "/hocuspocus");
  client.send_too_much(bytes(limits::frame_bytes_max + 1));
  EXPECT_EQ(client.wait_for_close(), 1009);
}

TEST(large_updates, so_much_may_be_on_its_way_together_and_one_more_comes_again_later) {
  running_server server;
  std::list<provider_client> slow;
  const auto is_told_to_come_again = [&] {
    auto& client = slow.emplace_back(server.port(), "/yjs/plan");
    client.send(yjs::sync_step_1{nothing});
    client.wait_for(yjs::sync_step_2{fixture::no_change});
    const auto refused = server.metric("quire_refusals_total{error=\"overloaded\"}");
    const auto received = server.metric("quire_received_bytes_total");
    client.send_beginning(bytes(limits::yjs_update_bytes_max / 2));
    while (server.metric("quire_received_bytes_total") < received + limits::yjs_update_bytes_max / 2.0)
      if (server.metric("quire_refusals_total{error=\"overloaded\"}") > refused)
        return true;
    return server.metric("quire_refusals_total{error=\"overloaded\"}") > refused;
  };
  std::size_t taken = 0;
  while (!is_told_to_come_again())
    ++taken;
  EXPECT_GE(taken, 4U);
  EXPECT_LE(taken, limits::large_messages_bytes_max / (limits::yjs_update_bytes_max / 2));
  EXPECT_EQ(slow.back().wait_for_close(), 1013);
  slow.clear();
  while (server.metric("quire_connections") > 0)
    std::this_thread::yield();
  provider_client again(server.port(), "/yjs/plan");
  const auto update = image(limits::yjs_update_bytes_max / 2);
  again.send(yjs::sync_step_1{nothing});
  again.wait_for(yjs::sync_step_2{fixture::no_change});
  again.send(yjs::sync_update{update});
  again.wait_for(yjs::sync_update{update});
}

TEST(large_updates, a_storm_of_those_who_lack_a_document_of_a_hundred_thousand_edits_is_answered) {
  constexpr std::size_t edits = 100'000;
  constexpr std::size_t crowd = 500;
  running_server server;
  provider_client writing(server.port(), "/yjs/plan");
  author writer(1);
  for (std::size_t i = 1; i <= edits; ++i) {
    const auto update = writer.insert((i - 1) / 2, "x");
    writing.send(yjs::sync_update{update});
    if (i % limits::edits_in_flight_max == 0 || i == edits)
      writing.wait_for(yjs::sync_update{update});
  }
  std::list<provider_client> storm;
  for (std::size_t i = 0; i < crowd; ++i) {
    storm.emplace_back(server.port(), "/yjs/plan");
    storm.back().send(yjs::sync_step_1{nothing});
  }
  for (auto& each : storm)
    while (content_in(each.receive()).first != message::step_2) {
    }
  EXPECT_EQ(length_for_newcomer(storm.front()), edits);
  EXPECT_EQ(server.metric("quire_refusals_total{error=\"slow_reader\"}"), 0);
}

}  // namespace quire::gateway
