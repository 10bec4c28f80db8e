#include "protocol/errors.hpp"
#include "tests/fixture/gateway/server_under_attack.hpp"

namespace quire::gateway {

namespace {

using namespace std::chrono_literals;
using fixture::insertion;
using fixture::websocket_client;

settings with_short_queues() {
  settings made;
  made.send_queue_bytes_max = 256 * 1024;
  return made;
}

/// Somebody who opens the pair's document and does not read, while another types a lot.
class slow_reader : public fixture::server_under_attack {
 protected:
  slow_reader()
    : server_under_attack(with_short_queues()), sloth_(server_.port(), small_buffer()), typist_(server_.port()) {
    sloth_.greet();
    opened_ = sloth_.open(attacked);
    typist_.greet();
    typed_ = typist_.open(attacked);
    at_ = typed_.revision;
  }

  static websocket_client::options small_buffer() {
    websocket_client::options how;
    how.receive_buffer_bytes = 4'096;
    return how;
  }

  void type_a_lot() {
    sequence_ = sequence_.next();
    typist_.send(protocol::edit{typed_.document, sequence_, at_, insertion(0, std::string(60'000, 'x'))});
    for (bool is_seen = false; !is_seen;) {
      const auto seen = typist_.next<protocol::edits>();
      at_ = at_.plus(seen.run.size());
      for (const auto& one : seen.run)
        is_seen |= one.client == typist_.id() && one.sequence == sequence_;
    }
    pair_.wait_for_a_round();  // who reads is never too slow
  }

  websocket_client sloth_;
  websocket_client typist_;
  protocol::opened opened_;
  protocol::opened typed_;
  client_sequence sequence_;
  revision at_;
};

}  // namespace

TEST_F(slow_reader, one_that_does_not_read_is_told_to_resync_and_catches_up_with_nothing_lost) {
  while (server_.metric("quire_resyncs_total") < 1)
    type_a_lot();
  auto seen = opened_.revision;
  while (true) {
    const auto message = sloth_.receive();
    if (const auto* const run = std::get_if<protocol::edits>(&message)) {
      EXPECT_EQ(run->first, seen.next());
      seen = seen.plus(run->run.size());
    } else if (const auto* const again = std::get_if<protocol::resync>(&message)) {
      EXPECT_EQ(again->document, opened_.document);
      break;
    }
  }
  EXPECT_LT(seen, at_);
  const auto reopened = sloth_.open(attacked, "text", protocol::position{opened_.generation, seen});
  EXPECT_GE(reopened.revision, at_);
  type_a_lot();
  while (seen < at_) {
    const auto run = sloth_.next<protocol::edits>();
    EXPECT_EQ(run.first, seen.next());
    seen = seen.plus(run.run.size());
  }
}

TEST_F(slow_reader, one_that_fails_to_read_twice_within_a_minute_is_closed) {
  while (server_.metric("quire_resyncs_total") < 1)
    type_a_lot();
  // It opens the document again, and again reads nothing.
  sloth_.send(protocol::open{9, {"default", attacked}, "text", protocol::position{opened_.generation, at_}});
  while (server_.metric("quire_refusals_total{error=\"slow_reader\"}") < 1)
    type_a_lot();
  const auto heard = sloth_.wait_for_close();
  ASSERT_TRUE(heard.said);
  EXPECT_EQ(heard.said->code, errc::slow_reader);
  EXPECT_EQ(heard.close_code, 1013);
}

}  // namespace quire::gateway
