// The relay's shell: who comes, what they are given, how they leave, and how the relay ends.

#define CAF_SUITE relay_joins

#include <caf/test/unit_test_impl.hpp>

#include "tests/fixture/played_relay.hpp"

using namespace quire;
using namespace quire::actors;

using quire::fixture::cursor_at;
using quire::fixture::insert_at;

namespace {

constexpr std::chrono::seconds a_moment{1};

struct joins : quire::fixture::played_relay {
  protocol::position at(std::uint64_t revision_number) const { return {generation{1}, revision{revision_number}}; }

  void show(person& who, std::size_t place) {
    tell(session_turn{
      {{who.connection, protocol::presence_update{number, revision{0}, cursor_at(place), to_bytes("name")}}}});
  }
};

}  // namespace

CAF_TEST_FIXTURE_SCOPE(relay_join_tests, joins)

CAF_TEST(the first who opens makes it look for the document and is answered when it has the state) {
  open(alice);
  const auto asked = router.hear<attach>();
  CAF_CHECK(asked.document == name);
  CAF_CHECK(asked.relay == relay);
  CAF_CHECK_EQUAL(asked.type, "text");
  CAF_CHECK(alice.session.heard_all());
  attach_to(document, epoch{1}, 4);
  CAF_CHECK(document.hear<take_state>().relay == relay);
  CAF_CHECK(alice.session.heard_all());
  give_state(4, "hello");
  const auto told = alice.session.hear<subscribed>();
  CAF_CHECK_EQUAL(told.request, requests);
  CAF_CHECK_EQUAL(told.document, number);
  CAF_CHECK(told.relay == relay);
  CAF_CHECK(outlet->connections[alice.connection].relays.at(number) == relay);
  CAF_CHECK_EQUAL(last<protocol::opened>(alice).revision, revision{4});
  CAF_CHECK_EQUAL(last<protocol::snapshot_part>(alice).revision, revision{4});
}

CAF_TEST(who opens while it looks for the document waits and all are served by one state) {
  open(alice);
  (void)router.hear<attach>();
  open(bob);
  CAF_CHECK(router.heard_all());
  attach_to(document, epoch{1}, 0);
  (void)document.hear<take_state>();
  CAF_CHECK(document.heard_all());
  give_state(0, "");
  for (auto* each : {&alice, &bob}) {
    (void)each->session.hear<subscribed>();
    CAF_CHECK_EQUAL(count<protocol::opened>(*each), 1u);
  }
}

CAF_TEST(what is committed while the state is on its way follows it) {
  open(alice);
  attach_to(document, epoch{1}, 0);
  commit(bob, 1, epoch{1}, 1);
  CAF_CHECK_EQUAL(count<protocol::edits>(alice), 0u);
  give_state(0, "");
  CAF_CHECK_EQUAL(last<protocol::snapshot_part>(alice).revision, revision{0});
  CAF_CHECK_EQUAL(last<protocol::edits>(alice).first, revision{1});
  commit(bob, 2, epoch{1}, 2);
  CAF_CHECK_EQUAL(last<protocol::edits>(alice).first, revision{2});
  CAF_CHECK_EQUAL(count<protocol::edits>(alice), 2u);
}

CAF_TEST(who comes later is served from what it has and the document hears nothing of it) {
  open(alice);
  attach_to(document, epoch{1}, 0);
  (void)document.hear<take_state>();
  give_state(0, "");
  commit(alice, 1, epoch{1}, 1);
  open(bob);
  CAF_CHECK_EQUAL(last<protocol::opened>(bob).revision, revision{1});
  CAF_CHECK_EQUAL(last<protocol::edits>(bob).first, revision{1});
  CAF_CHECK(document.heard_all());
}

CAF_TEST(who leaves while it waits for the state is refused and the others are served) {
  open(alice);
  open(bob);
  attach_to(document, epoch{1}, 0);
  leave(bob);
  CAF_CHECK_EQUAL(bob.session.hear<unsubscribed>().document, number);
  CAF_CHECK(bob.session.hear<open_refused>().why.code == errc::document_not_open);
  give_state(0, "");
  (void)alice.session.hear<subscribed>();
  CAF_CHECK(bob.session.heard_all());
  CAF_CHECK(outlet->connections[bob.connection].received.empty());
}

CAF_TEST(who has it open and leaves while it opens again is told that it has it open no more) {
  begin();
  lose(errc::not_here);
  open(bob);
  leave(bob);
  CAF_CHECK_EQUAL(bob.session.hear<unsubscribed>().document, number);
  CAF_CHECK(bob.session.hear<open_refused>().why.code == errc::document_not_open);
  attach_to(document, epoch{1}, 0);
  CAF_CHECK(bob.session.heard_all());
}

CAF_TEST(who opens again before it is answered has its first open refused and its second answered) {
  open(alice);
  open(alice);
  const auto refused = alice.session.hear<open_refused>();
  CAF_CHECK(refused.why.code == errc::superseded);
  CAF_CHECK_EQUAL(refused.request, requests - 1);
  attach_to(document, epoch{1}, 0);
  give_state(0, "");
  CAF_CHECK_EQUAL(alice.session.hear<subscribed>().request, requests);
  CAF_CHECK(alice.session.heard_all());
}

CAF_TEST(who can not keep up is let go and comes back with where it was while the others go on) {
  begin();
  commit(alice, 1, epoch{1}, 1);
  leave(bob);
  CAF_CHECK_EQUAL(bob.session.hear<unsubscribed>().document, number);
  commit(alice, 2, epoch{1}, 2);
  CAF_CHECK_EQUAL(count<protocol::edits>(alice), 2u);
  CAF_CHECK_EQUAL(count<protocol::edits>(bob), 1u);
  open(bob, at(1));
  (void)bob.session.hear<subscribed>();
  CAF_CHECK_EQUAL(last<protocol::edits>(bob).first, revision{2});
  CAF_CHECK_EQUAL(count<protocol::snapshot_part>(bob), 0u);
  CAF_CHECK(document.heard_all() && log.heard_all());
}

CAF_TEST(who was away for long is served from the log) {
  begin(600);
  leave(bob);
  open(bob, at(598));
  const auto asked = log.hear<read_history>();
  CAF_CHECK(asked.document == id);
  CAF_CHECK_EQUAL(asked.after, revision{598});
  CAF_CHECK_EQUAL(asked.to, revision{600});
  commit(alice, 1, epoch{1}, 601);
  storage::history_page page;
  for (std::uint64_t i = 599; i <= 600; ++i)
    page.entries.push_back({revision{i}, alice.client, client_sequence{1}, "", {}, 1, share(insert_at(0, "x"))});
  auto other_id = id;
  other_id.octets[0] = 8;
  tell(history_read{other_id, revision{598}, page});
  CAF_CHECK_EQUAL(count<protocol::opened>(bob), 1u);
  tell(history_read{id, revision{598}, page});
  CAF_CHECK_EQUAL(count<protocol::opened>(bob), 2u);
  CAF_CHECK_EQUAL(last<protocol::edits>(bob).first, revision{599});
  CAF_CHECK_EQUAL(last<protocol::edits>(bob).run.size(), 3u);
  tell(history_read{id, revision{598}, page});
  CAF_CHECK_EQUAL(count<protocol::opened>(bob), 2u);
}

CAF_TEST(who was away for long gets the state when the log has too much for it or can not be read) {
  std::uint64_t head = 600;
  begin(head);
  for (const result<storage::history_page>& page :
       {result<storage::history_page>(storage::history_page{{}, false}),
        result<storage::history_page>(fail(errc::overloaded, "too many reads wait"))}) {
    leave(bob);
    open(bob, at(2));
    (void)log.hear<read_history>();
    tell(history_read{id, revision{2}, page});
    (void)document.hear<take_state>();
    give_state(head, "hello");
    CAF_CHECK_EQUAL(last<protocol::snapshot_part>(bob).revision, revision{head});
    commit(alice, 1, epoch{1}, ++head);
    lose(errc::not_here);  // So that it keeps no state for the next.
    attach_to(document, epoch{1}, head);
  }
}

CAF_TEST(another type and another generation are refused and disturb nobody) {
  begin();
  leave(bob);
  (void)bob.session.hear<unsubscribed>();
  open(bob, {}, "spreadsheet");
  CAF_CHECK(bob.session.hear<open_refused>().why.code == errc::type_mismatch);
  open(bob, protocol::position{generation{2}, revision{0}});
  CAF_CHECK(bob.session.hear<open_refused>().why.code == errc::generation_changed);
  CAF_CHECK(alice.session.heard_all());
  commit(alice, 1, epoch{1}, 1);
  CAF_CHECK_EQUAL(count<protocol::edits>(alice), 1u);
  CAF_CHECK_EQUAL(count<protocol::edits>(bob), 0u);
}

CAF_TEST(a type that nobody knows is refused to who asked for it and the next type is tried) {
  open(alice, {}, "spreadsheet");
  CAF_CHECK_EQUAL(router.hear<attach>().type, "spreadsheet");
  open(bob);
  tell(attach_failed{{errc::unknown_document_type, "no such type"}});
  CAF_CHECK(alice.session.hear<open_refused>().why.code == errc::unknown_document_type);
  CAF_CHECK_EQUAL(router.hear<attach>().type, "text");
  attach_to(document, epoch{1}, 0);
  give_state(0, "");
  (void)bob.session.hear<subscribed>();
}

CAF_TEST(presence of one interval goes out together and that of who left goes with the next) {
  begin();
  show(alice, 0);
  show(bob, 0);
  pass(limits::presence_interval - std::chrono::milliseconds{1});
  CAF_CHECK_EQUAL(count<protocol::presence_changes>(alice), 0u);
  pass(std::chrono::milliseconds{1});
  for (auto* each : {&alice, &bob}) {
    CAF_CHECK_EQUAL(count<protocol::presence_changes>(*each), 1u);
    CAF_CHECK_EQUAL(last<protocol::presence_changes>(*each).entries.size(), 2u);
  }
  leave(bob);
  pass(limits::presence_interval);
  const auto& entries = last<protocol::presence_changes>(alice).entries;
  CAF_REQUIRE_EQUAL(entries.size(), 1u);
  CAF_CHECK(entries[0].client == bob.client);
  CAF_CHECK(entries[0].state.empty());
  pass(limits::presence_interval);
  CAF_CHECK_EQUAL(count<protocol::presence_changes>(alice), 2u);
}

CAF_TEST(what comes of who is not there is dropped) {
  begin();
  leave(bob);
  submit(bob, "late");
  show(bob, 0);
  tell(edits_answered{{{bob.client, client_sequence{1}, revision{1}, {}, {}, {}}}});
  pass(limits::presence_interval);
  CAF_CHECK(document.heard_all());
  CAF_CHECK(outlet->connections[bob.connection].credit_edits == 0);
  CAF_CHECK_EQUAL(count<protocol::presence_changes>(alice), 0u);
}

CAF_TEST(it says that it is idle when it was empty for its time and ends when it may) {
  begin();
  leave(alice);
  pass(limits::relay_idle + a_moment);
  CAF_CHECK(registry.heard_all());
  leave(bob);
  pass(limits::relay_idle - a_moment);
  CAF_CHECK(registry.heard_all());
  pass(a_moment);
  const auto told = registry.hear<relay_idle>();
  CAF_CHECK(told.from == relay);
  CAF_CHECK(told.document == name);
  CAF_CHECK_EQUAL(told.requests, 2u);
  tell(may_end{});
  CAF_CHECK(document.hear<detach>().relay == relay);
  CAF_CHECK_EQUAL(watched.relays, 0);
}

CAF_TEST(who comes in its idle time starts that anew) {
  begin();
  leave(alice);
  leave(bob);
  pass(limits::relay_idle - a_moment);
  open(alice, at(0));
  leave(alice);
  pass(a_moment);
  CAF_CHECK(registry.heard_all());
  pass(limits::relay_idle);
  CAF_CHECK_EQUAL(registry.hear<relay_idle>().requests, 3u);
}

CAF_TEST(who comes after it said that it is idle is served and counted in what it says next) {
  begin();
  leave(alice);
  leave(bob);
  pass(limits::relay_idle);
  CAF_CHECK_EQUAL(registry.hear<relay_idle>().requests, 2u);
  (void)alice.session.hear<unsubscribed>();
  open(alice, at(0));
  (void)alice.session.hear<subscribed>();
  pass(limits::relay_idle);
  CAF_CHECK(registry.heard_all());
  leave(alice);
  pass(limits::relay_idle);
  pass(limits::relay_idle);
  CAF_CHECK_EQUAL(registry.hear<relay_idle>().requests, 3u);
}

CAF_TEST(it is not idle while an edit of who left is unanswered) {
  begin();
  submit(alice, "hi");
  leave(alice);
  leave(bob);
  pass(limits::relay_idle);
  pass(limits::relay_idle);
  CAF_CHECK(registry.heard_all());
  commit(alice, 1, epoch{1}, 1);
  pass(limits::relay_idle);
  (void)registry.hear<relay_idle>();
}

CAF_TEST(when the node stops it ends and says nothing) {
  begin();
  submit(alice, "hi");
  (void)document.hear<submit_edits>();
  caf::anon_send_exit(relay, caf::exit_reason::user_shutdown);
  commit(alice, 1, epoch{1}, 1);
  CAF_CHECK_EQUAL(watched.relays, 0);
  CAF_CHECK_EQUAL(count<protocol::edits>(alice), 0u);
  CAF_CHECK(document.heard_all() && registry.heard_all() && alice.session.heard_all());
}

CAF_TEST_FIXTURE_SCOPE_END()
