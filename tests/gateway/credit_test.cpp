#include "actors/types/text/codec.hpp"
#include "protocol/limits.hpp"
#include "tests/fixture/gateway/editing_pair.hpp"
#include "tests/fixture/gateway/http_client.hpp"
#include "tests/fixture/gateway/running_server.hpp"
#include "tests/fixture/held_commits.hpp"

#include <future>
#include <gtest/gtest.h>

namespace quire::gateway {

namespace {

namespace text = actors::types::text;
using namespace std::chrono_literals;
using fixture::insertion;
using fixture::websocket_client;

/// What the flooder sends altogether, and what of it the kernel has room for at the most.
constexpr std::size_t flood_bytes = 8 * 1024 * 1024;
constexpr int send_buffer_bytes = 64 * 1024;
constexpr std::size_t received_bytes_max = flood_bytes / 4;

/// Room for the whole flood on its way back: who floods reads only when all is sent.
server_options with_long_queues() {
  server_options made;
  made.set.send_queue_bytes_max = 4 * flood_bytes;
  made.set.send_queue_age_max = 60s;
  made.set.silence_max = 60s;
  return made;
}

/// Somebody who sends and sends while nothing is committed of what is sent; two who have the same document open; and
/// two who edit another, whose commits are not held.
class credit : public testing::Test {
 protected:
  static constexpr const char* flooded = "flooded";

  credit() : flooder_(server_.port()), alice_(server_.port()), bob_(server_.port()) {
    flooder_.socket().set_option(tcp::socket::send_buffer_size(send_buffer_bytes));
    for (websocket_client* const one : {&flooder_, &alice_, &bob_}) {
      one->greet();
      document_ = one->open(flooded).document;
    }
    alice_.send(protocol::edit{document_, client_sequence(1), revision(0), insertion(0, "first")});
    for (websocket_client* const one : {&flooder_, &alice_, &bob_})
      EXPECT_EQ(one->next<protocol::edits>().first, revision(1));
    elsewhere_ = name_in_another_lane();
    held_->hold(flooded);
  }
  ~credit() override { held_->release(); }

  /// Whether two documents share a lane is chance.
  std::string name_in_another_lane() {
    for (int number = 0;; ++number) {
      auto name = "elsewhere-" + std::to_string(number);
      pair_.emplace(server_.port(), name);
      type_elsewhere();
      if (!held_->share_a_lane(flooded, name))
        return name;
    }
  }

  void type_elsewhere() {
    pair_->type_together();
    others_edits_ += 2;
  }

  /// Begins to send so many edits of `size` characters, each in a frame of its own.
  void flood(std::uint32_t count, std::size_t size) {
    count_ = count;
    writing_ = std::async(std::launch::async, [this, size] {
      for (std::uint32_t sequence = 1; sequence <= count_; ++sequence)
        flooder_.send(
          protocol::edit{document_, client_sequence(sequence), revision(sequence), insertion(0, mark(sequence, size))});
    });
  }

  static std::string mark(std::uint32_t sequence, std::size_t size) {
    auto made = '<' + std::to_string(sequence) + '>';
    made.resize(size, '.');
    return made;
  }

  /// How many of the flooder's edits were taken from its socket.
  double taken() const { return server_.metric("quire_edits_received_total") - others_edits_; }

  bool is_written() { return writing_.wait_for(0s) == std::future_status::ready; }

  /// Alice shows herself, and Bob sees that.
  void show(const std::string& state) {
    const auto shown = to_bytes(static_cast<char>(0xA0 + state.size()) + state);
    alice_.send(protocol::presence_update{document_, {}, {}, shown});
    EXPECT_EQ(bob_.next<protocol::presence_changes>().entries.at(0).state, shown);
  }

  void expect_no_more_is_taken_than(std::size_t edits) {
    while (taken() < static_cast<double>(edits))
      type_elsewhere();
    for (int round = 0; round < 50; ++round) {
      type_elsewhere();
      ASSERT_EQ(taken(), edits);
    }
    EXPECT_FALSE(is_written());
    EXPECT_LT(server_.metric("quire_received_bytes_total"), received_bytes_max);
  }

  /// What one who has the document open from its first revision on sees until it has had so many edits.
  struct seen {
    std::vector<protocol::committed_edit> edits;
    text::rope content{"first"};
  };
  seen read(websocket_client& reader, std::size_t edits) const {
    seen all;
    while (all.edits.size() < edits) {
      const auto message = reader.receive();
      if (std::holds_alternative<protocol::presence_changes>(message))
        continue;
      const auto& run = std::get<protocol::edits>(message);
      EXPECT_EQ(run.first, revision(2 + all.edits.size()));
      for (const auto& one : run.run) {
        all.edits.push_back(one);
        all.content.apply(text::decode(*one.operation, text::own_codec_limits).value());
      }
    }
    return all;
  }

  /// Everybody sees each edit of the flooder once and in order, and the one that Alice made meanwhile.
  void expect_nothing_is_lost() {
    const auto by_flooder = read(flooder_, count_ + 1);
    std::uint32_t last = 0;
    for (const auto& one : by_flooder.edits) {
      if (one.client == flooder_.id())
        EXPECT_EQ(one.sequence, client_sequence(++last));
      else
        EXPECT_EQ(one.sequence, client_sequence(2));
    }
    EXPECT_EQ(last, count_);
    for (websocket_client* const one : {&alice_, &bob_})
      EXPECT_EQ(read(*one, count_ + 1).edits, by_flooder.edits);
    EXPECT_EQ(fixture::request(server_.port(), "GET", "/v1/documents/default/flooded").body(),
              by_flooder.content.to_string());
  }

  /// The flood, from the first edit that is taken to the last that everybody has.
  void expect_is_held_at(std::size_t edits, std::size_t size) {
    flood(static_cast<std::uint32_t>(flood_bytes / size), size);
    expect_no_more_is_taken_than(edits);
    alice_.send(protocol::edit{document_, client_sequence(2), revision(1), insertion(0, "meanwhile")});
    others_edits_ += 1;
    for (const auto* state : {"here", "there", "anywhere"})
      show(state);
    expect_no_more_is_taken_than(edits);
    held_->release();
    writing_.get();
    expect_nothing_is_lost();
    type_elsewhere();
    EXPECT_TRUE(
      pair_->agrees_with(fixture::request(server_.port(), "GET", "/v1/documents/default/" + elsewhere_).body()));
  }

  std::shared_ptr<fixture::held_commits> held_ = std::make_shared<fixture::held_commits>();
  fixture::running_server server_{held_->open(), with_long_queues()};
  websocket_client flooder_;
  websocket_client alice_;
  websocket_client bob_;
  document_number document_;
  std::optional<fixture::editing_pair> pair_;
  std::string elsewhere_;
  double others_edits_ = 1;
  std::uint32_t count_ = 0;
  std::future<void> writing_;
};

}  // namespace

TEST_F(credit, who_has_as_many_edits_unanswered_as_may_be_is_not_read_until_some_are) {
  expect_is_held_at(limits::edits_in_flight_max, 4'096);
}

TEST_F(credit, who_has_as_many_bytes_unanswered_as_may_be_is_not_read_until_some_are) {
  constexpr std::size_t size = 60'000;
  expect_is_held_at(limits::edit_bytes_in_flight_max / size + 1, size);
}

}  // namespace quire::gateway
