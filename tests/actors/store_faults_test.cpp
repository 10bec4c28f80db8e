// What people see of a store that does not do what it was asked.

#define CAF_SUITE store_faults

#include <caf/test/unit_test_impl.hpp>

#include "tests/fixture/node_fixture.hpp"

using namespace quire;

using quire::fixture::insert_at;

CAF_TEST_FIXTURE_SCOPE(store_faults_tests, quire::fixture::node)

CAF_TEST(who opens a document that can not be acquired is told why and may open it later) {
  auto alice = connect(1);
  faults->acquire = error{errc::store_unavailable, "the disk does not answer"};
  ask_to_open(alice, "notes");
  commit();
  CAF_CHECK(outlet->last<protocol::failure>(alice.connection).code == errc::store_unavailable);
  CAF_CHECK_EQUAL(outlet->count<protocol::opened>(alice.connection), 0u);
  faults->acquire.reset();
  open(alice, "notes");
  submit(alice, 0, insert_at(0, "hi"));
  commit();
  CAF_CHECK_EQUAL(text_of(alice), "hi");
}

CAF_TEST(who comes back after long is sent the state when the log can not be read) {
  auto alice = connect(1);
  open(alice, "notes");
  for (std::uint32_t i = 0; i < 2 * limits::relay_ring_edits_max; ++i) {
    submit(alice, i, insert_at(0, "x"));
    commit();
  }
  faults->read = error{errc::store_unavailable, "the disk does not answer"};
  auto bob = connect(2);
  open(bob, "notes", protocol::position{generation{1}, revision{3}});
  CAF_CHECK_EQUAL(outlet->count<protocol::failure>(bob.connection), 0u);
  CAF_CHECK(outlet->count<protocol::snapshot_part>(bob.connection) > 0u);
  CAF_CHECK_EQUAL(text_of(bob), text_of(alice));
}

CAF_TEST(a snapshot that is not stored is reported and costs nobody an edit) {
  stop();
  snapshot_after = 2;
  start_actors({});
  auto alice = connect(1);
  open(alice, "notes");
  faults->write_snapshot = error{errc::store_unavailable, "the disk is full"};
  for (std::uint32_t i = 0; i < 3; ++i) {
    submit(alice, i, insert_at(0, "x"));
    commit();
  }
  CAF_CHECK_EQUAL(watched.snapshots, 0u);
  CAF_REQUIRE_EQUAL(watched.warnings.size(), 1u);
  CAF_CHECK(watched.warnings[0].find("default/notes") != std::string::npos);
  CAF_CHECK_EQUAL(text_of(alice), "xxx");
  faults->write_snapshot.reset();
  submit(alice, 3, insert_at(0, "x"));
  commit();
  CAF_CHECK_EQUAL(watched.snapshots, 1u);
  CAF_CHECK_EQUAL(text_of(alice), "xxxx");
}

CAF_TEST(a document whose snapshot was not stored is unloaded and comes back whole) {
  stop();
  snapshot_after = 2;
  start_actors({});
  auto alice = connect(1);
  open(alice, "notes");
  faults->write_snapshot = error{errc::store_unavailable, "the disk is full"};
  for (std::uint32_t i = 0; i < 2; ++i)
    submit(alice, i, insert_at(0, "x"));
  commit();
  leave(alice);
  for (int i = 0; i < 2; ++i) {
    sched.advance_time(limits::document_idle + std::chrono::seconds(1));
    commit();
  }
  CAF_CHECK_EQUAL(watched.documents, 0);
  auto bob = connect(2);
  open(bob, "notes");
  CAF_CHECK_EQUAL(text_of(bob), "xx");
}

CAF_TEST_FIXTURE_SCOPE_END()
