// What a client of Hocuspocus has sent and not been answered, and what waits meanwhile.

#include "protocol/limits.hpp"
#include "tests/fixture/gateway/asked_authenticator.hpp"
#include "tests/fixture/gateway/provider_client.hpp"
#include "tests/fixture/gateway/running_server.hpp"
#include "tests/fixture/held_commits.hpp"
#include "tests/fixture/yjs/author.hpp"

#include <gtest/gtest.h>
#include <thread>

namespace quire::gateway {

namespace {

namespace yjs = protocol::yjs;
using fixture::author;
using fixture::provider_client;
using fixture::running_server;
using fixture::token_frame;

/// A server of two documents that have a character each. Nothing more is committed of the first.
class hocuspocus_credit : public testing::Test {
 protected:
  static constexpr const char* flooded = "flooded";

  hocuspocus_credit() {
    write_first(flooded);
    // Whether two documents share a lane is chance.
    do
      elsewhere_ += "x";
    while (write_first(elsewhere_), held_->share_a_lane(flooded, elsewhere_));
    held_->hold(flooded);
  }
  ~hocuspocus_credit() override { held_->release(); }

  void write_first(const std::string& name) {
    provider_client client(server_.port(), "/hocuspocus");
    client.send(token_frame(name, "good"));
    client.send(yjs::sync_update{first_}, name);
    static_cast<void>(gate_->answer_next(access{}));
    client.wait_for(yjs::sync_status{true}, name);
  }

  bytes first_ = author(1).insert(0, "1");
  std::string elsewhere_ = "elsewhere";
  std::shared_ptr<fixture::asked_authenticator> gate_ = std::make_shared<fixture::asked_authenticator>();
  std::shared_ptr<fixture::held_commits> held_ = std::make_shared<fixture::held_commits>();
  running_server server_{held_->open(), fixture::with_gate(gate_)};
};

}  // namespace

TEST_F(hocuspocus_credit, what_waits_for_credit_goes_on_when_the_document_that_has_it_ends) {
  provider_client client(server_.port(), "/hocuspocus");
  client.send(token_frame(flooded, "good"));
  static_cast<void>(gate_->answer_next(access{}));
  client.wait_for(yjs::authenticated{false}, flooded);

  client.send(token_frame(elsewhere_, "good"));
  client.send(yjs::sync_step_1{fixture::nothing}, elsewhere_);
  client.send(token_frame(flooded, "expired"));
  author writer(2);
  const auto before = server_.metric("quire_edits_received_total");
  for (std::size_t sent = 0; sent < limits::edits_in_flight_max; ++sent)
    client.send(yjs::sync_update{writer.insert(sent, "x")}, flooded);
  while (server_.metric("quire_edits_received_total") < before + limits::edits_in_flight_max)
    std::this_thread::yield();
  static_cast<void>(gate_->answer_next(access{}));
  client.wait_for(yjs::authenticated{false}, elsewhere_);  // it is open, and its step 1 waits

  EXPECT_EQ(gate_->answer_next(fail(errc::unauthenticated, "expired")).token, "expired");
  client.wait_for(yjs::sync_step_2{first_}, elsewhere_);
}

}  // namespace quire::gateway
