// The registry: who asks for a document comes to its one relay on this node, and a client id has one session.

#define CAF_SUITE registry

#include <caf/test/unit_test_impl.hpp>

#include "actors/registry.hpp"
#include "protocol/limits.hpp"
#include "tests/fixture/counting_instruments.hpp"
#include "tests/fixture/recording_outlet.hpp"
#include "tests/fixture/text_operations.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/fixture/role.hpp"

using namespace quire;
using namespace quire::actors;

using quire::fixture::client;
using quire::fixture::role;

namespace {

/// A registry and its relays between a router, an op log and sessions that the test plays.
struct neighbours : test_coordinator_fixture<> {
  neighbours() { start(limits::relays_max); }

  ~neighbours() { stop(); }

  void start(std::size_t relays_max) {
    registry =
      sys.spawn(actors::registry, registry_surroundings{router.handle(), log.handle(), &watched, idle, relays_max});
    run();
  }

  void stop() {
    caf::anon_send_exit(registry, caf::exit_reason::user_shutdown);
    run();
  }

  /// Runs the actors until none has a message.
  void run() { consume_messages(); }

  template <class Message>
  void tell(Message msg) {
    caf::anon_send(registry, std::move(msg));
    run();
  }

  subscribe subscription(role<session_actor>& who, const document_name& document) {
    ++requests;
    return {who.handle(), outlet, connection_id{requests}, client(1), "", {requests, document, "text", {}}};
  }

  void open(role<session_actor>& who, const std::string& name) { tell(subscription(who, {"default", name})); }

  void read(const std::string& name) {
    answer.reset();
    tell(document_request{
      {"default", name}, read_document{}, [this](result<document_answer> got) { answer = std::move(got); }});
  }

  void claim(role<session_actor>& who, bytes resume = {}) { tell(claim_client{who.handle(), client(1), resume}); }

  const std::chrono::milliseconds idle = limits::relay_idle;
  fixture::counting_instruments watched;
  std::shared_ptr<fixture::recording_outlet> outlet = std::make_shared<fixture::recording_outlet>();
  role<router_actor> router{sys};
  role<op_log_actor> log{sys};
  role<session_actor> session{sys};
  role<session_actor> other{sys};
  std::optional<result<document_answer>> answer;
  std::uint32_t requests = 0;
  registry_actor registry;
};

}  // namespace

CAF_TEST_FIXTURE_SCOPE(registry_tests, neighbours)

CAF_TEST(many who open a document at once come to one relay that looks for it once) {
  std::vector<role<session_actor>> crowd;
  for (int i = 0; i < 50; ++i) {
    crowd.emplace_back(sys);
    caf::anon_send(registry, subscription(crowd.back(), {"default", "notes"}));
  }
  run();
  CAF_CHECK_EQUAL(watched.relays, 1);
  const auto relay = router.hear<attach>().relay;
  CAF_CHECK(router.heard_all());
  for (auto& one : crowd)
    CAF_CHECK(one.hear<open_forwarded>().relay == relay);
}

CAF_TEST(an opener learns which relay has to answer before that does) {
  open(session, "notes");
  const auto forwarded = session.hear<open_forwarded>();
  CAF_CHECK_EQUAL(forwarded.request, requests);
  CAF_CHECK(session.heard_all());
  caf::anon_send(forwarded.relay, attach_failed{{errc::overloaded, "too many wait"}});
  run();
  CAF_CHECK_EQUAL(session.hear<open_refused>().request, requests);
}

CAF_TEST(two documents have two relays and no number twice) {
  open(session, "one");
  open(session, "two");
  const auto first = session.hear<open_forwarded>().relay;
  const auto second = session.hear<open_forwarded>().relay;
  CAF_CHECK(first != second);
  const auto answer_attach = [&](const relay_actor& relay) {
    role<document_actor> document{sys};
    caf::anon_send(
      relay,
      attached{
        {}, document.handle(), epoch{1}, generation{1}, revision{0}, "text", std::make_shared<const client_table>()});
    run();
    (void)document.hear<take_state>();
    caf::anon_send(relay, state_taken{revision{0}, share({})});
    run();
    return session.hear<subscribed>().document;
  };
  CAF_CHECK(answer_attach(first) != answer_attach(second));
}

CAF_TEST(a relay that died is replaced) {
  open(session, "notes");
  const auto dead = session.hear<open_forwarded>().relay;
  caf::anon_send_exit(dead, caf::exit_reason::kill);
  run();
  open(session, "notes");
  CAF_CHECK(session.hear<open_forwarded>().relay != dead);
  CAF_CHECK_EQUAL(watched.relays, 1);
}

CAF_TEST(who opens in the moment in which the relay dies knows which one it was and the next is another) {
  open(session, "notes");
  const auto dying = session.hear<open_forwarded>().relay;
  caf::anon_send(registry, subscription(other, {"default", "notes"}));
  caf::anon_send_exit(dying, caf::exit_reason::kill);
  run();
  // So it can watch it, and learns that it ended.
  CAF_CHECK(other.hear<open_forwarded>().relay == dying);
  open(other, "notes");
  CAF_CHECK(other.hear<open_forwarded>().relay != dying);
}

CAF_TEST(a request that comes in the moment in which the relay dies is answered) {
  open(session, "notes");
  const auto dying = session.hear<open_forwarded>().relay;
  caf::anon_send(registry, document_request{{"default", "notes"}, read_document{}, [this](result<document_answer> got) {
                                              answer = std::move(got);
                                            }});
  caf::anon_send_exit(dying, caf::exit_reason::kill);
  run();
  CAF_REQUIRE(answer);
  CAF_CHECK(answer->error().code == errc::not_here);
}

CAF_TEST(a node with as many documents as it can have refuses one more and has room again when one ends) {
  constexpr std::size_t few = 3;
  stop();
  start(few);
  for (std::size_t i = 0; i < few; ++i) {
    open(session, std::to_string(i));
    (void)session.hear<open_forwarded>();
  }
  CAF_CHECK_EQUAL(watched.relays, static_cast<int>(few));
  open(other, "one more");
  const auto refused = other.hear<open_refused>();
  CAF_CHECK(refused.why.code == errc::overloaded);
  CAF_CHECK_EQUAL(refused.request, requests);
  read("one more");
  CAF_REQUIRE(answer);
  CAF_CHECK(answer->error().code == errc::overloaded);
  CAF_CHECK_EQUAL(watched.relays, static_cast<int>(few));

  open(other, "0");
  const auto known = other.hear<open_forwarded>().relay;
  read("0");
  CAF_CHECK(!answer);
  caf::anon_send_exit(known, caf::exit_reason::kill);
  run();
  open(other, "one more");
  (void)other.hear<open_forwarded>();
  CAF_CHECK_EQUAL(watched.relays, static_cast<int>(few));
}

CAF_TEST(a node has room for as many documents as its limit says unless it is told otherwise) {
  CAF_CHECK_EQUAL(registry_surroundings{}.relays_max, limits::relays_max);
}

CAF_TEST(a relay that is idle and was sent nobody meanwhile may end) {
  open(session, "notes");
  const auto relay = session.hear<open_forwarded>().relay;
  tell(relay_idle{{"default", "notes"}, relay, 1});
  CAF_CHECK_EQUAL(watched.relays, 0);
  open(session, "notes");
  CAF_CHECK(session.hear<open_forwarded>().relay != relay);
}

CAF_TEST(a relay that was sent an open or a request since it said that it is idle goes on) {
  open(session, "notes");
  const auto relay = session.hear<open_forwarded>().relay;
  open(other, "notes");
  tell(relay_idle{{"default", "notes"}, relay, 1});
  CAF_CHECK_EQUAL(watched.relays, 1);
  read("notes");
  tell(relay_idle{{"default", "notes"}, relay, 2});
  CAF_CHECK_EQUAL(watched.relays, 1);
  tell(relay_idle{{"default", "notes"}, relay, 3});
  CAF_CHECK_EQUAL(watched.relays, 0);
}

CAF_TEST(what a relay says that was replaced ends nobody) {
  open(session, "notes");
  const auto dead = session.hear<open_forwarded>().relay;
  caf::anon_send_exit(dead, caf::exit_reason::kill);
  run();
  open(session, "notes");
  const auto next = session.hear<open_forwarded>().relay;
  tell(relay_idle{{"default", "notes"}, dead, 1});
  tell(relay_idle{{"default", "nothing"}, next, 1});
  CAF_CHECK_EQUAL(watched.relays, 1);
}

CAF_TEST(a client id has one session and the one that knows its secret takes it over) {
  claim(session);
  const auto first = session.hear<client_claimed>().resume;
  claim(other);
  (void)other.hear<client_refused>();
  CAF_CHECK(session.heard_all());
  claim(other, first);
  CAF_CHECK(session.hear<end_session>().code == errc::superseded);
  const auto second = other.hear<client_claimed>().resume;
  CAF_CHECK(second != first);
  // The one that was taken over ends afterwards, and has nothing to give back.
  tell(release_client{session.handle(), client(1)});
  claim(session);
  (void)session.hear<client_refused>();
  claim(session, first);
  (void)session.hear<client_refused>();
}

CAF_TEST(a client id that is given back is free for anybody) {
  claim(session);
  (void)session.hear<client_claimed>();
  tell(release_client{session.handle(), client(1)});
  claim(other);
  (void)other.hear<client_claimed>();
}

CAF_TEST(before the node stops every session is told when to come back and so is who comes late) {
  constexpr std::chrono::seconds spread{4};
  claim(session);
  (void)session.hear<client_claimed>();
  tell(end_all_sessions{spread});
  claim(other);
  for (auto* each : {&session, &other}) {
    const auto told = each->hear<end_session>();
    CAF_CHECK(told.code == errc::shutting_down);
    CAF_CHECK(told.retry >= spread / 2 && told.retry <= spread);
  }
}

CAF_TEST(when the node stops its relays end and so do its sessions) {
  claim(session);
  (void)session.hear<client_claimed>();
  open(session, "notes");
  (void)session.hear<open_forwarded>();
  stop();
  CAF_CHECK_EQUAL(watched.relays, 0);
  CAF_CHECK(session.hear<caf::exit_msg>().reason == caf::exit_reason::user_shutdown);
}

CAF_TEST_FIXTURE_SCOPE_END()
