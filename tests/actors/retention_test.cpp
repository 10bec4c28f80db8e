// What people see of a document whose log was trimmed.

#define CAF_SUITE retention

#include <caf/test/unit_test_impl.hpp>

#include "tests/fixture/node_fixture.hpp"

using namespace quire;

using quire::fixture::insert_at;

namespace {

/// A node that keeps labelled revisions only, and takes a snapshot every ten edits.
struct trimming_node : quire::fixture::node {
  trimming_node() {
    snapshot_after = 10;
    kept.others = *actors::parse_retention("labels");
    kept.operations_min = 1;
    restart();
  }

  void restart() {
    stop();
    start_actors({});
  }

  void write(person& who, std::uint32_t edits) {
    for (std::uint32_t i = 0; i < edits; ++i) {
      submit(who, who.sequence, insert_at(0, "x"));
      commit();
    }
  }

  result<actors::document_answer> ask(actors::document_request::kind what) {
    auto answer = result<actors::document_answer>(fail(errc::internal, "not answered"));
    caf::anon_send(registry, actors::document_request{
                               {"default", "notes"}, std::move(what), [&](auto given) { answer = std::move(given); }});
    commit();
    return answer;
  }

  result<std::string> text_at(std::uint64_t at) {
    auto answer = result<actors::document_answer>(fail(errc::internal, "not answered"));
    caf::anon_send(log, actors::past_request{{"default", "notes"},
                                             actors::read_revision{revision{at}, actors::representation::text,
                                                                   [&](auto given) { answer = std::move(given); }}});
    commit();
    return answer.map([](const auto& found) { return std::string(as_text(*found.content)); });
  }

  /// The document in the store, of another time: its first edits are ten days old, the others of an hour ago.
  void write_old(std::uint64_t old, std::uint64_t young) {
    storage::append_request request{{{}, {"default", "notes"}, generation{1}, "text", {}}, true, epoch{1}, {}, {}};
    const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    for (std::uint64_t at = 1; at <= old + young; ++at)
      request.entries.push_back({revision{at}, fixture::client(9), client_sequence{static_cast<std::uint32_t>(at)}, "",
                                 now - std::chrono::hours(at <= old ? 240 : 1), 1, share(insert_at(0, "x"))});
    const auto done = store->log->append(std::span(&request, 1));
    CAF_REQUIRE(done && done->front());
  }

  /// Nothing is gone: the log has every edit, and somebody was told why.
  void check_untrimmed(std::uint64_t edits, const std::string& why) {
    const auto found = store->history->find({"default", "notes"}).value();
    CAF_CHECK_EQUAL(found.floor.value(), 0u);
    const auto whole = store->history->read(found.info.id, revision{0}, found.head, 1'000'000).value();
    CAF_CHECK_EQUAL(whole.entries.size(), edits);
    CAF_REQUIRE(!watched.warnings.empty());
    CAF_CHECK_EQUAL(watched.warnings.back(), "the log of default/notes was not trimmed: " + why);
  }

  storage::log_extent extent() {
    return store->history->extent(store->history->find({"default", "notes"}).value().info.id).value();
  }
};

}  // namespace

CAF_TEST_FIXTURE_SCOPE(retention_tests, trimming_node)

CAF_TEST(a log is trimmed to the older of two snapshots) {
  auto alice = connect(1);
  open(alice, "notes");
  write(alice, 35);
  CAF_CHECK_EQUAL(extent().floor.value(), 20u);
  CAF_CHECK_EQUAL(extent().snapshots.size(), 2u);
  CAF_CHECK(watched.warnings.empty());
}

CAF_TEST(an edit acknowledged before a trim and sent again after it and a restart is not applied twice) {
  auto alice = connect(1);
  open(alice, "notes");
  write(alice, 5);
  auto bob = connect(2);
  open(bob, "notes");
  for (std::uint32_t i = 0; i < 30; ++i) {
    submit(bob, 5 + i, insert_at(0, "y"));
    commit();
  }
  CAF_REQUIRE(extent().floor.value() > 5u);
  const auto head = extent().head;
  leave(alice);
  leave(bob);
  restart();
  auto again = connect(1);
  open(again, "notes");
  send_edit(again, 5, 4, insert_at(0, "x"));
  commit();
  CAF_CHECK_EQUAL(outlet->count<protocol::nack>(again.connection), 0u);
  CAF_CHECK(extent().head == head);
  CAF_CHECK_EQUAL(text_of(again), std::string(30, 'y') + "xxxxx");
}

CAF_TEST(who comes back from before the floor is sent the state) {
  auto alice = connect(1);
  open(alice, "notes");
  write(alice, 35);
  leave(alice);
  restart();
  auto bob = connect(2);
  open(bob, "notes", protocol::position{generation{1}, revision{3}});
  CAF_CHECK_EQUAL(outlet->count<protocol::failure>(bob.connection), 0u);
  CAF_CHECK(outlet->count<protocol::snapshot_part>(bob.connection) > 0u);
  CAF_CHECK_EQUAL(text_of(bob), std::string(35, 'x'));
}

CAF_TEST(a labelled revision is readable before the floor and nothing else is) {
  auto alice = connect(1);
  open(alice, "notes");
  write(alice, 7);
  CAF_CHECK(ask(actors::label_revision{"draft", revision{4}, "", true}).value().is_new);
  const auto snapshots = extent().snapshots;
  CAF_CHECK(std::ranges::find(snapshots, revision{4}) != snapshots.end());
  write(alice, 30);
  CAF_REQUIRE(extent().floor > revision{7});
  CAF_CHECK_EQUAL(text_at(4).value(), "xxxx");
  CAF_CHECK(text_at(5).error().code == errc::history_trimmed);
  CAF_CHECK_EQUAL(text_at(extent().floor.value()).value().size(), extent().floor.value());
  CAF_CHECK(ask(actors::label_revision{"late", revision{5}, "", true}).error().code == errc::history_trimmed);
  CAF_CHECK(ask(actors::remove_label{"draft"}).has_value());
  CAF_CHECK(text_at(4).error().code == errc::history_trimmed);
}

CAF_TEST(a label that is refused leaves no snapshot) {
  auto alice = connect(1);
  open(alice, "notes");
  write(alice, 7);
  CAF_CHECK(ask(actors::label_revision{"draft", revision{4}, "", true}).has_value());
  CAF_CHECK(ask(actors::label_revision{"draft", revision{5}, "", true}).error().code == errc::already_exists);
  faults->set_label = error{errc::store_unavailable, "the disk is full"};
  CAF_CHECK(ask(actors::label_revision{"other", revision{6}, "", true}).error().code == errc::store_unavailable);
  CAF_CHECK(extent().snapshots == std::vector{revision{4}});
}

CAF_TEST(a label whose snapshot is not stored is set and trimming stores one) {
  auto alice = connect(1);
  open(alice, "notes");
  write(alice, 7);
  faults->write_snapshot = error{errc::store_unavailable, "the disk is full"};
  CAF_CHECK(ask(actors::label_revision{"draft", revision{4}, "", true}).value().is_new);
  CAF_CHECK(extent().snapshots.empty());
  faults->write_snapshot.reset();
  write(alice, 30);
  CAF_REQUIRE(extent().floor > revision{4});
  CAF_CHECK_EQUAL(text_at(4).value(), "xxxx");
}

CAF_TEST(labels wait for replays like requests of history and one more is set without) {
  auto alice = connect(1);
  open(alice, "notes");
  write(alice, 7);
  const auto info = store->history->find({"default", "notes"}).value().info;
  const auto under = store->log->acquire(info.document).value().epoch;
  std::size_t set = 0;
  const auto ask_for_label = [&](const std::string& name) {
    caf::anon_send(log, actors::change_label{info, under, actors::label_revision{name, revision{4}, "", true},
                                             actors::answer_once([&](auto given) { set += given ? 1U : 0U; })});
    settle();
  };
  for (std::size_t i = 0; i < limits::past_waiting_max; ++i)
    ask_for_label("label " + std::to_string(i));
  CAF_CHECK_EQUAL(writer->size(), 0u);
  ask_for_label("one more");
  CAF_REQUIRE(writer->run_one());
  CAF_CHECK_EQUAL(set, 1u);
  CAF_CHECK(extent().snapshots.empty());
  CAF_CHECK(text_at(4).error().code == errc::overloaded);
}

CAF_TEST(labels are set though the reader takes nothing) {
  auto alice = connect(1);
  open(alice, "notes");
  write(alice, 7);
  reader->is_full = true;
  CAF_CHECK(ask(actors::label_revision{"draft", revision{4}, "", true}).value().is_new);
  reader->is_full = false;
  write(alice, 30);
  CAF_REQUIRE(extent().floor > revision{4});
  CAF_CHECK_EQUAL(text_at(4).value(), "xxxx");
}

CAF_TEST(a trim that fails is reported and costs nobody an edit) {
  faults->trim = error{errc::store_unavailable, "the disk is full"};
  auto alice = connect(1);
  open(alice, "notes");
  write(alice, 25);
  CAF_CHECK_EQUAL(extent().floor.value(), 0u);
  CAF_REQUIRE(!watched.warnings.empty());
  CAF_CHECK(watched.warnings[0].find("default/notes") != std::string::npos);
  CAF_CHECK_EQUAL(text_of(alice), std::string(25, 'x'));
  faults->trim.reset();
  write(alice, 10);
  CAF_CHECK_EQUAL(extent().floor.value(), 20u);
}

CAF_TEST(a floor whose snapshot is not what the log leads to is not trimmed to) {
  auto bob = connect(2);
  open(bob, "other");
  write(bob, 10);
  const auto other = store->history->find({"default", "other"}).value().info.id;
  faults->snapshot_body = store->history->load(other).value().newest->body;
  auto alice = connect(1);
  open(alice, "notes");
  for (std::uint32_t i = 0; i < 25; ++i) {
    submit(alice, alice.sequence, insert_at(0, "y"));
    commit();
  }
  check_untrimmed(25, "its content is not what the log leads to");
}

CAF_TEST(a snapshot that does not read back as it was written stops the trim) {
  kept.others = *actors::parse_retention("2d");
  restart();
  write_old(20, 5);
  faults->snapshot_body = to_bytes("something else");
  auto alice = connect(1);
  open(alice, "notes");
  check_untrimmed(25, "a snapshot does not read back as it was written");
  faults->snapshot_body.reset();
  CAF_CHECK_EQUAL(text_of(alice), std::string(25, 'x'));
}

CAF_TEST_FIXTURE_SCOPE_END()
