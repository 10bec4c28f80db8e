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
  explicit slow_reader(settings set = with_short_queues())
    : server_under_attack(std::move(set)), sloth_(server_.port(), small_buffer()), typist_(server_.port()) {
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

  void type_until_resyncs(double count) {
    while (server_.metric("quire_resyncs_total") < count)
      type_a_lot();
  }

  /// Reads up to where it is told to resync, and returns where it is then.
  revision read_until_resync() {
    auto seen = opened_.revision;
    while (true) {
      const auto message = sloth_.receive();
      if (const auto* const run = std::get_if<protocol::edits>(&message)) {
        EXPECT_EQ(run->first, seen.next());
        seen = seen.plus(run->run.size());
      } else if (const auto* const again = std::get_if<protocol::resync>(&message)) {
        EXPECT_EQ(again->document, opened_.document);
        return seen;
      }
    }
  }

  /// Who has missed more than `limits::catch_up_bytes_max` is given the state instead.
  void read_from(revision seen, revision to) {
    while (seen < to) {
      const auto message = sloth_.receive();
      if (const auto* const run = std::get_if<protocol::edits>(&message)) {
        EXPECT_EQ(run->first, seen.next());
        seen = seen.plus(run->run.size());
      } else if (const auto* const part = std::get_if<protocol::snapshot_part>(&message); part && part->is_last) {
        seen = part->revision;
      }
    }
  }

  websocket_client sloth_;
  websocket_client typist_;
  protocol::opened opened_;
  protocol::opened typed_;
  client_sequence sequence_;
  revision at_;
};

settings with_short_waits() {
  auto made = with_short_queues();
  made.send_queue_bytes_max = std::size_t{1} << 40U;
  made.send_queue_age_max = 100ms;
  return made;
}

class slow_reader_of_long_queues : public slow_reader {
 protected:
  slow_reader_of_long_queues() : slow_reader(with_short_waits()) {}
};

settings with_short_memory() {
  auto made = with_short_queues();
  made.resync_again_within = 1ms;
  return made;
}

class slow_reader_that_is_forgiven : public slow_reader {
 protected:
  slow_reader_that_is_forgiven() : slow_reader(with_short_memory()) {}
};

}  // namespace

TEST_F(slow_reader, one_that_does_not_read_is_told_to_resync_and_catches_up_with_nothing_lost) {
  type_until_resyncs(1);
  const auto seen = read_until_resync();
  EXPECT_LT(seen, at_);
  const auto reopened = sloth_.open(attacked, "text", protocol::position{opened_.generation, seen});
  EXPECT_GE(reopened.revision, at_);
  type_a_lot();
  read_from(seen, at_);
}

TEST_F(slow_reader_of_long_queues, one_for_whom_edits_wait_too_long_is_told_to_resync_and_catches_up) {
  type_until_resyncs(1);
  pair_.stop();  // what it types would wait too, whenever the test is not reading
  const auto seen = read_until_resync();
  EXPECT_LT(seen, at_);
  const auto reopened = sloth_.open(attacked, "text", protocol::position{opened_.generation, seen});
  EXPECT_GE(reopened.revision, at_);
  read_from(seen, reopened.revision);
}

TEST_F(slow_reader, one_that_fails_to_read_twice_within_a_minute_is_closed) {
  type_until_resyncs(1);
  // It opens the document again, and again reads nothing.
  sloth_.send(protocol::open{9, {"default", attacked}, "text", protocol::position{opened_.generation, at_}});
  while (server_.metric("quire_refusals_total{error=\"slow_reader\"}") < 1)
    type_a_lot();
  const auto heard = sloth_.wait_for_close();
  ASSERT_TRUE(heard.said);
  EXPECT_EQ(heard.said->code, errc::slow_reader);
  EXPECT_EQ(heard.close_code, 1013);
}

TEST_F(slow_reader_that_is_forgiven, one_that_fails_to_read_again_after_long_may_resync_again) {
  type_until_resyncs(1);
  sloth_.send(protocol::open{9, {"default", attacked}, "text", protocol::position{opened_.generation, at_}});
  type_until_resyncs(2);
  static_cast<void>(sloth_.next<protocol::resync>());
  static_cast<void>(sloth_.next<protocol::resync>());
  EXPECT_EQ(server_.metric("quire_refusals_total{error=\"slow_reader\"}"), 0);
  const auto reopened = sloth_.open(attacked, "text", protocol::position{opened_.generation, at_});
  read_from(at_, reopened.revision);
}

}  // namespace quire::gateway
