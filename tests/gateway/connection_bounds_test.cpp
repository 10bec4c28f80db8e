#include "protocol/errors.hpp"
#include "tests/fixture/gateway/server_under_attack.hpp"

namespace quire::gateway {

namespace {

using namespace std::chrono_literals;
using fixture::insertion;
using fixture::websocket_client;

constexpr std::size_t megabyte = 1024UL * 1024;

/// What the kernel holds for a client that does not read is not small either.
websocket_client::options small_buffer() {
  websocket_client::options how;
  how.receive_buffer_bytes = 4'096;
  return how;
}

constexpr std::size_t requests_burst = 8;

settings with_requests(std::size_t a_second) {
  settings made;
  made.requests_a_second = a_second;
  made.requests_burst = requests_burst;
  made.keepalive_interval = 50ms;  // and so who waits is looked at as often
  return made;
}

std::vector<protocol::client_message> pings(std::uint64_t count) {
  std::vector<protocol::client_message> made;
  for (std::uint64_t nonce = 1; nonce <= count; ++nonce)
    made.emplace_back(protocol::ping{nonce});
  return made;
}

settings with_queues_of(std::size_t own_bytes, std::size_t bulk_bytes) {
  settings made;
  made.own_queue_bytes_max = own_bytes;
  made.bulk_queue_bytes_max = bulk_bytes;
  made.silence_max = 10min;
  return made;
}

/// Somebody who does not read what it is answered.
class unread_answers : public fixture::server_under_attack {
 protected:
  static constexpr std::size_t own_bytes = 16UL * 1024;
  static constexpr std::size_t bulk_bytes = 8 * megabyte;
  static constexpr std::size_t document_bytes = 6 * megabyte;

  unread_answers()
    : server_under_attack(with_queues_of(own_bytes, bulk_bytes)), sloth_(server_.port(), small_buffer()) {
    sloth_.greet();
  }

  /// Sends edits of a document that is not open, in a frame.
  void send_refused(std::uint32_t count) {
    std::vector<protocol::client_message> frame;
    for (std::uint32_t i = 0; i < count; ++i)
      frame.emplace_back(protocol::edit{document_number(999), client_sequence(++sent_), revision(0), {}});
    sloth_.send_all(frame);
  }

  double refused() const { return server_.metric("quire_refusals_total{error=\"document_not_open\"}"); }

  /// Whether all that was sent is refused, if not soon then never.
  bool is_all_refused() {
    for (int round = 0; round < 50 && refused() < sent_; ++round)
      pair_.wait_for_a_round();
    return refused() == sent_;
  }

  void put_large_documents(int count) {
    for (int number = 0; number < count; ++number)
      ASSERT_EQ(fixture::request(server_.port(), "PUT", "/v1/documents/default/" + large(number),
                                 {{"If-None-Match", "*"}}, std::string(document_bytes, 'x'))
                  .result_int(),
                201U);
  }

  static std::string large(int number) { return "large-" + std::to_string(number); }

  void ask_for(int number) {
    sloth_.send(protocol::open{static_cast<std::uint32_t>(number) + 1, {"default", large(number)}, "text", {}});
  }

  std::size_t read_snapshot() {
    std::size_t size = 0;
    while (true) {
      const auto part = sloth_.next<protocol::snapshot_part>();
      size += part.content.size();
      if (part.is_last)
        return size;
    }
  }

  websocket_client sloth_;
  std::uint32_t sent_ = 0;
};

settings with_closing_patience(std::chrono::milliseconds patience) {
  settings made;
  made.closing_patience = patience;
  return made;
}

/// Somebody who is said bye to and does not answer.
class unanswered_farewell : public fixture::server_under_attack {
 protected:
  explicit unanswered_farewell(std::chrono::milliseconds patience = 200ms)
    : server_under_attack(with_closing_patience(patience)), attacker_(server_.port()) {
    attacker_.greet();
    attacker_.send_frame(as_bytes("no message"));
    while (server_.metric("quire_refusals_total{error=\"malformed_message\"}") < 1)
      pair_.wait_for_a_round();
  }

  double connections() const { return server_.metric("quire_connections"); }

  websocket_client attacker_;
};

class farewell_that_is_waited_for : public unanswered_farewell {
 protected:
  farewell_that_is_waited_for() : unanswered_farewell(10min) {}
};

}  // namespace

TEST(connection_bounds, who_asks_as_often_as_may_be_is_not_read_on_and_still_gets_what_others_do) {
  fixture::running_server server(with_requests(0));
  websocket_client asking(server.port());
  websocket_client other(server.port());
  for (websocket_client* const one : {&asking, &other})
    one->greet();
  const auto document = asking.open("busy").document;
  static_cast<void>(other.open("busy"));
  auto many = pings(requests_burst);  // one too many: the open is counted
  many.emplace_back(protocol::edit{document, client_sequence(1), revision(0), insertion(0, "unread")});
  asking.send_all(many);
  for (std::uint64_t nonce = 1; nonce < requests_burst; ++nonce)
    EXPECT_EQ(asking.next<protocol::pong>().nonce, nonce);
  for (std::uint32_t number = 1; number <= 50; ++number) {
    other.send(protocol::edit{document, client_sequence(number), revision(number - 1), insertion(0, "x")});
    static_cast<void>(other.next<protocol::edits>());
    const auto seen = std::get<protocol::edits>(asking.receive());
    EXPECT_EQ(seen.first, revision(number));
    EXPECT_EQ(seen.run.at(0).client, other.id());
  }
}

TEST(connection_bounds, who_asked_too_often_is_answered_later_and_in_order) {
  fixture::running_server server(with_requests(1'000));
  websocket_client client(server.port());
  client.greet();
  constexpr std::uint64_t count = 5 * requests_burst;
  client.send_all(pings(count));
  for (std::uint64_t nonce = 1; nonce <= count; ++nonce)
    EXPECT_EQ(client.next<protocol::pong>().nonce, nonce);
}

TEST_F(unread_answers, who_does_not_read_its_refusals_is_not_read_until_it_does) {
  constexpr std::uint32_t a_frame = 1'000;
  constexpr std::uint32_t enough = 400 * a_frame;  // for whatever the kernel takes
  do
    send_refused(a_frame);
  while (is_all_refused() && sent_ < enough);
  EXPECT_LT(sent_, enough);
  EXPECT_LT(refused(), sent_);
  EXPECT_GT(server_.metric("quire_send_queue_bytes"), 0);
  EXPECT_LT(server_.metric("quire_send_queue_bytes"), own_bytes + 1'024);
  for (std::uint32_t sequence = 1; sequence <= sent_; ++sequence)
    ASSERT_EQ(sloth_.next<protocol::nack>().sequence, client_sequence(sequence));
  sloth_.send(protocol::ping{7});
  EXPECT_EQ(sloth_.next<protocol::pong>().nonce, 7U);
}

TEST_F(unread_answers, an_answer_to_an_open_may_wait_although_it_is_more_than_documents_may_have_waiting) {
  put_large_documents(1);
  ask_for(0);
  while (server_.metric("quire_send_queue_bytes") < megabyte)
    pair_.wait_for_a_round();
  for (int round = 0; round < 20; ++round)
    pair_.wait_for_a_round();
  EXPECT_EQ(read_snapshot(), document_bytes);
  EXPECT_EQ(server_.metric("quire_refusals_total{error=\"slow_reader\"}"), 0);
}

TEST_F(unread_answers, who_does_not_read_too_many_answers_to_opens_is_closed) {
  constexpr int count = 4;
  put_large_documents(count);
  for (int number = 0; number < count; ++number)
    ask_for(number);
  while (server_.metric("quire_refusals_total{error=\"slow_reader\"}") < 1)
    pair_.wait_for_a_round();
  const auto heard = sloth_.wait_for_close();
  ASSERT_TRUE(heard.said);
  EXPECT_EQ(heard.said->code, errc::slow_reader);
  EXPECT_EQ(heard.close_code, describe(errc::slow_reader).close_code);
}

TEST_F(unread_answers, who_reads_them_may_open_as_many) {
  constexpr int count = 4;
  put_large_documents(count);
  for (int number = 0; number < count; ++number) {
    ask_for(number);
    EXPECT_EQ(read_snapshot(), document_bytes);
  }
}

TEST_F(unanswered_farewell, it_is_not_waited_for_long) {
  while (connections() > 2)
    pair_.wait_for_a_round();
}

TEST_F(farewell_that_is_waited_for, it_is_given_the_time_that_is_set) {
  for (int round = 0; round < 50; ++round) {
    pair_.wait_for_a_round();
    ASSERT_EQ(connections(), 3);
  }
  EXPECT_EQ(attacker_.wait_for_close().said.value().code, errc::malformed_message);
  while (connections() > 2)
    pair_.wait_for_a_round();
}

}  // namespace quire::gateway
