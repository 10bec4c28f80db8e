// The document's shell: how it is loaded, left alone, unloaded and deleted.

#define CAF_SUITE document_unloading

#include <caf/test/unit_test_impl.hpp>

#include <vector>

#include "tests/fixture/played_document.hpp"

using namespace quire;
using namespace quire::actors;

using quire::fixture::insert_at;
using quire::fixture::role;

namespace {

constexpr std::chrono::seconds a_moment{1};

}  // namespace

CAF_TEST_FIXTURE_SCOPE(document_unloading_tests, quire::fixture::played_document)

CAF_TEST(whoever comes while it loads is told where it is once it is loaded and in one load) {
  std::vector<role<relay_actor>> crowd;
  for (int i = 0; i < 50; ++i) {
    crowd.emplace_back(sys);
    attach_to(crowd.back());
  }
  CAF_CHECK(log.heard_all());
  CAF_CHECK(crowd.front().heard_all());
  load_nothing();
  for (auto& one : crowd) {
    const auto told = one.hear<attached>();
    CAF_CHECK(told.document == tested);
    CAF_CHECK_EQUAL(told.head, revision{0});
    CAF_CHECK_EQUAL(told.type, "text");
    CAF_CHECK(one.heard_all());
  }
  CAF_CHECK(log.heard_all());
}

CAF_TEST(who leaves while it loads is told nothing) {
  attach_to(relay);
  attach_to(other);
  tell(detach{relay.handle()});
  load_nothing();
  CAF_CHECK(relay.heard_all());
  (void)other.hear<attached>();
}

CAF_TEST(what can not be loaded is an error for all who wait and for all who come later) {
  attach_to(relay);
  attach_to(other);
  tell(document_loaded{fail(errc::document_damaged, "log: revision 1: checksum"), {}});
  CAF_CHECK(relay.hear<attach_failed>().why.code == errc::document_damaged);
  CAF_CHECK(other.hear<attach_failed>().why.code == errc::document_damaged);
  CAF_CHECK_EQUAL(router.hear<document_idle>().attaches, 2u);
  CAF_CHECK_EQUAL(watched.warnings.size(), 1u);
  attach_to(relay);
  CAF_CHECK(relay.hear<attach_failed>().why.code == errc::document_damaged);
  CAF_CHECK_EQUAL(router.hear<document_idle>().attaches, 3u);
  CAF_CHECK(all_is_said());
}

CAF_TEST(a request that comes while it loads is sent back) {
  ask(read_document{});
  CAF_REQUIRE(answer);
  CAF_CHECK(answer->error().code == errc::not_here);
}

CAF_TEST(a deletion waits for what is on its way to the log and then everybody is told) {
  begin();
  write_first_edit();
  submit(relay, 2, 1, insert_at(0, "x"));
  (void)log.hear<append_edits>();
  ask(delete_document{});
  submit(other, 3, 2, insert_at(0, "y"));
  CAF_CHECK(other.hear<edits_answered>().answers[0].refusal->code == errc::store_unavailable);
  CAF_CHECK(log.heard_all());
  finish_append();
  const auto asked = log.hear<remove_document>();
  CAF_CHECK(asked.document == info.id);
  CAF_CHECK(!answer);
  tell(document_removed{});
  CAF_CHECK(answer && *answer);
  (void)relay.hear<committed_run>();
  CAF_CHECK(relay.hear<document_gone>().why.code == errc::document_deleted);
  CAF_CHECK(router.hear<document_idle>().from == tested);
}

CAF_TEST(a deletion that the store refuses is answered so and the document goes on) {
  begin();
  write_first_edit();
  ask(delete_document{});
  (void)log.hear<remove_document>();
  tell(document_removed{fail(errc::overloaded, "too much waits to be written")});
  CAF_CHECK(answer->error().code == errc::overloaded);
  CAF_CHECK(all_is_said());
  submit(relay, 2, 1, insert_at(0, "x"));
  (void)log.hear<append_edits>();
}

CAF_TEST(it says that it is idle when it was left for its time and not before) {
  begin();
  write_first_edit();
  tell(detach{relay.handle()});
  pass(limits::document_idle + a_moment);
  CAF_CHECK(router.heard_all());
  tell(detach{other.handle()});
  pass(limits::document_idle - a_moment);
  CAF_CHECK(router.heard_all());
  pass(a_moment);
  const auto told = router.hear<document_idle>();
  CAF_CHECK(told.from == tested);
  CAF_CHECK(told.document == info.document);
  CAF_CHECK_EQUAL(told.attaches, 2u);
  tell(may_end{});
  CAF_CHECK_EQUAL(watched.documents, 0);
}

CAF_TEST(who comes back in its idle time starts that anew) {
  begin();
  write_first_edit();
  leave_alone();
  pass(limits::document_idle - a_moment);
  attach_to(relay);
  tell(detach{relay.handle()});
  pass(a_moment);
  CAF_CHECK(router.heard_all());
  pass(limits::document_idle - a_moment);
  CAF_CHECK_EQUAL(router.hear<document_idle>().attaches, 3u);
}

CAF_TEST(who comes after it said that it is idle is served and counted in what it says next) {
  begin();
  write_first_edit();
  leave_alone();
  pass(limits::document_idle);
  CAF_CHECK_EQUAL(router.hear<document_idle>().attaches, 2u);
  attach_to(relay);
  CAF_CHECK_EQUAL(relay.hear<attached>().head, revision{1});
  submit(relay, 2, 1, insert_at(0, "x"));
  (void)log.hear<append_edits>();
  finish_append();
  (void)relay.hear<committed_run>();
  tell(detach{relay.handle()});
  pass(limits::document_idle);
  CAF_CHECK_EQUAL(router.hear<document_idle>().attaches, 3u);
}

CAF_TEST(it is not idle while the log has something of it) {
  begin();
  submit(relay, 1, 0, insert_at(0, "hi"));
  leave_alone();
  pass(limits::document_idle);
  pass(a_moment);
  CAF_CHECK(router.heard_all());
  finish_append();
  CAF_CHECK(router.heard_all());
  pass(a_moment);
  (void)router.hear<document_idle>();
}

CAF_TEST(what was left with many edits is snapshotted before it says that it is idle) {
  begin();
  constexpr std::uint32_t many = 100;
  for (std::uint32_t i = 0; i < many; ++i) {
    submit(relay, i + 1, i, insert_at(0, "x"));
    (void)log.hear<append_edits>();
    finish_append();
  }
  leave_alone();
  pass(limits::document_idle);
  CAF_CHECK_EQUAL(log.hear<store_snapshot>().taken.revision, revision{many});
  pass(a_moment);
  CAF_CHECK(router.heard_all());
  tell(snapshot_stored{revision{many}, {}});
  pass(a_moment);
  (void)router.hear<document_idle>();
}

CAF_TEST(what was left with few edits is snapshotted if they were large) {
  begin();
  const std::string large(96 * 1024, 'x');
  for (std::uint32_t i = 0; i < 3; ++i) {
    submit(relay, i + 1, i, insert_at(0, large));
    (void)log.hear<append_edits>();
    finish_append();
  }
  CAF_CHECK(log.heard_all());
  leave_alone();
  pass(limits::document_idle);
  CAF_CHECK_EQUAL(log.hear<store_snapshot>().taken.revision, revision{3});
  tell(snapshot_stored{revision{3}, {}});
  pass(a_moment);
  (void)router.hear<document_idle>();
}

CAF_TEST(what was left with little is not snapshotted) {
  begin();
  const std::string large(96 * 1024, 'x');
  for (std::uint32_t i = 0; i < 2; ++i) {
    submit(relay, i + 1, i, insert_at(0, large));
    (void)log.hear<append_edits>();
    finish_append();
  }
  leave_alone();
  pass(limits::document_idle);
  (void)router.hear<document_idle>();
  CAF_CHECK(log.heard_all());
}

CAF_TEST(relays that die keep no document whether they were attached or waited) {
  attach_to(other);
  other.die();
  load_nothing();
  attach_to(relay);
  (void)relay.hear<attached>();
  pass(limits::document_idle);
  CAF_CHECK(router.heard_all());
  relay.die();
  run();
  pass(limits::document_idle);
  CAF_CHECK_EQUAL(router.hear<document_idle>().attaches, 2u);
}

CAF_TEST(what does not exist is soon idle and a type that nobody knows keeps it no longer) {
  load_nothing();
  attach_to(relay, "spreadsheet");
  CAF_CHECK(relay.hear<attach_failed>().why.code == errc::unknown_document_type);
  submit(relay, 1, 0, insert_at(0, "hi"));
  CAF_CHECK(log.heard_all());
  pass(limits::absent_idle);
  CAF_CHECK_EQUAL(router.hear<document_idle>().attaches, 1u);
}

CAF_TEST(when the node stops it ends and says nothing) {
  begin();
  submit(relay, 1, 0, insert_at(0, "hi"));
  (void)log.hear<append_edits>();
  caf::anon_send_exit(tested, caf::exit_reason::user_shutdown);
  finish_append();
  CAF_CHECK_EQUAL(watched.documents, 0);
  CAF_CHECK(all_is_said());
}

CAF_TEST_FIXTURE_SCOPE_END()
