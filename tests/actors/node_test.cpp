#define CAF_SUITE one_node

#include <caf/test/unit_test_impl.hpp>

#include "tests/fixture/node_fixture.hpp"

using namespace quire;

using quire::fixture::client;
using quire::fixture::cursor_at;
using quire::fixture::insert_at;

CAF_TEST_FIXTURE_SCOPE(node_tests, quire::fixture::node)

CAF_TEST(an edit reaches everybody only after it is durable) {
  auto alice = connect(1);
  auto bob = connect(2);
  open(alice, "notes");
  open(bob, "notes");
  submit(alice, 0, insert_at(0, "hi"));
  CAF_CHECK_EQUAL(text_of(bob), "");
  CAF_CHECK_EQUAL(outlet->count<protocol::edits>(alice.connection), 0u);
  commit();
  CAF_CHECK_EQUAL(text_of(bob), "hi");
  CAF_CHECK_EQUAL(text_of(alice), "hi");
  CAF_CHECK_EQUAL(outlet->last<protocol::edits>(alice.connection).run[0].sequence, client_sequence{1});
}

CAF_TEST(concurrent edits converge and are in one order for all) {
  auto alice = connect(1);
  auto bob = connect(2);
  open(alice, "notes");
  open(bob, "notes");
  submit(alice, 0, insert_at(0, "a"));
  submit(bob, 0, insert_at(0, "b"));
  submit(alice, 0, insert_at(0, "c"));
  commit();
  CAF_CHECK_EQUAL(text_of(alice), text_of(bob));
  CAF_CHECK_EQUAL(text_of(alice).size(), 3u);
}

CAF_TEST(edits that gather while a commit runs share the next commit) {
  auto alice = connect(1);
  auto bob = connect(2);
  open(alice, "one");
  open(bob, "two");
  submit(alice, 0, insert_at(0, "1"));
  submit(bob, 0, insert_at(0, "2"));
  submit(alice, 1, insert_at(0, "3"));
  commit();
  CAF_CHECK_EQUAL(watched.commits, 2u);
  CAF_CHECK_EQUAL(watched.edits_committed, 3u);
}

CAF_TEST(an edit sent again is acknowledged and not applied) {
  auto alice = connect(1);
  open(alice, "notes");
  submit(alice, 0, insert_at(0, "hi"));
  commit();
  send_edit(alice, 1, 0, insert_at(0, "hi"));
  CAF_CHECK_EQUAL(outlet->last<protocol::ack>(alice.connection).sequence, client_sequence{1});
  CAF_CHECK_EQUAL(text_of(alice), "hi");
}

CAF_TEST(a refused edit is answered to its author alone) {
  auto alice = connect(1);
  auto bob = connect(2);
  open(alice, "notes");
  open(bob, "notes");
  submit(alice, 0, insert_at(7, "past the end"));
  CAF_CHECK(outlet->last<protocol::nack>(alice.connection).code == errc::malformed_operation);
  CAF_CHECK_EQUAL(outlet->count<protocol::nack>(bob.connection), 0u);
  CAF_CHECK_EQUAL(watched.refusals[errc::malformed_operation], 1u);
}

CAF_TEST(a gap in the sequence is answered with what must come) {
  auto alice = connect(1);
  open(alice, "notes");
  send_edit(alice, 3, 0, insert_at(0, "hi"));
  CAF_CHECK(outlet->last<protocol::nack>(alice.connection).code == errc::sequence_gap);
  CAF_CHECK_EQUAL(outlet->last<protocol::nack>(alice.connection).expected, client_sequence{1});
}

CAF_TEST(every answered edit gives its credit back) {
  auto alice = connect(1);
  open(alice, "notes");
  submit(alice, 0, insert_at(0, "hi"));
  send_edit(alice, 9, 0, insert_at(0, "gap"));
  CAF_CHECK_EQUAL(outlet->connections[alice.connection].credit_edits, 1u);
  commit();
  CAF_CHECK_EQUAL(outlet->connections[alice.connection].credit_edits, 2u);
}

CAF_TEST(a failing store lets nothing out and nothing is lost when it is back) {
  auto alice = connect(1);
  auto bob = connect(2);
  open(alice, "notes");
  open(bob, "notes");
  faults->append = error{errc::store_unavailable, "the disk is full"};
  submit(alice, 0, insert_at(0, "hi"));
  commit();
  submit(alice, 1, insert_at(2, "!"));
  commit();
  CAF_CHECK_EQUAL(text_of(bob), "");
  CAF_CHECK(!watched.warnings.empty());
  faults->append.reset();
  sched.advance_time(std::chrono::seconds(3));
  commit();
  CAF_CHECK_EQUAL(text_of(bob), "hi!");
}

CAF_TEST(an append in doubt is settled by reading what the store has) {
  auto alice = connect(1);
  auto bob = connect(2);
  open(alice, "notes");
  open(bob, "notes");
  faults->is_append_in_doubt = true;
  submit(alice, 0, insert_at(0, "hi"));
  commit();
  CAF_CHECK_EQUAL(outlet->count<protocol::resync>(bob.connection), 1u);
  open(bob, "notes", protocol::position{generation{1}, revision{0}});
  open(alice, "notes", protocol::position{generation{1}, revision{0}});
  CAF_CHECK_EQUAL(text_of(bob), "hi");
  CAF_CHECK_EQUAL(outlet->last<protocol::opened>(alice.connection).last_sequence, client_sequence{1});
  send_edit(alice, 1, 0, insert_at(0, "hi"));
  commit();
  CAF_CHECK_EQUAL(text_of(bob), "hi");
}

CAF_TEST(who comes back is sent only what is missing) {
  auto alice = connect(1);
  auto bob = connect(2);
  open(alice, "notes");
  open(bob, "notes");
  submit(alice, 0, insert_at(0, "one"));
  commit();
  leave(bob);
  submit(alice, 1, insert_at(3, " two"));
  commit();
  auto again = connect(2);
  open(again, "notes", protocol::position{generation{1}, revision{1}});
  CAF_CHECK_EQUAL(outlet->count<protocol::snapshot_part>(again.connection), 0u);
  CAF_CHECK_EQUAL(outlet->last<protocol::edits>(again.connection).first, revision{2});
}

CAF_TEST(who comes back after long is sent the log) {
  auto alice = connect(1);
  open(alice, "notes");
  for (std::uint32_t i = 0; i < 2 * limits::relay_ring_edits_max; ++i) {
    submit(alice, i, insert_at(0, "x"));
    commit();
  }
  auto bob = connect(2);
  open(bob, "notes", protocol::position{generation{1}, revision{3}});
  CAF_CHECK_EQUAL(outlet->count<protocol::snapshot_part>(bob.connection), 0u);
  std::size_t edits = 0;
  for (const auto& message : outlet->connections[bob.connection].received)
    if (const auto* run = std::get_if<protocol::edits>(&message))
      edits += run->run.size();
  CAF_CHECK_EQUAL(edits, 2 * limits::relay_ring_edits_max - 3);
}

CAF_TEST(late joiners are served from one state however many they are) {
  auto alice = connect(1);
  open(alice, "notes");
  submit(alice, 0, insert_at(0, "hi"));
  commit();
  auto bob = connect(2);
  open(bob, "notes");
  for (std::uint8_t i = 10; i < 200; ++i) {
    auto late = connect(i);
    ask_to_open(late, "notes");  // The store does nothing meanwhile.
    CAF_CHECK_EQUAL(text_of(late), "hi");
  }
  CAF_CHECK_EQUAL(faults->loads, 0u);
}

CAF_TEST(another type is refused) {
  auto alice = connect(1);
  open(alice, "notes");
  auto bob = connect(2);
  ask_to_open(bob, "notes", "spreadsheet");
  commit();
  CAF_CHECK(outlet->last<protocol::failure>(bob.connection).code == errc::type_mismatch);
}

CAF_TEST(opening stores nothing) {
  auto alice = connect(1);
  open(alice, "notes");
  CAF_CHECK_EQUAL(watched.commits, 0u);
  CAF_CHECK(store->history->list("default", "", 10)->empty());
}

CAF_TEST(the same client connecting again takes its old connection over) {
  auto alice = connect(1);
  open(alice, "notes");
  auto stranger = connect(1);
  CAF_CHECK(outlet->connections[stranger.connection].ended->code == errc::client_id_in_use);
  auto again = connect(1, alice.resume);
  CAF_CHECK(outlet->connections[alice.connection].ended->code == errc::superseded);
  open(again, "notes");
  submit(again, 0, insert_at(0, "hi"));
  commit();
  CAF_CHECK_EQUAL(text_of(again), "hi");
}

CAF_TEST(a second hello and an unknown version end the connection) {
  auto alice = connect(1);
  caf::anon_send(alice.session, protocol::hello{});
  settle();
  CAF_CHECK(outlet->connections[alice.connection].ended->code == errc::already_greeted);
  auto future =
    sys.spawn(actors::session, actors::session_surroundings{registry, outlet, actors::connection_id{99}, &watched});
  caf::anon_send(future, protocol::hello{2, 3, client(9), "", {}, ""});
  settle();
  CAF_CHECK(outlet->connections[actors::connection_id{99}].ended->code == errc::unsupported_version);
}

CAF_TEST(a connection has at most so many documents open) {
  auto alice = connect(1);
  for (std::size_t i = 0; i <= limits::documents_a_connection_max; ++i)
    ask_to_open(alice, "notes-" + std::to_string(i));
  commit();
  CAF_CHECK(outlet->last<protocol::failure>(alice.connection).code == errc::too_many_documents);
  CAF_CHECK_EQUAL(outlet->count<protocol::opened>(alice.connection), limits::documents_a_connection_max);
}

CAF_TEST(who closes a document is sent nothing more of it) {
  auto alice = connect(1);
  auto bob = connect(2);
  open(alice, "notes");
  open(bob, "notes");
  caf::anon_send(bob.session, protocol::close{bob.document});
  settle();
  submit(alice, 0, insert_at(0, "hi"));
  commit();
  CAF_CHECK_EQUAL(outlet->count<protocol::edits>(bob.connection), 0u);
  caf::anon_send(bob.session, protocol::close{bob.document});
  settle();
  CAF_CHECK(outlet->last<protocol::failure>(bob.connection).code == errc::document_not_open);
}

CAF_TEST(a connection that goes while it opens leaves nothing behind) {
  auto alice = connect(1);
  ask_to_open(alice, "notes");
  leave(alice);
  commit();
  sched.advance_time(limits::relay_idle + std::chrono::seconds(1));
  commit();
  CAF_CHECK_EQUAL(watched.sessions, 0);
  CAF_CHECK_EQUAL(watched.relays, 0);
}

CAF_TEST(presence is shown together and moves with the text) {
  auto alice = connect(1);
  auto bob = connect(2);
  open(alice, "notes");
  open(bob, "notes");
  submit(alice, 0, insert_at(0, "world"));
  commit();
  show(bob, 1, 5);
  show(bob, 1, 3);
  CAF_CHECK_EQUAL(outlet->count<protocol::presence_changes>(alice.connection), 0u);
  sched.advance_time(limits::presence_interval);
  settle();
  CAF_CHECK_EQUAL(outlet->count<protocol::presence_changes>(alice.connection), 1u);
  CAF_CHECK(outlet->last<protocol::presence_changes>(alice.connection).entries[0].cursor == cursor_at(3));
  submit(alice, 1, insert_at(0, "hello "));
  commit();
  auto carol = connect(3);
  open(carol, "notes");
  CAF_CHECK(outlet->last<protocol::presence_changes>(carol.connection).entries[0].cursor == cursor_at(9));
}

CAF_TEST(presence goes with its connection) {
  auto alice = connect(1);
  auto bob = connect(2);
  open(alice, "notes");
  open(bob, "notes");
  show(bob, 0, 0);
  sched.advance_time(limits::presence_interval);
  settle();
  leave(bob);
  sched.advance_time(limits::presence_interval);
  settle();
  const auto& gone = outlet->last<protocol::presence_changes>(alice.connection).entries[0];
  CAF_CHECK(gone.cursor.empty() && gone.state.empty());
}

CAF_TEST(an edit whose append was lost is sent to the store again) {
  auto alice = connect(1);
  open(alice, "notes");
  faults->is_append_lost = true;
  submit(alice, 0, insert_at(0, "hi"));
  commit();
  CAF_CHECK_EQUAL(text_of(alice), "hi");
  CAF_CHECK_EQUAL(outlet->connections[alice.connection].credit_edits, 1u);
}

CAF_TEST(every open is answered once also when the document is opened twice at once) {
  auto alice = connect(1);
  ask_to_open(alice, "notes");
  ask_to_open(alice, "notes");
  commit();
  CAF_CHECK_EQUAL(outlet->count<protocol::opened>(alice.connection), 1u);
  CAF_CHECK(outlet->last<protocol::failure>(alice.connection).code == errc::superseded);
  leave(alice);
  CAF_CHECK_EQUAL(watched.sessions, 0);
}

CAF_TEST(a refused second opening ends the first and says so) {
  auto alice = connect(1);
  open(alice, "notes");
  ask_to_open(alice, "notes", "spreadsheet");
  CAF_CHECK(outlet->last<protocol::failure>(alice.connection).code == errc::type_mismatch);
  CAF_CHECK(outlet->connections[alice.connection].relays.empty());
  leave(alice);
  CAF_CHECK_EQUAL(watched.sessions, 0);
}

CAF_TEST(a node whose store stands still takes no more edits than it keeps and takes them again afterwards) {
  const std::string much(limits::operation_bytes_max - 100, 'x');
  std::vector<person> people;
  for (std::size_t bytes = 0; bytes <= limits::pending_node_bytes_max; bytes += limits::operation_bytes_max) {
    people.push_back(connect(static_cast<std::uint8_t>(people.size() + 1)));
    open(people.back(), "notes" + std::to_string(people.size()));
  }
  for (auto& one : people)
    submit(one, 0, insert_at(0, much));
  auto late = people.back();
  people.pop_back();
  for (const auto& one : people)
    CAF_CHECK_EQUAL(outlet->count<protocol::nack>(one.connection), 0u);
  CAF_REQUIRE_EQUAL(outlet->count<protocol::nack>(late.connection), 1u);
  const auto refusal = outlet->last<protocol::nack>(late.connection);
  CAF_CHECK(refusal.code == errc::store_unavailable);
  CAF_CHECK(refusal.retry.count() > 0);

  commit();
  send_edit(late, refusal.sequence.value(), 0, insert_at(0, much));
  commit();
  people.push_back(late);
  for (const auto& one : people)
    CAF_CHECK_EQUAL(text_of(one).size(), much.size());
}

CAF_TEST_FIXTURE_SCOPE_END()
