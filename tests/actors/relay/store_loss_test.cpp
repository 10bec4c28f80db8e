// What a relay does about edits that were durable and that the store no longer has.

#define CAF_SUITE relay_store_loss

#include <caf/test/unit_test_impl.hpp>

#include "tests/fixture/played_relay.hpp"

using namespace quire;
using namespace quire::actors;
using namespace quire::fixture;

namespace {

struct forgetful_store : played_relay {
  /// Alice's first edit was durable; the next document is without it, and is sent it again.
  void lose_an_edit() {
    begin();
    commit(alice, 1, epoch{1}, 1);
    lose(errc::stale_epoch);
    (void)router.hear<attach>();
    attach_to(next_document, epoch{2}, 0);
    (void)next_document.hear<submit_edits>();
  }
};

}  // namespace

CAF_TEST_FIXTURE_SCOPE(relay_store_loss_tests, forgetful_store)

CAF_TEST(durable edits that the store lost are sent again before all others under their own numbers) {
  begin();
  commit(alice, 1, epoch{1}, 1);
  commit(alice, 2, epoch{1}, 2);
  commit(bob, 1, epoch{1}, 3);
  lose(errc::stale_epoch);
  bob.sequence = 1;
  submit(bob, "waits");
  (void)router.hear<attach>();
  attach_to(next_document, epoch{2}, 1);
  const auto sent = next_document.hear<submit_edits>();
  CAF_REQUIRE_EQUAL(sent.edits.size(), 3u);
  CAF_CHECK(sent.edits[0].client == alice.client);
  CAF_CHECK_EQUAL(sent.edits[0].sequence, client_sequence{2});
  CAF_CHECK_EQUAL(sent.edits[0].base, revision{1});
  CAF_CHECK(sent.edits[1].client == bob.client);
  CAF_CHECK_EQUAL(sent.edits[1].base, revision{2});
  CAF_CHECK_EQUAL(watched.edits_lost, 2u);
  CAF_CHECK_EQUAL(watched.warnings.size(), 1u);
  CAF_CHECK_EQUAL(count<protocol::resync>(alice), 1u);
  // They were answered long ago: nobody's credit comes back for them.
  commit(alice, 2, epoch{2}, 2);
  commit(bob, 1, epoch{2}, 3);
  CAF_CHECK_EQUAL(outlet->connections[alice.connection].credit_edits, 0u);
  CAF_CHECK_EQUAL(outlet->connections[bob.connection].credit_edits, 0u);
  commit(bob, 2, epoch{2}, 4);
  CAF_CHECK_EQUAL(outlet->connections[bob.connection].credit_edits, 1u);
}

CAF_TEST(durable edits that the store lost are sent again also when it could not be asked at first) {
  begin();
  commit(alice, 1, epoch{1}, 1);
  lose(errc::stale_epoch);
  (void)router.hear<attach>();
  tell(attach_failed{{errc::store_unavailable, "it is not there"}});
  open(alice, protocol::position{generation{1}, revision{1}});
  (void)router.hear<attach>();
  attach_to(next_document, epoch{2}, 0);
  (void)next_document.hear<take_state>();
  CAF_CHECK_EQUAL(next_document.hear<submit_edits>().edits.size(), 1u);
  CAF_CHECK_EQUAL(watched.edits_lost, 1u);
}

CAF_TEST(what a document was that is deleted is not written into the next of its name) {
  begin();
  commit(alice, 1, epoch{1}, 1);
  lose(errc::document_deleted);
  open(alice);
  (void)router.hear<attach>();
  attach_to(next_document, epoch{2}, 0);
  CAF_CHECK_EQUAL(watched.edits_lost, 0u);
}

CAF_TEST(durable edits that nobody has any more are reported as lost and the rest goes on) {
  begin();
  const auto edits = static_cast<std::uint32_t>(limits::relay_ring_edits_max) + 1;
  for (std::uint32_t i = 1; i <= edits; ++i)
    commit(alice, i, epoch{1}, i);
  lose(errc::stale_epoch);
  (void)router.hear<attach>();
  attach_to(next_document, epoch{2}, 0);
  CAF_CHECK(next_document.heard_all());
  CAF_CHECK_EQUAL(watched.edits_lost, edits);
  CAF_CHECK_EQUAL(watched.warnings.size(), 1u);
  open(bob, protocol::position{generation{1}, revision{0}});
  submit(bob, "on");
  CAF_CHECK_EQUAL(next_document.hear<submit_edits>().edits.size(), 1u);
}

CAF_TEST(durable edits that the store lost are not forgotten while they can not be written) {
  lose_an_edit();
  lose(errc::commit_in_doubt);
  pass(longest_pause);
  (void)router.hear<attach>();
  tell(attach_failed{{errc::store_unavailable, "it is away again"}});
  pass(longest_pause);
  CAF_CHECK_EQUAL(router.hear<attach>().type, "text");
  tell(attach_failed{{errc::overloaded, "too many documents are opened"}});
  pass(longest_pause);
  (void)router.hear<attach>();
  attach_to(document, epoch{3}, 0);
  const auto again = document.hear<submit_edits>();
  CAF_REQUIRE_EQUAL(again.edits.size(), 1u);
  CAF_CHECK_EQUAL(again.edits[0].sequence, client_sequence{1});
  CAF_CHECK(again.edits[0].was_durable);
  CAF_CHECK_EQUAL(watched.edits_lost, 1u);
  commit(alice, 1, epoch{3}, 1);
  pass(attach_timeout);
  CAF_CHECK(router.heard_all());
}

CAF_TEST(durable edits that the store lost end with their document) {
  lose_an_edit();
  lose(errc::document_deleted);
  pass(attach_timeout);
  CAF_CHECK(router.heard_all());
}

CAF_TEST(a durable edit that can not be written again is reported) {
  lose_an_edit();
  tell(edits_answered{
    {{alice.client, client_sequence{1}, {}, error{errc::malformed_operation, "it does not fit"}, {}, {}}}});
  CAF_CHECK_EQUAL(watched.warnings.size(), 2u);
  CAF_CHECK_EQUAL(outlet->connections[alice.connection].credit_edits, 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
