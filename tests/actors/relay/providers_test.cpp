#include "actors/document/own_author.hpp"
#include "actors/relay/awareness_board.hpp"
#include "actors/relay/core.hpp"
#include "actors/relay/difference_requests.hpp"
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "tests/fixture/text_operations.hpp"
#include "tests/fixture/yjs/author.hpp"
#include "tests/fixture/yjs/heard.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace quire::actors {
namespace {

using namespace fixture;
using protocol::dialect;

/// A relay of a Yjs document at revision 5.
class provider_relay : public testing::Test {
 protected:
  provider_relay() {
    static_cast<void>(join(1, dialect::y_websocket));
    static_cast<void>(
      relay_.attached({epoch{2}, generation{1}, revision{5}, "yjs", std::make_shared<const client_table>()}));
  }

  relay_effects join(std::uint64_t who, dialect spoken, std::string label = {}) {
    subscriber newcomer{
      connection_id{who}, outlet_key{static_cast<std::uint32_t>(who % 2)}, client(9), "", 1, "yjs", {}, {}};
    newcomer.dialect = spoken;
    newcomer.label = std::move(label);
    return relay_.subscribe(std::move(newcomer));
  }

  relay_effects say(std::uint64_t who, decltype(session_item::what) what) {
    return relay_.turn({{connection_id{who}, std::move(what)}});
  }

  relay_effects commit(std::size_t edits) {
    const std::vector<protocol::committed_edit> run(edits,
                                                    {client(2), client_sequence{1}, share(from_hexadecimal("0000"))});
    const auto effects = relay_.committed(epoch{2}, head_.next(), run);
    head_ = head_.plus(edits);
    return effects;
  }

  template <class Effect>
  static std::vector<Effect> all(const relay_effects& effects) {
    std::vector<Effect> found;
    for (const auto& effect : effects)
      if (const auto* one = std::get_if<Effect>(&effect))
        found.push_back(*one);
    return found;
  }

  relay_core relay_{document_number{1}};
  revision head_{5};
};

TEST_F(provider_relay, a_run_is_encoded_once_for_each_dialect_and_label) {
  for (std::uint64_t who = 2; who < 12; ++who)
    static_cast<void>(join(who, dialect::y_websocket));
  for (std::uint64_t who = 12; who < 32; ++who)
    static_cast<void>(join(who, dialect::hocuspocus, who < 22 ? "a" : "b"));
  const auto deliveries = all<relay_effect::deliver>(commit(3));
  EXPECT_EQ(deliveries.size(), 3U * 3 * 2);  // edits, groups, outlets
  std::vector<const bytes*> frames;
  std::size_t received = 0;
  for (const auto& one : deliveries) {
    frames.push_back(one.what.frame.get());
    received += one.what.to->size();
  }
  std::ranges::sort(frames);
  frames.erase(std::unique(frames.begin(), frames.end()), frames.end());
  EXPECT_EQ(frames.size(), 9U);
  EXPECT_EQ(received, 3U * 31);
}

TEST_F(provider_relay, a_storm_that_lacks_the_same_is_one_request_and_one_frame) {
  std::vector<relay_effect::ask_difference> asked;
  for (std::uint64_t who = 2; who < 502; ++who) {
    static_cast<void>(join(who, dialect::y_websocket));
    for (auto& one : all<relay_effect::ask_difference>(say(who, provider_step_1{from_hexadecimal("00"), true})))
      asked.push_back(one);
  }
  ASSERT_EQ(asked.size(), 1U);
  const auto what = std::make_shared<const types::difference>(types::difference{bytes(1), bytes(2)});
  const auto deliveries = all<relay_effect::deliver>(relay_.difference_taken(asked[0].what.ticket, what));
  ASSERT_EQ(deliveries.size(), 2U * 2);  // frames, outlets
  EXPECT_EQ(deliveries[0].what.to->size() + deliveries[2].what.to->size(), 500U);
  EXPECT_EQ(deliveries[0].what.frame, deliveries[2].what.frame);
  EXPECT_EQ(in_words(*deliveries[0].what.frame, false), "step 2 0000");
  EXPECT_EQ(in_words(*deliveries[1].what.frame, false), "step 1 00");
  EXPECT_TRUE(deliveries[0].what.is_bulk);
}

TEST_F(provider_relay, a_large_answer_is_sent_in_parts_of_which_the_last_is_the_step_2) {
  const auto asked = all<relay_effect::ask_difference>(say(1, provider_step_1{from_hexadecimal("00"), true}));
  ASSERT_EQ(asked.size(), 1U);
  author writer(7);
  const auto update = writer.insert(0, std::string(limits::provider_update_whole_bytes, 'x'));
  const auto what = std::make_shared<const types::difference>(types::difference{bytes(1), update});
  const auto deliveries = all<relay_effect::deliver>(relay_.difference_taken(asked[0].what.ticket, what));
  ASSERT_EQ(deliveries.size(), 4U + 1);
  author reader(8);
  for (std::size_t i = 0; i < deliveries.size(); ++i) {
    const auto& frame = *deliveries[i].what.frame;
    EXPECT_TRUE(deliveries[i].what.is_bulk);
    EXPECT_LT(frame.size(), 2 * limits::provider_part_bytes);
    const auto words = in_words(frame, false);
    EXPECT_EQ(words.substr(0, 6), i < 3 ? "update" : i == 3 ? "step 2" : "step 1");
    if (i <= 3)
      reader.take(from_hexadecimal(words.substr(7)));
  }
  EXPECT_EQ(reader.length(), limits::provider_update_whole_bytes);
}

TEST_F(provider_relay, a_large_update_is_sent_in_parts_beside_the_bounds_of_the_send_queue) {
  static_cast<void>(join(2, dialect::hocuspocus, "notes"));
  author writer(7);
  const std::vector<protocol::committed_edit> run{
    {client(2), client_sequence{1}, share(writer.insert(0, std::string(limits::provider_update_whole_bytes, 'x')))}};
  const auto deliveries = all<relay_effect::deliver>(relay_.committed(epoch{2}, head_.next(), run));
  std::uint32_t edits = 0;
  std::size_t y_websocket = 0;
  for (const auto& one : deliveries) {
    EXPECT_TRUE(one.what.is_bulk);
    edits += one.what.edits;
    y_websocket += one.what.to->front() == connection_id{1} ? 1U : 0U;
  }
  EXPECT_EQ(edits, 2U);
  EXPECT_EQ(y_websocket, 4U);
  EXPECT_EQ(deliveries.size(), 8U);
}

TEST_F(provider_relay, a_status_is_of_the_opening_that_its_update_was_sent_under) {
  subscriber opening{connection_id{7}, outlet_key{1}, client(9), "", 1, "yjs", {}, {}};
  opening.dialect = dialect::hocuspocus;
  opening.label = "before";
  static_cast<void>(relay_.subscribe(opening));
  const auto sent = all<relay_effect::submit>(say(7, provider_update{from_hexadecimal("0000")}));
  ASSERT_EQ(sent.size(), 1U);
  static_cast<void>(relay_.unsubscribe(connection_id{7}));
  opening.request = 2;
  opening.label = "after";
  static_cast<void>(relay_.subscribe(opening));
  edit_answer stored;
  stored.receipt = sent[0].edits.at(0).receipt;
  const auto deliveries = all<relay_effect::deliver>(relay_.answered(std::vector{stored}));
  ASSERT_EQ(deliveries.size(), 1U);
  EXPECT_EQ(deliveries[0].what.frame, nullptr);
  EXPECT_EQ(deliveries[0].what.settled.size(), 1U);
}

TEST_F(provider_relay, awareness_over_its_limits_is_dropped_and_counted_and_its_sender_stays) {
  const std::string state = '"' + std::string(limits::awareness_state_bytes_max, 'x') + '"';
  const std::vector<protocol::yjs::awareness_entry> large{{7, 1, state}};
  const std::vector<protocol::yjs::awareness_entry> many(limits::awareness_entries_max + 1, {7, 1, "1"});
  for (const auto& over : {large, many}) {
    bytes entries;
    protocol::yjs::encode_awareness(over, entries);
    const auto effects = say(1, provider_awareness{entries});
    ASSERT_EQ(effects.size(), 1U);
    EXPECT_EQ(all<relay_effect::count_refusal>(effects).at(0).why, errc::too_much_presence);
  }
  const auto malformed = say(1, provider_awareness{from_hexadecimal("01")});
  EXPECT_EQ(all<relay_effect::count_refusal>(malformed).at(0).why, errc::malformed_message);
  EXPECT_EQ(all<relay_effect::drop>(malformed).size(), 1U);
}

TEST_F(provider_relay, who_left_when_nobody_was_there_to_be_told_is_not_shown_to_the_next) {
  bytes entries;
  protocol::yjs::encode_awareness(std::vector<protocol::yjs::awareness_entry>{{7, 1, "{}"}}, entries);
  static_cast<void>(say(1, provider_awareness{entries}));
  static_cast<void>(relay_.flush_presence());
  const auto left = relay_.unsubscribe(connection_id{1});
  ASSERT_EQ(all<relay_effect::await_flush>(left).size(), 1U);
  static_cast<void>(relay_.flush_presence());
  static_cast<void>(join(2, dialect::quire));
  const auto joined = relay_.state_taken(revision{5}, {});
  for (const auto& one : all<relay_effect::deliver>(joined)) {
    bytes_view rest = *one.what.frame;
    while (!rest.empty()) {
      const auto message = protocol::decode_server_message(rest);
      ASSERT_TRUE(message);
      EXPECT_FALSE(std::holds_alternative<protocol::presence_changes>(*message));
    }
  }
}

TEST_F(provider_relay, a_document_that_moved_is_asked_and_sent_again_what_it_did_not_answer) {
  const auto asked = all<relay_effect::ask_difference>(say(1, provider_step_1{from_hexadecimal("00"), true}));
  const auto sent = all<relay_effect::submit>(say(1, provider_update{from_hexadecimal("0000")}));
  ASSERT_EQ(sent.size(), 1U);
  ASSERT_EQ(asked.size(), 1U);
  static_cast<void>(relay_.gone({errc::not_here, ""}));
  const auto again =
    relay_.attached({epoch{3}, generation{1}, revision{5}, "yjs", std::make_shared<const client_table>()});
  EXPECT_EQ(all<relay_effect::ask_difference>(again).size(), 1U);
  ASSERT_EQ(all<relay_effect::submit>(again).size(), 1U);
  EXPECT_EQ(all<relay_effect::submit>(again)[0].edits.at(0).receipt, sent[0].edits.at(0).receipt);
}

TEST_F(provider_relay, what_a_deleted_document_did_not_answer_is_in_nobodys_way) {
  for (std::size_t i = 0; i < 2 * limits::differences_in_flight_max; ++i) {
    EXPECT_EQ(all<relay_effect::ask_difference>(say(1, provider_step_1{bytes{std::byte(i)}, true})).size(), 1U);
    static_cast<void>(relay_.gone({errc::document_deleted, ""}));
    static_cast<void>(join(1, dialect::y_websocket));
    static_cast<void>(
      relay_.attached({epoch{3 + i}, generation{1}, revision{5}, "yjs", std::make_shared<const client_table>()}));
  }
}

TEST_F(provider_relay, what_the_store_lost_of_providers_is_written_again_without_numbers) {
  const std::vector<protocol::committed_edit> run{
    {own_author(epoch{2}), client_sequence{3}, share(from_hexadecimal("0000"))}};
  static_cast<void>(relay_.committed(epoch{2}, revision{6}, run));
  static_cast<void>(relay_.gone({errc::not_here, ""}));
  const auto again =
    relay_.attached({epoch{3}, generation{1}, revision{5}, "yjs", std::make_shared<const client_table>()});
  const auto sent = all<relay_effect::submit>(again);
  ASSERT_EQ(sent.size(), 1U);
  ASSERT_EQ(sent[0].edits.size(), 1U);
  EXPECT_FALSE(sent[0].edits[0].is_numbered());
  edit_answer stored;
  stored.receipt = sent[0].edits[0].receipt;
  EXPECT_NE(stored.receipt, 0U);
  EXPECT_TRUE(all<relay_effect::deliver>(relay_.answered(std::span(&stored, 1))).empty());
  EXPECT_TRUE(relay_.is_idle());
}

TEST_F(provider_relay, what_waits_for_an_answer_is_its_senders_credit) {
  static_cast<void>(join(2, dialect::hocuspocus, "a"));
  const auto sent = all<relay_effect::submit>(say(2, provider_update{from_hexadecimal("0000")}));
  edit_answer stored;
  stored.receipt = sent.at(0).edits.at(0).receipt;
  std::uint32_t returned_bytes = 0;
  for (const auto& one : all<relay_effect::deliver>(relay_.answered(std::span(&stored, 1))))
    for (const auto& credit : one.what.settled)
      returned_bytes += credit.operation_bytes;
  EXPECT_EQ(returned_bytes, 2U);
  EXPECT_TRUE(all<relay_effect::deliver>(relay_.answered(std::span(&stored, 1))).empty());
}

TEST_F(provider_relay, users_of_our_own_protocol_cost_what_they_did) {
  relay_core own{document_number{1}};
  subscriber reader{connection_id{1}, outlet_key{0}, client(1), "", 1, "text", {}, {}};
  reader.since = protocol::position{generation{1}, revision{0}};
  static_cast<void>(own.subscribe(std::move(reader)));
  static_cast<void>(
    own.attached({epoch{2}, generation{1}, revision{0}, "text", std::make_shared<const client_table>()}));
  const std::vector<protocol::committed_edit> run(3, {client(2), client_sequence{1}, share(insert_at(0, "x"))});
  EXPECT_EQ(own.committed(epoch{2}, revision{1}, run).size(), 1U);
}

TEST(difference_requests, no_more_are_with_the_document_than_are_allowed) {
  difference_requests requests;
  for (std::uint64_t i = 0; i < limits::differences_in_flight_max + 1; ++i)
    requests.add({connection_id{i}, true}, bytes{std::byte(i)});
  std::vector<std::uint64_t> tickets;
  while (const auto next = requests.next())
    tickets.push_back(next->ticket);
  EXPECT_EQ(tickets.size(), limits::differences_in_flight_max);
  EXPECT_EQ(requests.settle(tickets[0]).size(), 1U);
  EXPECT_TRUE(requests.settle(tickets[0]).empty());
  EXPECT_TRUE(requests.next());
}

TEST(difference_requests, of_one_connection_the_newest_counts) {
  difference_requests requests;
  requests.add({connection_id{1}, true}, bytes{std::byte{1}});
  requests.add({connection_id{1}, true}, bytes{std::byte{2}});
  const auto only = requests.next();
  ASSERT_TRUE(only);
  EXPECT_EQ(only->known, bytes{std::byte{2}});
  EXPECT_FALSE(requests.next());
  requests.remove(connection_id{1});
  EXPECT_TRUE(requests.settle(only->ticket).empty());
}

TEST(difference_requests, of_one_connection_that_asks_for_the_same_again_the_newest_counts) {
  difference_requests requests;
  requests.add({connection_id{1}, false}, bytes{std::byte{1}});
  const auto sent = requests.next();
  ASSERT_TRUE(sent);
  requests.add({connection_id{1}, true}, bytes{std::byte{1}});
  const auto askers = requests.settle(sent->ticket);
  ASSERT_EQ(askers.size(), 1U);
  EXPECT_TRUE(askers[0].asks_back);
}

class awareness_board_test : public testing::Test {
 protected:
  std::size_t update(std::uint64_t from, std::uint64_t client, std::uint64_t clock, std::string_view state) {
    const protocol::yjs::awareness_entry entry{client, clock, state};
    return board.update(connection_id{from}, std::span(&entry, 1));
  }

  std::string changes() {
    std::string words;
    for (const auto& entry : board.take_changes())
      words += std::to_string(entry.client) + "/" + std::to_string(entry.clock) + "=" + std::string(entry.state) + " ";
    return words;
  }

  awareness_board board;
};

TEST_F(awareness_board_test, only_a_greater_clock_counts_or_one_that_takes_away_what_is_there) {
  EXPECT_EQ(update(1, 7, 0, "{}"), 0U);
  EXPECT_EQ(changes(), "");
  update(1, 7, 2, "1");
  update(1, 7, 2, "2");
  update(1, 7, 1, "3");
  EXPECT_EQ(changes(), "7/2=1 ");
  update(1, 7, 2, "null");
  update(1, 7, 2, "null");
  EXPECT_EQ(changes(), "7/2=null ");
  EXPECT_TRUE(board.everybody().empty());
  update(1, 7, 2, "1");  // an echo that comes late
  EXPECT_EQ(changes(), "");
  update(1, 7, 3, "4");
  EXPECT_EQ(changes(), "7/3=4 ");
}

TEST_F(awareness_board_test, a_null_of_somebody_unknown_is_nothing) {
  update(1, 7, 5, "null");
  EXPECT_EQ(changes(), "");
}

TEST_F(awareness_board_test, who_comes_by_a_new_connection_does_not_go_with_the_old_one) {
  update(1, 7, 1, "1");
  update(2, 7, 2, "1");
  board.leave(connection_id{1});
  EXPECT_EQ(changes(), "7/2=1 ");
  board.leave(connection_id{2});
  EXPECT_EQ(changes(), "7/2=null ");
}

TEST_F(awareness_board_test, who_finds_no_room_is_not_shown_and_one_that_leaves_makes_room) {
  for (std::uint64_t i = 1; i <= limits::awareness_entries_max; ++i)
    ASSERT_EQ(update(1, i, 1, "1"), 0U);
  EXPECT_EQ(update(2, 9999, 1, "1"), 1U);
  EXPECT_EQ(board.everybody().size(), limits::awareness_entries_max);
  update(1, 1, 2, "null");
  EXPECT_EQ(update(2, 9999, 1, "1"), 0U);
}

TEST_F(awareness_board_test, so_many_bytes_are_kept_and_so_many_sent_at_once) {
  const std::string big(limits::awareness_state_bytes_max, '1');
  const auto fit = limits::awareness_bytes_max / big.size();
  for (std::uint64_t i = 1; i <= fit; ++i)
    ASSERT_EQ(update(1, i, 1, big), 0U);
  EXPECT_EQ(update(1, fit + 1, 1, "1"), 1U);
  EXPECT_EQ(board.take_changes().size(), limits::awareness_flush_bytes_max / big.size());
  EXPECT_TRUE(board.has_changes());
}

TEST_F(awareness_board_test, who_changes_much_and_often_does_not_keep_others_from_being_sent) {
  const std::string big(limits::awareness_state_bytes_max, '1');
  const auto fit = limits::awareness_flush_bytes_max / big.size();
  update(2, 9999, 1, "1");
  bool is_sent = false;
  for (std::uint64_t clock = 1; clock <= 3 && !is_sent; ++clock) {
    for (std::uint64_t i = 1; i <= fit; ++i)
      update(1, i, clock, big);
    for (const auto& one : board.take_changes())
      is_sent |= one.client == 9999;
  }
  EXPECT_TRUE(is_sent);
}

TEST_F(awareness_board_test, many_who_go_at_once_leave_room_for_others_once_that_is_told) {
  for (std::uint64_t i = 1; i <= limits::awareness_entries_max; ++i)
    update(1, i, 1, "1");
  for (std::uint64_t i = 1; i <= limits::awareness_entries_max; ++i)
    update(1, i, 2, "null");
  update(1, 5000, 1, "1");
  update(1, 5000, 2, "null");
  EXPECT_EQ(update(2, 9999, 1, "1"), 1U);
  while (board.has_changes())
    static_cast<void>(board.take_changes());
  EXPECT_EQ(update(2, 9999, 1, "1"), 0U);
}

TEST_F(awareness_board_test, those_who_come_and_go_without_end_are_not_all_remembered) {
  for (std::uint64_t i = 1; i <= 5 * limits::awareness_entries_max; ++i) {
    update(1, i, 1, "1");
    update(1, i, 2, "null");
    static_cast<void>(board.take_changes());
  }
  EXPECT_EQ(update(1, 5 * limits::awareness_entries_max, 2, "1"), 0U);
  EXPECT_TRUE(board.everybody().empty());  // its clock is remembered
  update(1, 1, 1, "1");
  EXPECT_EQ(board.everybody().size(), 1U);  // this one's is not
}

}  // namespace
}  // namespace quire::actors
