// The router of a single node: who asks for a document comes to its one actor, whatever happens to that.

#define CAF_SUITE router

#include <caf/test/unit_test_impl.hpp>

#include "actors/router.hpp"
#include "protocol/limits.hpp"
#include "tests/fixture/counting_instruments.hpp"

#include <string>
#include <vector>

#include "tests/fixture/role.hpp"

using namespace quire;
using namespace quire::actors;

using quire::fixture::role;

namespace {

/// A router and its documents between an op log and relays that the test plays.
struct neighbours : test_coordinator_fixture<> {
  neighbours() {
    router = sys.spawn(local_router, log.handle(),
                       document_options{{{}, limits::snapshot_after_operations, limits::snapshot_after_bytes}, idle},
                       &watched);
    run();
  }

  ~neighbours() {
    caf::anon_send_exit(router, caf::exit_reason::user_shutdown);
    run();
  }

  /// Runs the actors until none has a message.
  void run() { consume_messages(); }

  void attach_to(role<relay_actor>& who, const document_name& document) {
    caf::anon_send(router, attach{document, who.handle(), "text"});
    run();
  }

  /// As the op log does for a document that does not exist. Gives the document's actor.
  document_actor load_nothing() {
    const auto asked = log.hear<load_document>();
    storage::document_info info{{}, asked.document, generation{1}, "", {}};
    caf::anon_send(asked.from, document_loaded{storage::acquired{info, false, epoch{1}, revision{0}}, {}});
    run();
    return asked.from;
  }

  void tell_idle(const document_name& document, document_actor from, std::uint64_t attaches) {
    caf::anon_send(router, document_idle{document, std::move(from), attaches});
    run();
  }

  const std::chrono::milliseconds idle = limits::document_idle;
  const document_name notes{"default", "notes"};
  fixture::counting_instruments watched;
  role<op_log_actor> log{sys};
  role<relay_actor> relay{sys};
  role<relay_actor> other{sys};
  router_actor router;
};

}  // namespace

CAF_TEST_FIXTURE_SCOPE(router_tests, neighbours)

CAF_TEST(many who ask for a document at once come to one actor) {
  std::vector<role<relay_actor>> crowd;
  for (int i = 0; i < 50; ++i) {
    crowd.emplace_back(sys);
    caf::anon_send(router, attach{notes, crowd.back().handle(), "text"});
  }
  run();
  const auto document = load_nothing();
  CAF_CHECK(log.heard_all());
  CAF_CHECK_EQUAL(watched.documents, 1);
  for (auto& one : crowd)
    CAF_CHECK(one.hear<attached>().document == document);
}

CAF_TEST(two documents are two actors also when they differ in their organisation alone) {
  attach_to(relay, notes);
  attach_to(other, {"else", "notes"});
  const auto first = load_nothing();
  const auto second = load_nothing();
  CAF_CHECK(first != second);
  CAF_CHECK(relay.hear<attached>().document == first);
  CAF_CHECK(other.hear<attached>().document == second);
}

CAF_TEST(a document that died is replaced and its successor loads anew) {
  attach_to(relay, notes);
  const auto dead = load_nothing();
  (void)relay.hear<attached>();
  caf::anon_send_exit(dead, caf::exit_reason::kill);
  run();
  CAF_CHECK_EQUAL(watched.documents, 0);
  attach_to(relay, notes);
  const auto next = load_nothing();
  CAF_CHECK(next != dead);
  CAF_CHECK(relay.hear<attached>().document == next);
  CAF_CHECK(relay.heard_all());
}

CAF_TEST(who asks in the moment in which the document dies is answered when it asks again) {
  attach_to(relay, notes);
  const auto dying = load_nothing();
  caf::anon_send(router, attach{notes, other.handle(), "text"});
  caf::anon_send_exit(dying, caf::exit_reason::kill);
  run();
  CAF_CHECK(other.heard_all());
  attach_to(other, notes);
  const auto next = load_nothing();
  CAF_CHECK(next != dying);
  CAF_CHECK(other.hear<attached>().document == next);
}

CAF_TEST(an idle document that was sent nobody meanwhile may end and is loaded when it is asked for again) {
  attach_to(relay, notes);
  const auto document = load_nothing();
  tell_idle(notes, document, 1);
  CAF_CHECK_EQUAL(watched.documents, 0);
  (void)relay.hear<attached>();
  attach_to(relay, notes);
  CAF_CHECK(load_nothing() != document);
  CAF_CHECK(relay.hear<attached>().document != document);
}

CAF_TEST(an idle document that was sent somebody meanwhile goes on) {
  attach_to(relay, notes);
  const auto document = load_nothing();
  attach_to(other, notes);
  tell_idle(notes, document, 1);
  CAF_CHECK_EQUAL(watched.documents, 1);
  attach_to(relay, notes);
  CAF_CHECK(log.heard_all());
  tell_idle(notes, document, 3);
  CAF_CHECK_EQUAL(watched.documents, 0);
}

CAF_TEST(what an actor says that is not the document any more ends nobody) {
  attach_to(relay, notes);
  const auto dead = load_nothing();
  caf::anon_send_exit(dead, caf::exit_reason::kill);
  run();
  attach_to(relay, notes);
  const auto next = load_nothing();
  tell_idle(notes, dead, 1);
  tell_idle({"default", "nothing"}, next, 1);
  CAF_CHECK_EQUAL(watched.documents, 1);
  attach_to(other, notes);
  CAF_CHECK(other.hear<attached>().document == next);
}

CAF_TEST(a document that can not be loaded is not kept and is tried again by who asks next) {
  attach_to(relay, notes);
  caf::anon_send(log.hear<load_document>().from, document_loaded{fail(errc::overloaded, "too many wait"), {}});
  run();
  CAF_CHECK(relay.hear<attach_failed>().why.code == errc::overloaded);
  CAF_CHECK_EQUAL(watched.documents, 0);
  attach_to(relay, notes);
  const auto next = load_nothing();
  CAF_CHECK(relay.hear<attached>().document == next);
}

CAF_TEST(a document that nobody needs is gone after its idle time and another stays) {
  attach_to(relay, notes);
  const auto document = load_nothing();
  attach_to(other, {"default", "more notes"});
  (void)load_nothing();
  caf::anon_send(document, detach{relay.handle()});
  run();
  sched.advance_time(limits::absent_idle);
  run();
  CAF_CHECK_EQUAL(watched.documents, 1);
}

CAF_TEST(when the node stops its documents end and who asks is not answered) {
  attach_to(relay, notes);
  (void)load_nothing();
  attach_to(other, {"default", "more notes"});
  (void)relay.hear<attached>();
  caf::anon_send_exit(router, caf::exit_reason::user_shutdown);
  run();
  CAF_CHECK_EQUAL(watched.documents, 0);
  attach_to(relay, notes);
  CAF_CHECK(relay.heard_all());
}

CAF_TEST_FIXTURE_SCOPE_END()
