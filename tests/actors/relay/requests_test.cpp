// What a relay does for requests that need no subscriber.

#define CAF_SUITE relay_requests

#include <caf/test/unit_test_impl.hpp>

#include "tests/fixture/played_relay.hpp"

using namespace quire;
using namespace quire::actors;
using namespace quire::fixture;

CAF_TEST_FIXTURE_SCOPE(relay_requests_tests, played_relay)

CAF_TEST(a request waits until the document is found and is then its own) {
  ask(read_document{});
  CAF_CHECK_EQUAL(router.hear<attach>().type, "");
  CAF_CHECK(!answer);
  attach_to(document, epoch{1}, 0, "");
  document.hear<document_request>().answer(fail(errc::not_found, "as the test says"));
  CAF_REQUIRE(answer);
  CAF_CHECK(answer->error().code == errc::not_found);
  ask(read_document{});
  (void)document.hear<document_request>();
  CAF_CHECK(router.heard_all());
}

CAF_TEST(a request for a document that can not be had is answered so) {
  ask(read_document{});
  tell(attach_failed{{errc::document_damaged, "log: revision 1: checksum"}});
  CAF_REQUIRE(answer);
  CAF_CHECK(answer->error().code == errc::document_damaged);
}

CAF_TEST(a request outlives a document that moves also when nobody has it open) {
  ask(read_document{});
  (void)router.hear<attach>();
  fail_to_attach_as_often_as_it_can_bear();
  CAF_CHECK(!answer);
  attach_to(document, epoch{1}, 0);
  CAF_CHECK(document.hear<document_request>().document == name);
}

CAF_TEST(a request is told that the document can not be had after as many failures) {
  ask(read_document{});
  (void)router.hear<attach>();
  fail_to_attach_as_often_as_it_can_bear();
  tell(attach_failed{{errc::not_here, "the document moves"}});
  CAF_REQUIRE(answer);
  CAF_CHECK(answer->error().code == errc::not_here);
  pass(attach_timeout);
  CAF_CHECK(router.heard_all());
}

CAF_TEST(a request keeps the relay until it is answered and no longer) {
  ask(read_document{});
  pass(limits::relay_idle);
  CAF_CHECK(registry.heard_all());
  attach_to(document, epoch{1}, 0);
  pass(limits::relay_idle);
  CAF_CHECK_EQUAL(registry.hear<relay_idle>().requests, 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
