#define CAF_SUITE session

#include <caf/test/unit_test_impl.hpp>

#include "tests/fixture/node_fixture.hpp"

using namespace quire;

using quire::fixture::insert_at;

namespace {

struct sessions : quire::fixture::node {
  /// Those who listen to it learn of it only afterwards.
  static void kill(const actors::relay_actor& relay) { caf::anon_send_exit(relay, caf::exit_reason::kill); }

  /// The document is to be read again, and the store does not get to it: who opens it waits.
  void lose_document_of(person& who) {
    faults->is_append_in_doubt = true;
    submit(who, 0, insert_at(0, "hi"));
    writer->run_one();
    settle();
  }

  void open_as_many_as_can_be(person& who) {
    for (std::size_t i = 0; i < limits::documents_a_connection_max; ++i)
      ask_to_open(who, "notes-" + std::to_string(i));
    commit();
  }
};

}  // namespace

CAF_TEST_FIXTURE_SCOPE(session_tests, sessions)

CAF_TEST(a connection with as many documents as it can have may open one of them again) {
  auto alice = connect(1);
  open_as_many_as_can_be(alice);
  ask_to_open(alice, "notes-7");
  commit();
  CAF_CHECK_EQUAL(outlet->count<protocol::failure>(alice.connection), 0u);
  CAF_CHECK_EQUAL(outlet->count<protocol::opened>(alice.connection), limits::documents_a_connection_max + 1);
  ask_to_open(alice, "one-more");
  CAF_CHECK(outlet->last<protocol::failure>(alice.connection).code == errc::too_many_documents);
}

CAF_TEST(a document that is closed makes room for another) {
  auto alice = connect(1);
  open_as_many_as_can_be(alice);
  caf::anon_send(alice.session, protocol::close{outlet->last<protocol::opened>(alice.connection).document});
  settle();
  ask_to_open(alice, "one-more");
  commit();
  CAF_CHECK_EQUAL(outlet->count<protocol::failure>(alice.connection), 0u);
}

CAF_TEST(a document that is closed as soon as it is open is open no more) {
  auto alice = connect(1);
  outlet->when_begun = [&](const actors::subscription_begun& begun) {
    caf::anon_send(alice.session, protocol::close{begun.document});
  };
  ask_to_open(alice, "notes");
  commit();
  CAF_CHECK_EQUAL(outlet->count<protocol::failure>(alice.connection), 0u);
  CAF_CHECK(outlet->connections[alice.connection].relays.empty());
}

CAF_TEST(who waits for a relay that ends is told so) {
  auto alice = connect(1);
  auto bob = connect(2);
  open(alice, "notes");
  const auto relay = relay_of(alice);
  lose_document_of(alice);
  ask_to_open(bob, "notes");
  kill(relay);
  settle();
  CAF_CHECK(outlet->last<protocol::closed>(alice.connection).code == errc::internal);
  CAF_CHECK(outlet->last<protocol::failure>(bob.connection).code == errc::internal);
  CAF_CHECK_EQUAL(outlet->last<protocol::failure>(bob.connection).request, requests);
  commit();
  open(bob, "notes");
  CAF_CHECK_EQUAL(text_of(bob), "hi");
}

CAF_TEST(who opens twice at once and waits is told when the relay ends) {
  auto alice = connect(1);
  open(alice, "notes");
  const auto relay = relay_of(alice);
  lose_document_of(alice);
  for (int i = 0; i < 2; ++i)
    caf::anon_send(alice.session, actors::open_document{protocol::open{++requests, {"default", "notes"}, "text", {}}});
  settle();
  CAF_CHECK(outlet->last<protocol::failure>(alice.connection).code == errc::superseded);
  kill(relay);
  settle();
  CAF_CHECK(outlet->last<protocol::failure>(alice.connection).code == errc::internal);
  CAF_CHECK_EQUAL(outlet->last<protocol::failure>(alice.connection).request, requests);
}

CAF_TEST(a session that left while it opened ends when the relay does) {
  auto alice = connect(1);
  auto bob = connect(2);
  open(alice, "notes");
  const auto relay = relay_of(alice);
  lose_document_of(alice);
  ask_to_open(bob, "notes");
  kill(relay);
  caf::anon_send(bob.session, actors::connection_lost{});
  settle();
  leave(alice);
  CAF_CHECK_EQUAL(watched.sessions, 0);
}

CAF_TEST(who reads too slowly and is told so holds nobody up and loses nothing) {
  auto alice = connect(1);
  auto bob = connect(2);
  open(alice, "notes");
  open(bob, "notes");
  submit(alice, 0, insert_at(0, "one"));
  commit();
  submit(bob, 1, insert_at(3, " two"));
  // As a connection does whose queue is full: what waits is dropped, the rest comes once it has opened again.
  caf::anon_send(relay_of(bob), actors::unsubscribe{bob.connection});
  settle();
  submit(alice, 1, insert_at(0, "zero "));
  commit();
  CAF_CHECK_EQUAL(text_of(alice), "zero one two");
  CAF_CHECK_EQUAL(outlet->count<protocol::edits>(bob.connection), 1u);
  open(bob, "notes", protocol::position{generation{1}, revision{1}});
  CAF_CHECK_EQUAL(outlet->last<protocol::opened>(bob.connection).last_sequence, client_sequence{1});
  CAF_CHECK_EQUAL(outlet->last<protocol::edits>(bob.connection).first, revision{2});
  CAF_CHECK_EQUAL(outlet->last<protocol::edits>(bob.connection).run.size(), 2u);
  submit(alice, 3, insert_at(0, "and "));
  commit();
  CAF_CHECK_EQUAL(outlet->last<protocol::edits>(bob.connection).first, revision{4});
}

CAF_TEST_FIXTURE_SCOPE_END()
