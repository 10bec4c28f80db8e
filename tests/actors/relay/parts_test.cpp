#include "actors/relay/audience.hpp"
#include "actors/relay/edit_ring.hpp"
#include "actors/relay/frames.hpp"
#include "actors/relay/presence_board.hpp"
#include "actors/relay/upstream.hpp"
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "tests/fixture/text_operations.hpp"

#include <gtest/gtest.h>

#include <string>

namespace quire::actors {
namespace {

using namespace fixture;

protocol::committed_edit edit_of(std::size_t size, std::uint32_t sequence = 1) {
  return {client(1), client_sequence{sequence}, share(bytes(size, std::byte{1}))};
}

upstream::entry entry_of(std::uint32_t sequence, std::size_t size = 1) {
  return {connection_id{1},
          outlet_key{0},
          0,
          {client(1), "", client_sequence{sequence}, revision{0}, share(bytes(size, std::byte{1}))}};
}

TEST(edit_ring, it_covers_the_last_edits_and_no_more_than_its_bound) {
  edit_ring ring;
  ring.reset(revision{10});
  EXPECT_TRUE(ring.covers(revision{10}));
  EXPECT_FALSE(ring.covers(revision{9}));
  for (std::size_t i = 0; i < limits::relay_ring_edits_max + 5; ++i)
    ring.push(edit_of(1));
  EXPECT_EQ(ring.head(), revision{10 + limits::relay_ring_edits_max + 5});
  EXPECT_FALSE(ring.covers(revision{14}));
  EXPECT_TRUE(ring.covers(revision{15}));
  EXPECT_FALSE(ring.covers(ring.head().next()));
  EXPECT_EQ(ring.after(revision{15}).size(), limits::relay_ring_edits_max);
  EXPECT_TRUE(ring.after(ring.head()).empty());
}

TEST(edit_ring, while_it_is_pinned_it_drops_nothing) {
  edit_ring ring;
  ring.set_pinned(true);
  for (std::size_t i = 0; i < 2 * limits::relay_ring_edits_max; ++i)
    ring.push(edit_of(1));
  EXPECT_TRUE(ring.covers(revision{0}));
  ring.set_pinned(false);
  ring.push(edit_of(1));
  EXPECT_FALSE(ring.covers(revision{0}));
}

TEST(edit_ring, big_edits_push_the_old_ones_out) {
  edit_ring ring;
  ring.push(edit_of(limits::relay_ring_bytes_max));
  EXPECT_TRUE(ring.covers(revision{0}));
  ring.push(edit_of(1));
  EXPECT_FALSE(ring.covers(revision{0}));
  EXPECT_TRUE(ring.covers(revision{1}));
}

TEST(upstream, no_more_goes_to_the_document_than_its_credit) {
  upstream edits;
  for (std::uint32_t i = 1; i <= limits::relay_credit_edits + 2; ++i)
    edits.push(entry_of(i));
  EXPECT_EQ(edits.take_sendable().size(), limits::relay_credit_edits);
  EXPECT_TRUE(edits.take_sendable().empty());
  EXPECT_TRUE(edits.settle(client(1), client_sequence{1}));
  const auto more = edits.take_sendable();
  ASSERT_EQ(more.size(), 1U);
  EXPECT_EQ(more[0].sequence, client_sequence{limits::relay_credit_edits + 1});
}

TEST(upstream, narrow_it_sends_half_as_much_and_no_more_until_so_much_is_answered) {
  upstream edits;
  for (std::uint32_t i = 1; i <= limits::relay_credit_edits; ++i)
    edits.push(entry_of(i));
  edits.set_narrow(true);
  EXPECT_EQ(edits.take_sendable().size(), limits::relay_credit_edits / 2);
  EXPECT_TRUE(edits.take_sendable().empty());
  edits.set_narrow(false);
  EXPECT_EQ(edits.take_sendable().size(), limits::relay_credit_edits / 2);
  edits.push(entry_of(limits::relay_credit_edits + 1));
  edits.set_narrow(true);
  EXPECT_TRUE(edits.settle(client(1), client_sequence{1}));
  EXPECT_TRUE(edits.take_sendable().empty());
}

TEST(upstream, narrow_bytes_are_half_too) {
  upstream edits;
  edits.set_narrow(true);
  edits.push(entry_of(1, limits::relay_credit_bytes / 2));
  edits.push(entry_of(2));
  EXPECT_EQ(edits.take_sendable().size(), 1U);
  EXPECT_TRUE(edits.take_sendable().empty());
}

TEST(upstream, bytes_are_credit_too) {
  upstream edits;
  edits.push(entry_of(1, limits::relay_credit_bytes));
  edits.push(entry_of(2));
  EXPECT_EQ(edits.take_sendable().size(), 1U);
  EXPECT_TRUE(edits.settle(client(1), client_sequence{1}));
  EXPECT_EQ(edits.take_sendable().size(), 1U);
}

TEST(upstream, what_is_unanswered_goes_again_in_order_and_before_the_rest) {
  upstream edits;
  for (std::uint32_t i = 1; i <= 3; ++i)
    edits.push(entry_of(i));
  (void)edits.take_sendable();
  (void)edits.settle(client(1), client_sequence{1});
  edits.push(entry_of(4));
  edits.restart();
  const auto again = edits.take_sendable();
  ASSERT_EQ(again.size(), 3U);
  EXPECT_EQ(again[0].sequence, client_sequence{2});
  EXPECT_EQ(again[2].sequence, client_sequence{4});
}

TEST(upstream, an_edit_of_another_relay_settles_nothing) {
  upstream edits;
  edits.push(entry_of(1));
  EXPECT_FALSE(edits.settle(client(1), client_sequence{1}));  // Not sent yet.
  (void)edits.take_sendable();
  EXPECT_FALSE(edits.settle(client(2), client_sequence{1}));
  EXPECT_TRUE(edits.settle(client(1), client_sequence{1}));
  EXPECT_TRUE(edits.is_empty());
}

TEST(audience, only_who_is_live_is_listed_and_by_outlet) {
  audience people;
  auto& first = people.add({connection_id{1}, outlet_key{0}, client(1), "", 0, "", {}, {}, false, false});
  people.set_live(first);
  people.set_live(people.add({connection_id{2}, outlet_key{1}, client(2), "", 0, "", {}, {}, false, false}));
  people.add({connection_id{3}, outlet_key{1}, client(3), "", 0, "", {}, {}, false, false});
  ASSERT_EQ(people.live().size(), 2U);
  EXPECT_EQ(*people.live()[1].second, connection_list{connection_id{2}});
  const auto before = people.live()[0].second;
  EXPECT_EQ(people.live()[0].second, before);
  people.remove(connection_id{1});
  EXPECT_EQ(people.live().size(), 1U);
}

TEST(frames, a_long_run_is_several_frames_that_follow_each_other) {
  const std::vector<protocol::committed_edit> run(limits::run_edits_max + 1, edit_of(1));
  const auto frames = to_frames(document_number{5}, revision{8}, run);
  ASSERT_EQ(frames.size(), 2U);
  bytes_view second = *frames[1];
  const auto message = std::get<protocol::edits>(protocol::decode_server_message(second).value());
  EXPECT_EQ(message.first, revision{8 + limits::run_edits_max});
  EXPECT_EQ(message.run.size(), 1U);
  EXPECT_EQ(to_frames(document_number{5}, revision{8}, std::span(run).first(limits::run_edits_max)).size(), 1U);
}

TEST(frames, a_state_travels_in_pieces_and_an_empty_one_in_one) {
  const bytes content(2 * limits::snapshot_part_bytes + 1, std::byte{'x'});
  const auto frames = to_frames(document_number{5}, revision{8}, content);
  ASSERT_EQ(frames.size(), 3U);
  std::size_t total = 0;
  for (const auto& frame : frames) {
    bytes_view rest = *frame;
    const auto part = std::get<protocol::snapshot_part>(protocol::decode_server_message(rest).value());
    EXPECT_EQ(part.is_last, &frame == &frames.back());
    total += part.content.size();
  }
  EXPECT_EQ(total, content.size());
  EXPECT_EQ(to_frames(document_number{5}, revision{0}, bytes_view{}).size(), 1U);
}

class presence_board_test : public testing::Test {
 protected:
  result<void> update(presence_id who, std::uint8_t number, std::size_t place,
                      std::vector<protocol::committed_edit> since = {}) {
    return board.update(who, client(number), {{}, {}, cursor_at(place), to_bytes("n")}, since, type);
  }

  const types::document_type& type = *types::find_type("text");
  presence_board board;
};

TEST_F(presence_board_test, a_cursor_of_an_older_revision_is_moved_to_the_newest) {
  const auto who = board.admit();
  ASSERT_TRUE(update(who, 1, 4, {{client(2), client_sequence{1}, share(insert_at(0, "abc"))}}));
  EXPECT_EQ(board.everybody()[0].cursor, cursor_at(7));
}

TEST_F(presence_board_test, an_own_edit_takes_the_cursor_along) {
  const auto who = board.admit();
  ASSERT_TRUE(update(who, 1, 0));
  const protocol::committed_edit own{client(1), client_sequence{1}, share(insert_at(0, "abc"))};
  board.move(std::span(&own, 1), type);
  EXPECT_EQ(board.everybody()[0].cursor, cursor_at(3));
}

TEST_F(presence_board_test, changes_are_taken_once_and_the_last_counts) {
  const auto who = board.admit();
  ASSERT_TRUE(update(who, 1, 1));
  ASSERT_TRUE(update(who, 1, 2));
  const auto changes = board.take_changes();
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].cursor, cursor_at(2));
  EXPECT_FALSE(board.has_changes());
  board.remove(who);
  EXPECT_TRUE(board.take_changes()[0].state.empty());
  board.remove(who);
  EXPECT_FALSE(board.has_changes());
}

TEST_F(presence_board_test, a_cursor_that_is_none_is_refused) {
  const auto who = board.admit();
  const auto refused = board.update(who, client(1), {{}, {}, to_bytes("junk"), {}}, {}, type);
  EXPECT_EQ(refused.error().code, errc::malformed_message);
  EXPECT_TRUE(board.everybody().empty());
}

TEST_F(presence_board_test, as_much_as_its_bytes_is_shown_and_more_is_refused) {
  const auto who = board.admit();
  const bytes most(limits::presence_bytes_max);
  EXPECT_TRUE(board.update(who, client(1), {{}, {}, {}, most}, {}, type));
  EXPECT_EQ(board.everybody().at(0).state, most);
  const bytes big(limits::presence_bytes_max + 1);
  EXPECT_EQ(board.update(who, client(1), {{}, {}, {}, big}, {}, type).error().code, errc::too_much_presence);
}

TEST_F(presence_board_test, people_beyond_the_bound_are_not_shown_and_one_that_leaves_makes_room) {
  std::vector<presence_id> people;
  for (std::size_t i = 0; i < limits::presence_entries_max; ++i) {
    people.push_back(board.admit());
    ASSERT_TRUE(update(people.back(), 1, 0));
  }
  const auto late = board.admit();
  EXPECT_EQ(update(late, 1, 0).error().code, errc::too_much_presence);
  board.remove(people[0]);
  EXPECT_TRUE(update(late, 1, 0));
}

}  // namespace
}  // namespace quire::actors
