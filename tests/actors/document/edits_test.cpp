// The document's shell: which message leads to which, to whom, and in which order.

#define CAF_SUITE document_edits

#include <caf/test/unit_test_impl.hpp>

#include "tests/fixture/played_document.hpp"

using namespace quire;
using namespace quire::actors;

using quire::fixture::insert_at;

CAF_TEST_FIXTURE_SCOPE(document_edits_tests, quire::fixture::played_document)

CAF_TEST(an edit goes to the log at once and to the relays only when it is durable) {
  begin();
  submit(relay, 1, 0, insert_at(0, "hi"));
  const auto asked = log.hear<append_edits>();
  CAF_CHECK(asked.from == tested);
  CAF_CHECK(asked.request.creates);
  CAF_CHECK_EQUAL(asked.request.epoch, epoch{1});
  CAF_CHECK_EQUAL(asked.request.entries.size(), 1u);
  CAF_CHECK(all_is_said());
  finish_append();
  for (auto* each : {&relay, &other}) {
    const auto told = each->hear<committed_run>();
    CAF_CHECK_EQUAL(told.first, revision{1});
    CAF_CHECK_EQUAL(told.run->size(), 1u);
  }
  CAF_CHECK(all_is_said());
}

CAF_TEST(appends go on while one is under way and each is let out by its own answer) {
  begin();
  submit(relay, 1, 0, insert_at(0, "one"));
  submit(other, 2, 1, insert_at(3, " two"));
  CAF_CHECK_EQUAL(log.hear<append_edits>().request.base, revision{0});
  const auto second = log.hear<append_edits>();
  CAF_CHECK_EQUAL(second.request.base, revision{1});
  CAF_CHECK(!second.request.creates);
  finish_append();
  CAF_CHECK_EQUAL(other.hear<committed_run>().first, revision{1});
  CAF_CHECK(other.heard_all());
  finish_append();
  CAF_CHECK_EQUAL(other.hear<committed_run>().first, revision{2});
}

CAF_TEST(relays learn with each run whether the store is slow) {
  begin();
  submit(relay, 1, 0, insert_at(0, "a"));
  submit(relay, 2, 1, insert_at(0, "b"));
  finish_append({}, true);
  CAF_CHECK(relay.hear<committed_run>().is_store_slow);
  finish_append({}, false);
  CAF_CHECK(!relay.hear<committed_run>().is_store_slow);
}

CAF_TEST(an edit that is sent again is not appended again and is acknowledged after it is durable) {
  begin();
  submit(relay, 1, 0, insert_at(0, "hi"));
  (void)log.hear<append_edits>();
  submit(other, 1, 0, insert_at(0, "hi"));
  CAF_CHECK(all_is_said());
  finish_append();
  (void)relay.hear<committed_run>();
  (void)other.hear<committed_run>();
  const auto told = other.hear<edits_answered>();
  CAF_CHECK(!told.answers[0].refusal);
  CAF_CHECK_EQUAL(told.answers[0].revision, revision{1});
  submit(relay, 1, 0, insert_at(0, "hi"));
  CAF_CHECK(!relay.hear<edits_answered>().answers[0].refusal);
  CAF_CHECK(all_is_said());
}

CAF_TEST(a gap is answered at once to its relay alone and what follows is taken) {
  begin();
  submit(relay, 3, 0, insert_at(0, "hi"));
  const auto told = relay.hear<edits_answered>();
  CAF_CHECK(told.answers[0].refusal->code == errc::sequence_gap);
  CAF_CHECK_EQUAL(told.answers[0].expected, client_sequence{1});
  CAF_CHECK(all_is_said());
  submit(relay, 1, 0, insert_at(0, "hi"));
  (void)log.hear<append_edits>();
}

CAF_TEST(of a relay that is not attached it takes nothing) {
  load_nothing();
  submit(relay, 1, 0, insert_at(0, "hi"));
  tell(take_state{relay.handle()});
  CAF_CHECK(all_is_said());
}

CAF_TEST(a relay that attaches again is told again where it is and gets each run once) {
  begin();
  attach_to(relay);
  CAF_CHECK(relay.hear<attached>().document == tested);
  submit(relay, 1, 0, insert_at(0, "hi"));
  (void)log.hear<append_edits>();
  finish_append();
  (void)relay.hear<committed_run>();
  CAF_CHECK(relay.heard_all());
}

CAF_TEST(a state that is asked for is given after the run that it shows) {
  begin();
  submit(relay, 1, 0, insert_at(0, "hi"));
  (void)log.hear<append_edits>();
  tell(take_state{other.handle()});
  CAF_CHECK(all_is_said());
  finish_append();
  (void)other.hear<committed_run>();
  CAF_CHECK_EQUAL(other.hear<state_taken>().revision, revision{1});
  (void)relay.hear<committed_run>();
  CAF_CHECK(all_is_said());
}

CAF_TEST(an owner that is fenced shows nothing of what was refused and sends everybody away) {
  begin();
  submit(relay, 1, 0, insert_at(0, "hi"));
  (void)log.hear<append_edits>();
  tell(take_state{relay.handle()});
  ask(read_document{});
  CAF_CHECK(!answer);
  finish_append(fail(errc::stale_epoch, "another owner has it"));
  CAF_REQUIRE(answer);
  CAF_CHECK(answer->error().code == errc::stale_epoch);
  CAF_CHECK(relay.hear<document_gone>().why.code == errc::stale_epoch);
  CAF_CHECK(other.hear<document_gone>().why.code == errc::stale_epoch);
  CAF_CHECK(router.hear<document_idle>().from == tested);
  submit(relay, 1, 0, insert_at(0, "hi"));
  CAF_CHECK(all_is_said());
  attach_to(relay);
  CAF_CHECK(relay.hear<attach_failed>().why.code == errc::stale_epoch);
}

CAF_TEST(the answers of appends that a failed one took with it change nothing) {
  begin();
  submit(relay, 1, 0, insert_at(0, "one"));
  submit(relay, 2, 1, insert_at(3, " two"));
  finish_append(fail(errc::commit_in_doubt, "the answer was lost"));
  CAF_CHECK(relay.hear<document_gone>().why.code == errc::commit_in_doubt);
  finish_append();
  tell(snapshot_stored{revision{1}, {}});
  CAF_CHECK(relay.heard_all());
  ask(read_document{});
  CAF_CHECK(answer->error().code == errc::not_here);
}

CAF_TEST(a snapshot is written only of what is durable and one at a time) {
  start(2);
  begin();
  submit(relay, 1, 0, insert_at(0, "one"));
  submit(relay, 2, 1, insert_at(3, " two"));
  (void)log.hear<append_edits>();
  (void)log.hear<append_edits>();
  finish_append();
  CAF_CHECK(log.heard_all());
  finish_append();
  const auto asked = log.hear<store_snapshot>();
  CAF_CHECK_EQUAL(asked.taken.revision, revision{2});
  CAF_CHECK_EQUAL(asked.under, epoch{1});
  for (std::uint32_t i = 2; i < 4; ++i) {
    submit(relay, i + 1, i, insert_at(0, "x"));
    (void)log.hear<append_edits>();
    finish_append();
  }
  CAF_CHECK(log.heard_all());
  tell(snapshot_stored{revision{2}, {}});
  CAF_CHECK_EQUAL(log.hear<store_snapshot>().taken.revision, revision{4});
}

CAF_TEST(a snapshot that is not stored is reported and the next is tried) {
  start(1);
  begin();
  write_first_edit();
  (void)log.hear<store_snapshot>();
  tell(snapshot_stored{revision{1}, fail(errc::overloaded, "too much waits to be written")});
  CAF_CHECK_EQUAL(watched.warnings.size(), 1u);
  CAF_CHECK(all_is_said());
  submit(relay, 2, 1, insert_at(0, "x"));
  (void)log.hear<append_edits>();
  finish_append();
  CAF_CHECK_EQUAL(log.hear<store_snapshot>().taken.revision, revision{2});
}

CAF_TEST(as many requests wait for the log as may and one more is refused at once) {
  begin();
  write_first_edit();
  submit(relay, 2, 1, insert_at(0, "x"));
  std::size_t good = 0;
  for (std::size_t i = 0; i < limits::held_answers_max; ++i)
    tell(document_request{info.document, read_document{},
                          [&](const result<document_answer>& got) { good += got.has_value(); }});
  CAF_CHECK_EQUAL(good, 0u);
  ask(read_document{});
  CAF_REQUIRE(answer);
  CAF_CHECK(answer->error().code == errc::store_unavailable);
  finish_append();
  CAF_CHECK_EQUAL(good, limits::held_answers_max);
  ask(read_document{});
  CAF_CHECK(answer && *answer);
}

CAF_TEST_FIXTURE_SCOPE_END()
