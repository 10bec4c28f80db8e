#define CAF_SUITE providers

#include <caf/test/unit_test_impl.hpp>

#include "tests/fixture/provider_fixture.hpp"

using namespace quire;

namespace {

// The text "hi" of Yjs client 1, and what client 2 adds to it.
const std::string hi = "010101000401017402686900";
const std::string bang =
  "010102008401010121"
  "00";
const std::string junk = "010102";
const std::string nothing = "0000";

struct providers : quire::fixture::provider_node {};

}  // namespace

CAF_TEST_FIXTURE_SCOPE(provider_tests, providers)

CAF_TEST(nothing of an update is seen before it is durable) {
  auto alice = connect_provider(1);
  auto carol = connect_hocuspocus(2);
  auto bob = connect_provider(3);
  open(alice);
  open(carol);
  open(bob);
  auto native = connect(4);
  provider_node::node::ask_to_open(native, "notes", "yjs");
  commit();
  update(carol, hi);
  ask_for_what_is_lacking(bob);
  for (const auto& who : {alice, bob, carol})
    CAF_CHECK(heard(who).empty());
  CAF_CHECK_EQUAL(outlet->count<protocol::edits>(native.connection), 0u);
  commit();
  CAF_CHECK_EQUAL(heard(alice), words{"update " + hi});
  CAF_CHECK_EQUAL(heard(carol), (words{"notes: update " + hi, "notes: stored"}));
  CAF_CHECK_EQUAL(heard(bob), (words{"update " + hi, "step 2 " + hi, "step 1 010102"}));
  CAF_CHECK_EQUAL(outlet->count<protocol::edits>(native.connection), 1u);
}

CAF_TEST(who knows nothing gets all and is asked for what the server lacks) {
  auto alice = connect_provider(1);
  open(alice);
  ask_for_what_is_lacking(alice);
  CAF_CHECK_EQUAL(heard(alice), (words{"step 2 0000", "step 1 00"}));
  update(alice, hi);
  commit();
  heard(alice);
  ask_for_what_is_lacking(alice, "010101");
  CAF_CHECK_EQUAL(heard(alice), (words{"step 2 0101010184010001690"
                                       "0",
                                       "step 1 010102"}));
  send(alice, actors::provider_step_1{quire::fixture::from_hexadecimal("010102"), false});
  CAF_CHECK_EQUAL(heard(alice), words{"step 2 0000"});
}

CAF_TEST(users of our own protocol and of both dialects see each others edits) {
  auto alice = connect_provider(1);
  auto carol = connect_hocuspocus(2);
  open(alice);
  open(carol);
  auto native = connect(4);
  provider_node::node::ask_to_open(native, "notes", "yjs");
  commit();
  native.document = outlet->last<protocol::opened>(native.connection).document;
  submit(native, 0, quire::fixture::from_hexadecimal(hi));
  commit();
  CAF_CHECK_EQUAL(heard(alice), words{"update " + hi});
  CAF_CHECK_EQUAL(heard(carol), words{"notes: update " + hi});
  update(alice, bang);
  commit();
  CAF_CHECK_EQUAL(heard(carol), words{"notes: update " + bang});
  const auto& seen = outlet->last<protocol::edits>(native.connection);
  CAF_CHECK_EQUAL(quire::fixture::to_hexadecimal(*seen.run.at(0).operation), bang);
}

CAF_TEST(each update of Hocuspocus is answered once) {
  auto carol = connect_hocuspocus(1);
  open(carol);
  update(carol, hi);
  update(carol, hi);  // It has nothing new, and waits for the one before.
  CAF_CHECK(heard(carol).empty());
  commit();
  CAF_CHECK_EQUAL(heard(carol), (words{"notes: update " + hi, "notes: stored", "notes: stored"}));
  update(carol, nothing);
  CAF_CHECK_EQUAL(heard(carol), words{"notes: stored"});
  commit();
  CAF_CHECK(heard(carol).empty());
  CAF_CHECK_EQUAL(outlet->connections[carol.who.connection].credit_edits, 3u);
  CAF_CHECK_EQUAL(revisions_of("notes"), 1u);
}

CAF_TEST(frames carry the label that each client gave) {
  auto carol = connect_hocuspocus(1, std::string("notes\0"
                                                 "1",
                                                 7));
  auto dora = connect_hocuspocus(2, "notes");
  open(carol);
  open(dora);
  update(dora, hi);
  commit();
  CAF_CHECK_EQUAL(heard(carol), words{std::string("notes\0"
                                                  "1",
                                                  7) +
                                      ": update " + hi});
  CAF_CHECK_EQUAL(heard(dora), (words{"notes: update " + hi, "notes: stored"}));
}

CAF_TEST(who may only read is refused what is new and nothing else) {
  auto alice = connect_provider(1);
  auto guest = connect_provider(2, protocol::dialect::y_websocket, "", true);
  auto carol = connect_hocuspocus(3, "notes", true);
  open(alice);
  open(guest);
  open(carol);
  update(alice, hi);
  commit();
  for (const auto& who : {alice, guest, carol})
    heard(who);
  update(guest, bang);
  update(carol, bang);
  commit();
  CAF_CHECK_EQUAL(first_heard(guest).substr(0, 7), "denied ");
  CAF_CHECK_EQUAL(heard(carol), words{"notes: refused"});
  update(guest, nothing);
  update(carol, hi);
  CAF_CHECK(heard(guest).empty());
  CAF_CHECK_EQUAL(heard(carol), words{"notes: stored"});
  CAF_CHECK(heard(alice).empty());
  CAF_CHECK_EQUAL(revisions_of("notes"), 1u);
  CAF_CHECK(!end_of(carol));
}

CAF_TEST(an update that can not be taken ends its senders subscription and disturbs nobody) {
  auto alice = connect_provider(1);
  auto bob = connect_provider(2);
  auto carol = connect_hocuspocus(3);
  open(alice);
  open(bob);
  open(carol);
  update(bob, junk);
  update(carol, junk);
  CAF_CHECK(end_of(bob) == errc::malformed_operation);
  CAF_CHECK(end_of(carol) == errc::malformed_operation);
  CAF_CHECK_EQUAL(heard(carol), words{"notes: refused"});
  update(alice, hi);
  commit();
  CAF_CHECK_EQUAL(heard(alice), words{"update " + hi});
  CAF_CHECK(heard(bob).empty());
  open(bob);
  ask_for_what_is_lacking(bob);
  CAF_CHECK_EQUAL(first_heard(bob), "step 2 " + hi);
}

CAF_TEST(a position that does not read ends its senders subscription) {
  auto alice = connect_provider(1);
  open(alice);
  ask_for_what_is_lacking(alice, "0201");
  CAF_CHECK(end_of(alice) == errc::malformed_operation);
}

CAF_TEST(a document of another type is refused) {
  auto native = connect(1);
  node::open(native, "letter");
  submit(native, 0, quire::fixture::insert_at(0, "hi"));
  commit();
  auto alice = connect_provider(2);
  ask_to_open(alice, "letter");
  commit();
  CAF_CHECK(end_of(alice) == errc::type_mismatch);
}

CAF_TEST(two who open a document first both have it) {
  auto alice = connect_provider(1);
  auto bob = connect_provider(2);
  ask_to_open(alice, "notes");
  ask_to_open(bob, "notes");
  commit();
  note_document_of(alice);
  note_document_of(bob);
  CAF_CHECK_EQUAL(revisions_of("notes"), 0u);
  update(alice, hi);
  update(bob, "0101030004010174013f00");
  commit();
  CAF_CHECK_EQUAL(heard(alice).size(), 2u);
  CAF_CHECK_EQUAL(heard(bob).size(), 2u);
  CAF_CHECK_EQUAL(revisions_of("notes"), 2u);
  CAF_CHECK_EQUAL(watched.documents, 1);
}

CAF_TEST(a load that fails stores nothing over what is there) {
  auto alice = connect_provider(1);
  open(alice);
  update(alice, hi);
  commit();
  leave(alice.who);
  stop();
  start_actors({});
  faults->load = error{errc::document_damaged, "as the test says"};
  auto bob = connect_provider(2);
  ask_to_open(bob, "notes");
  commit();
  CAF_CHECK(end_of(bob) == errc::document_damaged);
  CAF_CHECK_EQUAL(revisions_of("notes"), 1u);
  faults->load.reset();
  auto carol = connect_provider(3);
  open(carol);
  ask_for_what_is_lacking(carol);
  CAF_CHECK_EQUAL(first_heard(carol), "step 2 " + hi);
}

CAF_TEST(an update whose commit is in doubt is stored once and answered once) {
  auto carol = connect_hocuspocus(1);
  open(carol);
  faults->is_append_lost = true;
  update(carol, hi);
  commit();
  CAF_CHECK_EQUAL(heard(carol), (words{"notes: update " + hi, "notes: stored"}));
  CAF_CHECK_EQUAL(revisions_of("notes"), 1u);
}

CAF_TEST(who missed what a commit in doubt brought comes again and lacks nothing) {
  auto carol = connect_hocuspocus(1);
  open(carol);
  faults->is_append_in_doubt = true;
  update(carol, hi);
  commit();
  CAF_CHECK_EQUAL(outlet->count<protocol::resync>(carol.who.connection), 1u);
  open(carol);
  ask_for_what_is_lacking(carol);
  CAF_CHECK_EQUAL(first_heard(carol), "notes: step 2 " + hi);
  CAF_CHECK_EQUAL(revisions_of("notes"), 1u);
}

CAF_TEST(an update that comes while its document is unloaded is kept) {
  auto alice = connect_provider(1);
  open(alice);
  update(alice, hi);
  commit();
  leave(alice.who);
  sched.advance_time(limits::relay_idle + std::chrono::seconds(1));
  commit();
  sched.advance_time(limits::document_idle + std::chrono::seconds(1));  // It has just said that it is idle.
  auto bob = connect_provider(2);
  open(bob);
  update(bob, bang);
  commit();
  CAF_CHECK_EQUAL(heard(bob), words{"update " + bang});
  CAF_CHECK_EQUAL(revisions_of("notes"), 2u);
  CAF_CHECK_EQUAL(watched.documents, 1);
}

CAF_TEST(awareness belongs to the connection that brought it) {
  auto alice = connect_provider(1);
  auto carol = connect_hocuspocus(2);
  open(alice);
  open(carol);
  announce(alice, {{7, 1, R"({"name":"A"})"}});
  CAF_CHECK(heard(carol).empty());
  let_awareness_flush();
  CAF_CHECK_EQUAL(heard(carol), words{R"(notes: awareness 7/1={"name":"A"})"});
  CAF_CHECK_EQUAL(heard(alice), words{R"(awareness 7/1={"name":"A"})"});
  auto bob = connect_provider(3);
  open(bob);
  CAF_CHECK_EQUAL(heard(bob), words{R"(awareness 7/1={"name":"A"})"});
  send(bob, actors::provider_query_awareness{});
  CAF_CHECK_EQUAL(heard(bob), words{R"(awareness 7/1={"name":"A"})"});
  announce(bob, {{7, 1, R"({"name":"A"})"}});  // Its echo is not its own.
  leave(bob.who);
  let_awareness_flush();
  CAF_CHECK(heard(carol).empty());
  leave(alice.who);
  let_awareness_flush();
  CAF_CHECK_EQUAL(heard(carol), words{"notes: awareness 7/1=null"});
}

CAF_TEST(users of our own protocol see who is there by providers) {
  auto native = connect(1);
  provider_node::node::ask_to_open(native, "notes", "yjs");
  commit();
  auto alice = connect_provider(2);
  open(alice);
  announce(alice, {{258, 1, "{}"}});
  let_awareness_flush();
  const auto shown = outlet->last<protocol::presence_changes>(native.connection).entries.at(0);
  CAF_CHECK_EQUAL(as_text(shown.state),
                  "\x81\xA9"
                  "awareness\xDA" +
                    std::string("\0\2", 2) + "{}");
  CAF_CHECK_EQUAL(int{shown.client.octets[14]}, 1);
  CAF_CHECK_EQUAL(int{shown.client.octets[15]}, 2);
  auto later = connect(3);
  provider_node::node::ask_to_open(later, "notes", "yjs");
  commit();
  CAF_CHECK(outlet->last<protocol::presence_changes>(later.connection).entries.at(0) == shown);
  leave(alice.who);
  let_awareness_flush();
  const auto gone = outlet->last<protocol::presence_changes>(native.connection).entries.at(0);
  CAF_CHECK(gone.id == shown.id);
  CAF_CHECK(gone.state.empty());
}

CAF_TEST(awareness that does not read ends its senders subscription alone) {
  auto alice = connect_provider(1);
  auto bob = connect_provider(2);
  open(alice);
  open(bob);
  announce(alice, {{7, 1, "{}"}});
  announce(bob, {{8, 1, "{"}});
  CAF_CHECK(end_of(bob) == errc::malformed_message);
  let_awareness_flush();
  CAF_CHECK_EQUAL(heard(alice), words{"awareness 7/1={}"});
  CAF_CHECK(!end_of(alice));
}

CAF_TEST(awareness outlives a document that moves) {
  auto alice = connect_provider(1);
  open(alice);
  announce(alice, {{7, 1, "{}"}});
  let_awareness_flush();
  faults->is_append_lost = true;
  update(alice, hi);
  commit();
  auto bob = connect_provider(2);
  open(bob);
  CAF_CHECK_EQUAL(heard(bob), words{"awareness 7/1={}"});
}

CAF_TEST(a client id of the servers own is refused) {
  const auto mallory =
    sys.spawn(actors::session, actors::session_surroundings{registry, outlet, actors::connection_id{99}, &watched});
  client_id taken;
  taken.octets[15] = 1;
  caf::anon_send(mallory, protocol::hello{1, 1, taken, "", {}, "test"});
  settle();
  CAF_CHECK(outlet->connections[actors::connection_id{99}].ended->code == errc::malformed_message);
}

CAF_TEST_FIXTURE_SCOPE_END()
