#include "tests/fixture/gateway/editing_pair.hpp"
#include "tests/fixture/gateway/http_client.hpp"
#include "tests/fixture/gateway/process.hpp"
#include "tests/fixture/temporary_folder.hpp"

#include <csignal>
#include <gtest/gtest.h>
#include <list>
#include <set>

namespace quire {

namespace {

using fixture::insertion;
using fixture::ports_in;
using fixture::process;
using fixture::serve;
using fixture::websocket_client;
using namespace std::chrono_literals;

/// Processes that serve one file, one after another.
class stopped_process : public testing::Test {
 protected:
  [[nodiscard]] std::vector<std::string> with_store(std::vector<std::string> more = {}) const {
    more.insert(more.end(), {"--store", "sqlite:" + (folder_.path() / "quire.db").string()});
    return serve(more);
  }

  static void stop(process& server) {
    server.signal(SIGTERM);
    const auto code = server.wait();
    EXPECT_EQ(code, 0) << server.errors();
  }

 private:
  fixture::temporary_folder folder_;
};

/// What one client sends at once: each edit is a mark of its own.
constexpr std::uint32_t edits_at_once = 1'000;

std::string mark_of(std::uint32_t sequence) {
  return "<" + std::to_string(sequence) + ">";
}

std::vector<protocol::client_message> many_edits(document_number document) {
  std::vector<protocol::client_message> many;
  for (std::uint32_t sequence = 1; sequence <= edits_at_once; ++sequence)
    many.push_back(protocol::edit{document, client_sequence(sequence), revision(0), insertion(0, mark_of(sequence))});
  return many;
}

/// Reads until the server has closed; returns the last edit that was acknowledged.
client_sequence last_acknowledged(websocket_client& client) {
  client_sequence last;
  try {
    while (true)
      last = client.next<protocol::edits>().run.back().sequence;
  } catch (const fixture::connection_closed&) {
    return last;
  }
}

/// Reads until an edit is answered as there; whether it is new or was known.
void wait_for(websocket_client& client, client_sequence wanted) {
  for (client_sequence last; last < wanted;) {
    const auto message = client.receive();
    if (const auto* const known = std::get_if<protocol::ack>(&message))
      last = known->sequence;
    else if (const auto* const seen = std::get_if<protocol::edits>(&message))
      last = seen->run.back().sequence;
    else if (std::holds_alternative<protocol::nack>(message))
      throw std::runtime_error("an edit that was sent again was refused");
  }
}

/// What clients heard that the server has told to come back.
struct heard {
  std::set<std::chrono::milliseconds> retries;
  std::size_t farewells = 0;
};

heard farewells_of(std::list<websocket_client>& clients) {
  heard all;
  for (auto& one : clients)
    if (const auto said = one.wait_for_close().said; said && said->code == errc::shutting_down) {
      ++all.farewells;
      all.retries.insert(said->retry);
    }
  return all;
}

}  // namespace

TEST_F(stopped_process, what_was_typed_before_is_there_when_it_starts_again) {
  process first(with_store({"--shutdown-patience", "1s"}));  // the pair does not read the farewell
  fixture::editing_pair pair(ports_in(first.read_line()).clients, "kept");
  for (int round = 0; round < 10; ++round)
    pair.type_together();
  stop(first);
  process second(with_store());
  const auto at = ports_in(second.read_line());
  EXPECT_TRUE(pair.agrees_with(fixture::request(at.clients, "GET", "/v1/documents/default/kept").body()));
}

TEST_F(stopped_process, edits_in_flight_when_it_is_stopped_are_there_once_when_they_were_sent_again) {
  const auto id = fixture::fresh_client_id();
  websocket_client::options as_before;
  as_before.id = id;
  client_sequence acknowledged;
  {
    process first(with_store());
    websocket_client client(ports_in(first.read_line()).clients, as_before);
    client.greet();
    client.send_all(many_edits(client.open("flown").document));
    static_cast<void>(client.next<protocol::edits>());
    first.signal(SIGTERM);
    acknowledged = last_acknowledged(client);
    EXPECT_EQ(first.wait(), 0);
  }
  process second(with_store());
  const auto at = ports_in(second.read_line());
  websocket_client client(at.clients, as_before);
  client.greet();
  const auto opened = client.open("flown");
  EXPECT_GE(opened.last_sequence, acknowledged);
  client.send_all(many_edits(opened.document));
  wait_for(client, client_sequence(edits_at_once));
  const auto text = fixture::request(at.clients, "GET", "/v1/documents/default/flown").body();
  std::size_t size = 0;
  for (std::uint32_t sequence = 1; sequence <= edits_at_once; ++sequence) {
    const auto mark = mark_of(sequence);
    EXPECT_NE(text.find(mark), std::string::npos) << mark;
    size += mark.size();
  }
  EXPECT_EQ(text.size(), size) << "each is there once";
}

TEST_F(stopped_process, it_ends_although_clients_neither_read_nor_close) {
  process server(with_store({"--shutdown-patience", "1s"}));
  const auto port = ports_in(server.read_line()).clients;
  websocket_client deaf(port);
  deaf.greet();
  static_cast<void>(deaf.open("ignored"));
  const websocket_client without_hello(port);
  fixture::http_client half_a_request(port);
  half_a_request.send("GET / HTTP/1.1\r\nHo");
  const fixture::http_client silent(port);
  stop(server);
}

TEST_F(stopped_process, all_its_clients_are_told_to_come_back_at_different_moments) {
  process server(with_store({"--reconnect-spread", "4s"}));
  const auto port = ports_in(server.read_line()).clients;
  constexpr std::size_t each = 8;
  std::list<websocket_client> greeted;
  std::list<websocket_client> silent;
  for (std::size_t count = 0; count < each; ++count) {
    greeted.emplace_back(port).greet();
    silent.emplace_back(port);
  }
  server.signal(SIGTERM);
  for (auto* const clients : {&greeted, &silent}) {
    const auto told = farewells_of(*clients);
    EXPECT_EQ(told.farewells, each);
    ASSERT_GT(told.retries.size(), 1U);
    EXPECT_GE(*told.retries.begin(), 2s);
    EXPECT_LE(*told.retries.rbegin(), 4s);
  }
  EXPECT_EQ(server.wait(), 0);
}

}  // namespace quire
