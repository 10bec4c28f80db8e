#include "actors/relay/core.hpp"

#include "protocol/codec.hpp"
#include "tests/fixture/text_operations.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace quire::actors {
namespace {

using namespace fixture;

/// A relay of a document at revision 5 in epoch 2, with one subscriber who is there already.
class attached_relay : public testing::Test {
 protected:
  attached_relay() {
    subscriber reader{connection_id{1}, outlet_key{0}, client(1), "", 1, "text", {}, {}, false};
    reader.since = protocol::position{generation{1}, revision{5}};
    static_cast<void>(relay_.subscribe(std::move(reader)));
    static_cast<void>(
      relay_.attached({epoch{2}, generation{1}, revision{5}, "text", std::make_shared<const client_table>()}));
  }

  relay_effects commit(epoch under, std::uint64_t first) {
    const std::vector<protocol::committed_edit> run{{client(2), client_sequence{1}, share(insert_at(0, "x"))}};
    return relay_.committed(under, revision{first}, run);
  }

  relay_effects open(std::uint32_t request, std::optional<protocol::position> since) {
    subscriber newcomer{connection_id{2}, outlet_key{0}, client(2), "", request, "text", {}, {}, false};
    newcomer.since = since;
    return relay_.subscribe(std::move(newcomer));
  }

  static std::optional<client_sequence> last_sequence_in(const relay_effects& effects) {
    for (const auto& effect : effects) {
      const auto* const delivered = std::get_if<relay_effect::deliver>(&effect);
      bytes_view frame = delivered ? bytes_view(*delivered->what.frame) : bytes_view();
      if (frame.empty())
        continue;
      const auto message = protocol::decode_server_message(frame);
      if (const auto* const opened = std::get_if<protocol::opened>(&*message))
        return opened->last_sequence;
    }
    return {};
  }

  static bool delivers(const relay_effects& effects) {
    return std::ranges::any_of(
      effects, [](const auto& effect) { return std::holds_alternative<relay_effect::deliver>(effect); });
  }

  relay_core relay_{document_number{1}};
};

TEST_F(attached_relay, a_run_of_another_epoch_is_not_the_documents) {
  EXPECT_TRUE(commit(epoch{1}, 6).empty());
  EXPECT_TRUE(commit(epoch{3}, 6).empty());
  EXPECT_TRUE(delivers(commit(epoch{2}, 6)));
}

TEST_F(attached_relay, a_run_that_leaves_one_out_is_shown_to_nobody) {
  EXPECT_FALSE(std::ranges::any_of(commit(epoch{2}, 7), [](const auto& effect) {
    const auto* const delivered = std::get_if<relay_effect::deliver>(&effect);
    return delivered && delivered->what.edits != 0;
  }));
  EXPECT_FALSE(delivers(commit(epoch{2}, 6)));
}

TEST_F(attached_relay, who_opens_again_without_a_revision_is_not_joined_by_the_log_it_had_asked_for) {
  static_cast<void>(open(1, protocol::position{generation{1}, revision{3}}));
  static_cast<void>(open(2, {}));
  storage::history_page page;
  for (std::uint64_t at = 4; at <= 5; ++at)
    page.entries.push_back({revision{at}, client(3), client_sequence{1}, "", {}, 1, share(insert_at(0, "x"))});
  EXPECT_FALSE(delivers(relay_.history_read(revision{3}, page)));
  EXPECT_TRUE(delivers(relay_.state_taken(revision{5}, to_bytes("xx"))));
}

TEST_F(attached_relay, who_opens_after_an_edit_of_its_own_that_had_nothing_new_is_told_its_number) {
  const edit_answer done{client(2), client_sequence{4}, revision{5}, {}, {}, {}};
  static_cast<void>(relay_.answered(std::span(&done, 1)));
  const edit_answer again{client(2), client_sequence{3}, revision{5}, {}, {}, {}};
  static_cast<void>(relay_.answered(std::span(&again, 1)));
  EXPECT_EQ(last_sequence_in(open(1, protocol::position{generation{1}, revision{5}})), client_sequence{4});
}

TEST_F(attached_relay, a_run_is_one_frame_for_all_however_many_they_are_and_one_delivery_an_outlet) {
  for (std::uint32_t i = 10; i < 40; ++i) {
    subscriber newcomer{connection_id{i}, outlet_key{i % 2}, client(2), "", 1, "text", {}, {}, false};
    newcomer.since = protocol::position{generation{1}, revision{5}};
    static_cast<void>(relay_.subscribe(std::move(newcomer)));
  }
  const auto effects = commit(epoch{2}, 6);
  std::vector<const relay_effect::deliver*> deliveries;
  for (const auto& effect : effects)
    if (const auto* const delivered = std::get_if<relay_effect::deliver>(&effect))
      deliveries.push_back(delivered);
  ASSERT_EQ(deliveries.size(), 2U);
  EXPECT_NE(deliveries[0]->to, deliveries[1]->to);
  EXPECT_EQ(deliveries[0]->what.frame.get(), deliveries[1]->what.frame.get());
  EXPECT_EQ(deliveries[0]->what.to->size() + deliveries[1]->what.to->size(), 31U);
}

}  // namespace
}  // namespace quire::actors
