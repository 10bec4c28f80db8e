// The relay's shell: how it looks for its document, what it sends there, and what happens when the document goes.

#define CAF_SUITE relay_document_loss

#include <caf/test/unit_test_impl.hpp>

#include "tests/fixture/played_relay.hpp"

using namespace quire;
using namespace quire::actors;
using namespace quire::fixture;

namespace {

struct losses : played_relay {
  static std::vector<std::uint32_t> sequences_of(const submit_edits& msg) {
    std::vector<std::uint32_t> all;
    for (const auto& edit : msg.edits)
      all.push_back(static_cast<std::uint32_t>(edit.sequence.value()));
    return all;
  }

  /// How long it takes until the router is asked again.
  std::chrono::milliseconds pause_before_attach() {
    std::chrono::milliseconds waited{0};
    for (; router.heard_all() && waited <= 2 * longest_pause; waited += std::chrono::milliseconds{10})
      pass(std::chrono::milliseconds{10});
    (void)router.hear<attach>();
    return waited;
  }
};

}  // namespace

CAF_TEST_FIXTURE_SCOPE(relay_document_loss_tests, losses)

CAF_TEST(an attach that is not answered is sent again and one that is answered is not ) {
  open(alice);
  (void)router.hear<attach>();
  pass(attach_timeout - std::chrono::milliseconds{1});
  CAF_CHECK(router.heard_all());
  pass(std::chrono::milliseconds{1});
  CAF_CHECK(router.hear<attach>().relay == relay);
  attach_to(document, epoch{1}, 0);
  pass(attach_timeout);
  CAF_CHECK(router.heard_all());
}

CAF_TEST(an answer that comes twice changes nothing) {
  begin();
  attach_to(document, epoch{1}, 0);
  CAF_CHECK(alice.session.heard_all());
  CAF_CHECK_EQUAL(count<protocol::opened>(alice), 1u);
  commit(bob, 1, epoch{1}, 1);
  CAF_CHECK_EQUAL(count<protocol::edits>(alice), 1u);
  CAF_CHECK_EQUAL(count<protocol::resync>(alice), 0u);
}

CAF_TEST(a document that dies is looked for at once and who has it open is told nothing) {
  begin();
  document.die();
  run();
  CAF_CHECK_EQUAL(router.hear<attach>().type, "text");
  attach_to(next_document, epoch{2}, 0);
  commit(alice, 1, epoch{2}, 1);
  for (auto* each : {&alice, &bob}) {
    CAF_CHECK(each->session.heard_all());
    CAF_CHECK_EQUAL(count<protocol::opened>(*each), 1u);
    CAF_CHECK_EQUAL(count<protocol::edits>(*each), 1u);
  }
}

CAF_TEST(edits that come while it has no document go to the next with those unanswered and in order) {
  begin();
  submit(alice, "one");
  CAF_CHECK(sequences_of(document.hear<submit_edits>()) == std::vector<std::uint32_t>{1});
  document.die();
  run();
  submit(alice, "two");
  submit(alice, "three");
  CAF_CHECK_EQUAL(outlet->connections[alice.connection].credit_edits, 0u);
  attach_to(next_document, epoch{2}, 0);
  const auto sent = next_document.hear<submit_edits>();
  CAF_CHECK(sent.relay == relay);
  CAF_CHECK((sequences_of(sent) == std::vector<std::uint32_t>{1, 2, 3}));
  CAF_CHECK(next_document.heard_all());
  // The first was durable already: it is acknowledged, and the others come in a run.
  tell(edits_answered{{{alice.client, client_sequence{1}, revision{0}, {}, {}, {}}}});
  commit(alice, 2, epoch{2}, 1);
  commit(alice, 3, epoch{2}, 2);
  CAF_CHECK_EQUAL(last<protocol::ack>(alice).sequence, client_sequence{1});
  CAF_CHECK_EQUAL(count<protocol::ack>(bob), 0u);
  CAF_CHECK_EQUAL(outlet->connections[alice.connection].credit_edits, 3u);
}

CAF_TEST(no more edits are with the document than its credit and the others follow what it answers) {
  begin();
  const auto edits = static_cast<std::uint32_t>(limits::relay_credit_edits);
  for (std::uint32_t i = 0; i < edits; ++i) {
    submit(alice, "x");
    (void)document.hear<submit_edits>();
  }
  submit(alice, "x");
  CAF_CHECK(document.heard_all());
  commit(alice, 1, epoch{1}, 1);
  CAF_CHECK(sequences_of(document.hear<submit_edits>()) == std::vector<std::uint32_t>{edits + 1});
}

CAF_TEST(while the store is slow half as many edits are with the document) {
  begin();
  const auto half = static_cast<std::uint32_t>(limits::relay_credit_edits / 2);
  commit(bob, 1, epoch{1}, 1, true);
  for (std::uint32_t i = 0; i < half; ++i) {
    submit(alice, "x");
    (void)document.hear<submit_edits>();
  }
  submit(alice, "x");
  CAF_CHECK(document.heard_all());
  commit(bob, 2, epoch{1}, 2, false);
  CAF_CHECK(sequences_of(document.hear<submit_edits>()) == std::vector<std::uint32_t>{half + 1});
}

CAF_TEST(after an owner that was fenced its runs count no more and those of the next do) {
  begin();
  lose(errc::stale_epoch);
  commit(bob, 1, epoch{1}, 1);
  CAF_CHECK_EQUAL(count<protocol::edits>(alice), 0u);
  (void)router.hear<attach>();
  attach_to(next_document, epoch{2}, 0);
  commit(bob, 1, epoch{1}, 1);
  CAF_CHECK_EQUAL(count<protocol::edits>(alice), 0u);
  document.die();
  run();
  CAF_CHECK(router.heard_all());
  commit(bob, 1, epoch{2}, 1);
  CAF_CHECK_EQUAL(count<protocol::edits>(alice), 1u);
  CAF_CHECK(alice.session.heard_all());
}

CAF_TEST(who missed something while the document was away is told to come again) {
  begin();
  lose(errc::commit_in_doubt);
  attach_to(next_document, epoch{2}, 1);
  for (auto* each : {&alice, &bob}) {
    CAF_CHECK_EQUAL(count<protocol::resync>(*each), 1u);
    CAF_CHECK_EQUAL(each->session.hear<unsubscribed>().document, number);
    CAF_CHECK(outlet->connections[each->connection].relays.empty());
  }
  open(alice, protocol::position{generation{1}, revision{1}});
  (void)alice.session.hear<subscribed>();
}

CAF_TEST(a run that leaves one out is not shown and the document is looked for again) {
  begin();
  commit(bob, 2, epoch{1}, 2);
  CAF_CHECK_EQUAL(count<protocol::edits>(alice), 0u);
  (void)router.hear<attach>();
  attach_to(document, epoch{1}, 2);
  CAF_CHECK_EQUAL(count<protocol::resync>(alice), 1u);
}

CAF_TEST(who opens while the document is away is served by the next and who was there goes on) {
  begin();
  leave(bob);
  (void)bob.session.hear<unsubscribed>();
  document.die();
  run();
  open(bob);
  CAF_CHECK(bob.session.heard_all());
  attach_to(next_document, epoch{2}, 0);
  (void)next_document.hear<take_state>();
  give_state(0, "");
  (void)bob.session.hear<subscribed>();
  CAF_CHECK(alice.session.heard_all());
}

CAF_TEST(a state that the document died with is asked of the next) {
  open(alice);
  attach_to(document, epoch{1}, 0);
  (void)document.hear<take_state>();
  document.die();
  run();
  attach_to(next_document, epoch{2}, 0);
  (void)next_document.hear<take_state>();
  give_state(0, "");
  (void)alice.session.hear<subscribed>();
  CAF_CHECK_EQUAL(count<protocol::opened>(alice), 1u);
}

CAF_TEST(a document that was deleted is closed for everybody and not looked for) {
  begin();
  submit(alice, "hi");
  lose(errc::document_deleted);
  for (auto* each : {&alice, &bob}) {
    CAF_CHECK(last<protocol::closed>(*each).code == errc::document_deleted);
    CAF_CHECK_EQUAL(each->session.hear<unsubscribed>().document, number);
  }
  CAF_CHECK_EQUAL(outlet->connections[alice.connection].credit_edits, 1u);
  pass(attach_timeout);
  CAF_CHECK(router.heard_all());
  open(alice);
  (void)router.hear<attach>();
}

CAF_TEST(a document that is lost again and again is looked for with growing pauses) {
  begin();
  submit(alice, "hi");
  std::vector<std::chrono::milliseconds> pauses;
  for (std::size_t i = 0; i < limits::attach_failures_max; ++i) {
    lose(errc::not_here);
    pauses.push_back(pause_before_attach());
    attach_to(document, epoch{i + 2}, 0);
  }
  CAF_CHECK_EQUAL(pauses.front().count(), 0);
  for (std::size_t i = 1; i < pauses.size(); ++i)
    CAF_CHECK(pauses[i] > pauses[i - 1] || pauses[i] == longest_pause);
  CAF_CHECK_EQUAL(pauses.back().count(), longest_pause.count());
}

CAF_TEST(a document that is lost as often as can be borne is still had and once more it is given up) {
  begin();
  submit(alice, "hi");
  for (std::size_t i = 0; i < limits::attach_failures_max; ++i) {
    lose(errc::not_here);
    pass(longest_pause);
    (void)router.hear<attach>();
    attach_to(document, epoch{i + 2}, 0);
  }
  CAF_CHECK_EQUAL(count<protocol::closed>(alice), 0u);
  CAF_CHECK(alice.session.heard_all());
  lose(errc::not_here);
  for (auto* each : {&alice, &bob}) {
    CAF_CHECK(last<protocol::closed>(*each).code == errc::not_here);
    (void)each->session.hear<unsubscribed>();
  }
  CAF_CHECK_EQUAL(outlet->connections[alice.connection].credit_edits, 1u);
  pass(attach_timeout);
  CAF_CHECK(router.heard_all());
}

CAF_TEST(an opener is told that the document can not be had after as many failures and not before) {
  open(alice);
  (void)router.hear<attach>();
  fail_to_attach_as_often_as_it_can_bear();
  CAF_CHECK(alice.session.heard_all());
  tell(attach_failed{{errc::not_here, "the document moves"}});
  CAF_CHECK(alice.session.hear<open_refused>().why.code == errc::not_here);
  pass(attach_timeout);
  CAF_CHECK(router.heard_all());
  open(alice);
  (void)router.hear<attach>();
  fail_to_attach_as_often_as_it_can_bear();
  CAF_CHECK(alice.session.heard_all());
}

CAF_TEST(an edit that is committed forgives the failures before it) {
  open(alice, protocol::position{generation{1}, revision{0}});
  (void)router.hear<attach>();
  fail_to_attach_as_often_as_it_can_bear();
  submit(alice, "hi");
  attach_to(document, epoch{1}, 0);
  (void)alice.session.hear<subscribed>();
  commit(alice, 1, epoch{1}, 1);
  lose(errc::not_here);
  (void)router.hear<attach>();
  tell(attach_failed{{errc::not_here, "the document moves"}});
  pass(longest_pause);
  (void)router.hear<attach>();
  CAF_CHECK(alice.session.heard_all());
}

CAF_TEST_FIXTURE_SCOPE_END()
