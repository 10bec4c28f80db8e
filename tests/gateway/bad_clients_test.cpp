#include "protocol/errors.hpp"
#include "protocol/limits.hpp"
#include "tests/fixture/gateway/server_under_attack.hpp"

#include <memory>
#include <vector>

namespace quire::gateway {

namespace {

using namespace std::chrono_literals;
using fixture::http_client;
using fixture::websocket_client;

settings impatient() {
  settings made;
  made.hello_timeout = 1s;
  made.keepalive_interval = 500ms;
  made.silence_max = 5s;
  made.handshakes_max = 100;
  made.connections_max = 1'500;
  return made;
}

/// Clients that say nothing, to a server that waits for nobody long. The pair would be closed as silent too, were it
/// not asked to type all the while.
class bad_clients : public fixture::server_under_attack {
 protected:
  explicit bad_clients(settings set = impatient()) : server_under_attack(std::move(set)) {}

  /// Types until `is_done`.
  template <class Done>
  void type_until(Done is_done) {
    while (!is_done())
      pair_.wait_for_a_round();
  }
};

settings patient() {
  auto made = impatient();
  made.hello_timeout = 60s;
  return made;
}

class patient_server : public bad_clients {
 protected:
  patient_server() : bad_clients(patient()) {}
};

}  // namespace

TEST_F(bad_clients, who_never_says_hello_is_told_so_and_closed) {
  websocket_client attacker(server_.port());
  type_until([&] { return server_.metric("quire_refusals_total{error=\"hello_timeout\"}") > 0; });
  const auto heard = attacker.wait_for_close();
  ASSERT_TRUE(heard.said);
  EXPECT_EQ(heard.said->code, errc::hello_timeout);
  EXPECT_EQ(heard.close_code, describe(errc::hello_timeout).close_code);
}

TEST_F(bad_clients, a_thousand_that_never_say_hello_are_gone_soon) {
  std::vector<std::unique_ptr<websocket_client>> crowd;
  for (int count = 0; count < 1'000; ++count) {
    crowd.push_back(std::make_unique<websocket_client>(server_.port()));
    if (count % 20 == 0) {
      EXPECT_LE(server_.metric("quire_connections"), 110);
    }
  }
  type_until([&] { return server_.metric("quire_connections") == 2; });
  for (const auto& one : crowd) {
    const auto heard = one->wait_for_close();
    ASSERT_TRUE(heard.said);
    EXPECT_TRUE(heard.said->code == errc::overloaded || heard.said->code == errc::hello_timeout);
    EXPECT_EQ(heard.close_code, describe(heard.said->code).close_code);
  }
  const auto refused = [&](const char* error) {
    return server_.metric("quire_refusals_total{error=\"" + std::string(error) + "\"}");
  };
  EXPECT_EQ(refused("overloaded") + refused("hello_timeout"), 1'000);
}

TEST_F(patient_server, more_without_hello_than_may_be_push_out_the_oldest_who_is_told_so) {
  std::vector<std::unique_ptr<websocket_client>> crowd;
  for (int count = 0; count < 110; ++count)
    crowd.push_back(std::make_unique<websocket_client>(server_.port()));
  for (int count = 0; count < 10; ++count) {
    const auto heard = crowd.at(static_cast<std::size_t>(count))->wait_for_close();
    ASSERT_TRUE(heard.said);
    EXPECT_EQ(heard.said->code, errc::overloaded);
    EXPECT_EQ(heard.close_code, describe(errc::overloaded).close_code);
  }
  for (std::size_t count = 10; count < crowd.size(); ++count)
    static_cast<void>(crowd.at(count)->greet());
  EXPECT_EQ(server_.metric("quire_refusals_total{error=\"overloaded\"}"), 10);
}

TEST_F(bad_clients, a_thousand_sockets_that_say_nothing_are_gone_soon) {
  std::vector<std::unique_ptr<http_client>> crowd;
  for (int count = 0; count < 1'000; ++count) {
    crowd.push_back(std::make_unique<http_client>(server_.port()));
    if (count % 20 == 0)
      pair_.wait_for_a_round();
  }
  type_until([&] { return server_.metric("quire_sockets") <= 102; });
}

TEST_F(bad_clients, half_a_connection_is_found_out_and_closed) {
  websocket_client attacker(server_.port());
  attacker.greet();
  // It reads nothing from here on, so no ping is answered.
  type_until([&] { return server_.metric("quire_refusals_total{error=\"silent\"}") > 0; });
  const auto heard = attacker.wait_for_close();
  ASSERT_TRUE(heard.said);
  EXPECT_EQ(heard.said->code, errc::silent);
  EXPECT_EQ(heard.close_code, describe(errc::silent).close_code);
}

TEST_F(bad_clients, who_answers_pings_stays) {
  websocket_client quiet(server_.port());
  quiet.greet();
  const auto document = quiet.open("quiet");
  int pings = 0;
  while (pings < 4) {
    quiet.wait_for_ping();
    pair_.wait_for_a_round();
    ++pings;
  }
  quiet.send(protocol::edit{document.document, client_sequence(1), revision(0), fixture::insertion(0, "x")});
  EXPECT_EQ(quiet.next<protocol::edits>().first, revision(1));
}

}  // namespace quire::gateway
