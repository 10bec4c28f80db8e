// How documents come to be, are loaded, unloaded and deleted, and how a node stops.

#define CAF_SUITE document_life

#include <caf/test/unit_test_impl.hpp>

#include "tests/fixture/node_fixture.hpp"

using namespace quire;

using quire::fixture::client;
using quire::fixture::cursor_at;
using quire::fixture::insert_at;

CAF_TEST_FIXTURE_SCOPE(document_life_tests, quire::fixture::node)

CAF_TEST(a document is loaded once however many open it at the same moment) {
  auto alice = connect(1);
  open(alice, "notes");
  submit(alice, 0, insert_at(0, "hi"));
  commit();
  stop();
  start_actors({});
  std::vector<person> crowd;
  for (std::uint8_t i = 10; i < 60; ++i) {
    crowd.push_back(connect(i));
    ask_to_open(crowd.back(), "notes");
  }
  commit();
  for (auto& one : crowd)
    CAF_CHECK_EQUAL(text_of(one), "hi");
  CAF_CHECK_EQUAL(faults->loads, 1u);
}

CAF_TEST(a document that can not be loaded is an error for who asked and never an empty document) {
  auto alice = connect(1);
  open(alice, "notes");
  submit(alice, 0, insert_at(0, "hi"));
  commit();
  stop();
  start_actors({});
  faults->load = error{errc::document_damaged, "log: revision 1: checksum"};
  auto bob = connect(2);
  ask_to_open(bob, "notes");
  commit();
  CAF_CHECK(outlet->last<protocol::failure>(bob.connection).code == errc::document_damaged);
  CAF_CHECK_EQUAL(outlet->count<protocol::opened>(bob.connection), 0u);
  faults->load.reset();
  open(bob, "notes");
  CAF_CHECK_EQUAL(text_of(bob), "hi");
}

CAF_TEST(an idle document is unloaded and comes back whole) {
  auto alice = connect(1);
  open(alice, "notes");
  submit(alice, 0, insert_at(0, "hi"));
  commit();
  leave(alice);
  sched.advance_time(limits::relay_idle + std::chrono::seconds(1));
  commit();
  CAF_CHECK_EQUAL(watched.relays, 0);
  sched.advance_time(limits::document_idle + std::chrono::seconds(1));
  commit();
  CAF_CHECK_EQUAL(watched.documents, 0);
  auto bob = connect(2);
  open(bob, "notes");
  CAF_CHECK_EQUAL(text_of(bob), "hi");
}

CAF_TEST(a document is not unloaded while an edit of it waits for the store) {
  auto alice = connect(1);
  open(alice, "notes");
  submit(alice, 0, insert_at(0, "hi"));
  leave(alice);
  sched.advance_time(limits::relay_idle + std::chrono::seconds(1));
  settle();
  sched.advance_time(limits::document_idle + std::chrono::seconds(1));
  settle();
  CAF_CHECK_EQUAL(watched.documents, 1);
  commit();
  auto bob = connect(2);
  open(bob, "notes");
  CAF_CHECK_EQUAL(text_of(bob), "hi");
}

CAF_TEST(a document is not unloaded while a request that nobody is subscribed for waits for the store) {
  auto alice = connect(1);
  open(alice, "notes");
  submit(alice, 0, insert_at(0, "hi"));
  commit();
  leave(alice);
  std::optional<result<actors::document_answer>> answer;
  caf::anon_send(registry, actors::document_request{
                             {"default", "notes"},
                             actors::write_document{"", "hello", actors::document_version{generation{1}, revision{1}}},
                             [&](result<actors::document_answer> got) { answer = std::move(got); }});
  settle();
  for (int i = 0; i < 2; ++i) {
    sched.advance_time(limits::relay_idle + std::chrono::seconds(1));
    settle();
  }
  CAF_CHECK_EQUAL(watched.relays, 0);
  sched.advance_time(limits::document_idle + std::chrono::seconds(1));
  settle();
  CAF_CHECK_EQUAL(watched.documents, 1);
  CAF_CHECK(!answer);
  commit();
  CAF_CHECK(answer && *answer);
  sched.advance_time(std::chrono::seconds(1));
  commit();
  CAF_CHECK_EQUAL(watched.documents, 0);
}

CAF_TEST(who opens in the moment of unloading gets the document) {
  auto alice = connect(1);
  open(alice, "notes");
  submit(alice, 0, insert_at(0, "hi"));
  commit();
  leave(alice);
  sched.advance_time(limits::relay_idle + std::chrono::seconds(1));
  commit();
  // The document has just said that it is idle, and the router does not know yet.
  sched.advance_time(limits::document_idle + std::chrono::seconds(1));
  auto bob = connect(2);
  caf::anon_send(bob.session, actors::open_document{protocol::open{++requests, {"default", "notes"}, "text", {}}});
  commit();
  CAF_CHECK_EQUAL(text_of(bob), "hi");
  CAF_CHECK_EQUAL(watched.documents, 1);
}

CAF_TEST(an edit right after an unload is in the same document) {
  auto alice = connect(1);
  open(alice, "notes");
  submit(alice, 0, insert_at(0, "hi"));
  commit();
  leave(alice);
  for (int i = 0; i < 2; ++i) {
    sched.advance_time(limits::document_idle + std::chrono::seconds(1));
    commit();
  }
  auto again = connect(1);
  open(again, "notes", protocol::position{generation{1}, revision{1}});
  CAF_CHECK_EQUAL(outlet->last<protocol::opened>(again.connection).last_sequence, client_sequence{1});
  again.sequence = 1;
  submit(again, 1, insert_at(2, "!"));
  commit();
  auto bob = connect(2);
  open(bob, "notes");
  CAF_CHECK_EQUAL(text_of(bob), "hi!");
}

CAF_TEST(an unknown type is refused and leaves the name free) {
  auto alice = connect(1);
  auto bob = connect(2);
  ask_to_open(alice, "notes", "spreadsheet");
  ask_to_open(bob, "notes", "text");
  commit();
  CAF_CHECK(outlet->last<protocol::failure>(alice.connection).code == errc::unknown_document_type);
  CAF_CHECK_EQUAL(outlet->count<protocol::opened>(bob.connection), 1u);
}

CAF_TEST(a document that does not exist is not found without a type) {
  auto alice = connect(1);
  ask_to_open(alice, "notes", "");
  commit();
  CAF_CHECK(outlet->last<protocol::failure>(alice.connection).code == errc::not_found);
}

CAF_TEST(a deleted document closes its sessions and comes back as another generation) {
  auto alice = connect(1);
  open(alice, "notes");
  submit(alice, 0, insert_at(0, "hi"));
  commit();
  std::optional<result<actors::document_answer>> answer;
  caf::anon_send(registry, actors::document_request{{"default", "notes"},
                                                    actors::delete_document{},
                                                    [&](result<actors::document_answer> got) { answer = got; }});
  commit();
  CAF_CHECK(answer && *answer);
  CAF_CHECK(outlet->last<protocol::closed>(alice.connection).code == errc::document_deleted);
  ask_to_open(alice, "notes", "text", protocol::position{generation{1}, revision{1}});
  commit();
  CAF_CHECK(outlet->last<protocol::failure>(alice.connection).code == errc::generation_changed);
  open(alice, "notes");
  CAF_CHECK_EQUAL(outlet->last<protocol::opened>(alice.connection).generation, generation{2});
  alice.sequence = 0;
  submit(alice, 0, insert_at(0, "new"));
  commit();
  CAF_CHECK_EQUAL(text_of(alice), "new");
}

CAF_TEST(REST reads what is durable and creates what is not there) {
  std::optional<result<actors::document_answer>> answer;
  const auto ask = [&](auto what) {
    answer.reset();
    caf::anon_send(registry, actors::document_request{
                               {"default", "notes"}, what, [&](result<actors::document_answer> got) { answer = got; }});
    settle();
  };
  ask(actors::read_document{});
  commit();
  CAF_CHECK(answer->error().code == errc::not_found);
  ask(actors::write_document{"text", "hello", {}});
  CAF_CHECK(!answer);
  commit();
  CAF_CHECK(answer && *answer);
  auto alice = connect(1);
  open(alice, "notes");
  CAF_CHECK_EQUAL(text_of(alice), "hello");
  submit(alice, 1, insert_at(5, "!"));
  ask(actors::read_document{});
  CAF_CHECK(!answer);
  commit();
  CAF_CHECK_EQUAL(std::string(as_text(*(*answer)->content)), "hello!");
}

CAF_TEST(a node that stops tells every session to come back) {
  auto alice = connect(1);
  caf::anon_send(registry, actors::end_all_sessions{std::chrono::seconds(2)});
  settle();
  CAF_CHECK(outlet->connections[alice.connection].ended->code == errc::shutting_down);
  CAF_CHECK(outlet->connections[alice.connection].ended->retry >= std::chrono::seconds(1));
}

CAF_TEST(a relay whose last session left with an edit in flight ends too) {
  auto alice = connect(1);
  open(alice, "notes");
  submit(alice, 0, insert_at(0, "hi"));
  leave(alice);
  commit();
  sched.advance_time(limits::relay_idle + std::chrono::seconds(1));
  commit();
  CAF_CHECK_EQUAL(watched.relays, 0);
}

CAF_TEST(a document that can not be read for now is an error and not a loop) {
  auto alice = connect(1);
  open(alice, "notes");
  submit(alice, 0, insert_at(0, "hi"));
  commit();
  stop();
  start_actors({});
  reader->is_full = true;
  auto bob = connect(2);
  ask_to_open(bob, "notes");
  commit();
  CAF_CHECK(outlet->last<protocol::failure>(bob.connection).code == errc::overloaded);
  reader->is_full = false;
  open(bob, "notes");
  CAF_CHECK_EQUAL(text_of(bob), "hi");
}

CAF_TEST(a document created by REST is opened without naming its type) {
  caf::anon_send(registry, actors::document_request{{"default", "notes"}, actors::read_document{}, [](auto) {}});
  commit();
  caf::anon_send(
    registry, actors::document_request{{"default", "notes"}, actors::write_document{"text", "hello", {}}, [](auto) {}});
  commit();
  auto alice = connect(1);
  ask_to_open(alice, "notes", "");
  commit();
  CAF_CHECK_EQUAL(text_of(alice), "hello");
}

CAF_TEST(every request is answered also when the append that it waits for fails) {
  std::optional<result<actors::document_answer>> answer;
  faults->is_append_lost = true;
  caf::anon_send(registry,
                 actors::document_request{{"default", "notes"},
                                          actors::write_document{"text", "hello", {}},
                                          [&](result<actors::document_answer> got) { answer = std::move(got); }});
  commit();
  CAF_REQUIRE(answer);
  CAF_CHECK(answer->error().code == errc::commit_in_doubt);
}

CAF_TEST(what is not there is soon forgotten) {
  caf::anon_send(registry, actors::document_request{{"default", "nothing"}, actors::read_document{}, [](auto) {}});
  commit();
  CAF_CHECK_EQUAL(watched.relays, 1);
  for (int i = 0; i < 2; ++i) {
    sched.advance_time(limits::absent_idle);
    commit();
  }
  CAF_CHECK_EQUAL(watched.relays, 0);
  CAF_CHECK_EQUAL(watched.documents, 0);
}

CAF_TEST(a hello that comes while the node stops is told to come back) {
  caf::anon_send(registry, actors::end_all_sessions{std::chrono::seconds(2)});
  auto alice = connect(1);
  CAF_CHECK(outlet->connections[alice.connection].ended->code == errc::shutting_down);
}

CAF_TEST_FIXTURE_SCOPE_END()
