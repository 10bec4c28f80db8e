#include "protocol/errors.hpp"
#include "protocol/limits.hpp"
#include "tests/fixture/gateway/server_under_attack.hpp"

namespace quire::gateway {

namespace {

using namespace std::string_literals;
using fixture::insertion;
using fixture::websocket_client;

actors::engine_options small_engine() {
  actors::engine_options made;
  made.types.history_operations_max = 4;
  made.types.document_bytes_max = 4'096;
  return made;
}

/// Somebody who has a document open and sends edits that cannot be.
class bad_edits : public fixture::server_under_attack {
 protected:
  bad_edits() : server_under_attack({}, small_engine()), attacker_(server_.port()) {
    attacker_.greet();
    document_ = attacker_.open("attacked");
  }

  void send(std::uint32_t sequence, std::uint64_t base, bytes operation) {
    attacker_.send(protocol::edit{document_.document, client_sequence(sequence), revision(base), std::move(operation)});
  }

  /// A good edit, to see that the connection lives and where the document is.
  void send_good(std::uint32_t sequence, std::uint64_t base) {
    send(sequence, base, insertion(0, "x"));
    const auto seen = attacker_.next<protocol::edits>();
    EXPECT_EQ(seen.run.at(0).sequence, client_sequence(sequence));
    EXPECT_EQ(seen.first, revision(base + 1));
  }

  protocol::nack expect_nack(errc code) {
    pair_.type_together();
    auto refused = attacker_.next<protocol::nack>();
    EXPECT_EQ(describe(refused.code).name, describe(code).name) << refused.detail;
    return refused;
  }

  websocket_client attacker_;
  protocol::opened document_;
};

}  // namespace

TEST_F(bad_edits, an_unknown_document_type_fails_that_request_alone) {
  attacker_.send(protocol::open{77, {"default", "other"}, "parchment", {}});
  const auto failed = attacker_.next<protocol::failure>();
  EXPECT_EQ(failed.request, 77U);
  EXPECT_EQ(failed.code, errc::unknown_document_type);
  send_good(1, 0);
}

TEST_F(bad_edits, a_name_that_no_document_may_have_fails_that_request_alone) {
  attacker_.send(protocol::open{78, {"default", "a\nb"}, "text", {}});
  EXPECT_EQ(attacker_.next<protocol::failure>().code, errc::invalid_name);
  send_good(1, 0);
}

TEST_F(bad_edits, an_edit_on_a_document_that_is_not_open_is_refused) {
  attacker_.send(protocol::edit{document_number(999), client_sequence(1), revision(0), insertion(0, "x")});
  const auto refused = expect_nack(errc::document_not_open);
  EXPECT_EQ(refused.document, document_number(999));
  EXPECT_EQ(refused.sequence, client_sequence(1));
  send_good(1, 0);
}

TEST_F(bad_edits, a_base_in_the_future_is_refused) {
  send(1, 1'000, insertion(0, "x"));
  expect_nack(errc::future_revision);
  send_good(1, 0);
}

TEST_F(bad_edits, a_base_older_than_the_history_is_refused) {
  for (std::uint32_t sequence = 1; sequence <= 8; ++sequence)
    send_good(sequence, sequence - 1);
  send(9, 1, insertion(0, "x"));
  expect_nack(errc::base_too_old);
  send_good(9, 8);
}

TEST_F(bad_edits, operations_that_do_not_fit_or_are_not_well_formed_are_refused) {
  const std::string past_the_end = "\x92\x64\xA1x"s;  // retain 100, insert
  const std::string surrogate_half = "\x91\xA3\xED\xA0\x80"s;
  const std::string not_normal = "\x92\xA1x\xA1y"s;  // two inserts in a row
  for (const auto& operation : {past_the_end, surrogate_half, not_normal, "\xC1"s, ""s, "\x91"s}) {
    send(1, 0, to_bytes(operation));
    expect_nack(errc::malformed_operation);
  }
  send_good(1, 0);
}

TEST_F(bad_edits, an_operation_over_its_limit_is_refused) {
  send(1, 0, insertion(0, std::string(limits::operation_bytes_max + 1, 'x')));
  expect_nack(errc::operation_too_large);
  send_good(1, 0);
}

TEST_F(bad_edits, an_edit_that_makes_the_document_too_large_is_refused) {
  send(1, 0, insertion(0, std::string(5'000, 'x')));
  expect_nack(errc::document_too_large);
  send_good(1, 0);
}

TEST_F(bad_edits, a_gap_in_the_sequence_is_refused_with_what_must_come) {
  send_good(1, 0);
  send(3, 1, insertion(0, "x"));
  EXPECT_EQ(expect_nack(errc::sequence_gap).expected, client_sequence(2));
  send_good(2, 1);
}

TEST_F(bad_edits, a_sequence_used_again_for_other_content_is_refused) {
  send_good(1, 0);
  send(1, 1, insertion(0, "other"));
  expect_nack(errc::sequence_reused);
  send_good(2, 1);
}

TEST_F(bad_edits, an_edit_sent_again_is_acknowledged_and_applied_once) {
  send_good(1, 0);
  send(1, 0, insertion(0, "x"));
  const auto known = attacker_.next<protocol::ack>();
  EXPECT_EQ(known.sequence, client_sequence(1));
  EXPECT_EQ(known.revision, revision(1));
  EXPECT_EQ(fixture::request(server_.port(), "GET", "/v1/documents/default/attacked").body(), "x");
}

TEST_F(bad_edits, more_documents_than_a_connection_may_have_are_refused_and_the_rest_goes_on) {
  for (std::size_t count = 1; count < limits::documents_a_connection_max; ++count)
    static_cast<void>(attacker_.open("many-" + std::to_string(count)));
  attacker_.send(protocol::open{999, {"default", "one-more"}, "text", {}});
  const auto failed = attacker_.next<protocol::failure>();
  EXPECT_EQ(failed.request, 999U);
  EXPECT_EQ(failed.code, errc::too_many_documents);
  send_good(1, 0);
}

TEST_F(bad_edits, presence_over_its_size_is_refused) {
  attacker_.send(protocol::presence_update{document_.document, {}, {}, bytes(limits::presence_bytes_max + 1)});
  EXPECT_EQ(attacker_.next<protocol::failure>().code, errc::too_much_presence);
  send_good(1, 0);
}

TEST_F(bad_edits, presence_over_its_rate_is_refused) {
  std::vector<protocol::client_message> many(
    10 * limits::presence_updates_a_second,
    protocol::presence_update{document_.document, revision(0), {}, to_bytes("\xA1s")});
  attacker_.send_all(many);
  EXPECT_EQ(attacker_.next<protocol::failure>().code, errc::too_much_presence);
  send_good(1, 0);
}

TEST_F(bad_edits, presence_for_a_document_that_is_not_open_is_refused) {
  attacker_.send(protocol::presence_update{document_number(999), {}, {}, to_bytes("\xA1s")});
  EXPECT_EQ(attacker_.next<protocol::failure>().code, errc::document_not_open);
  send_good(1, 0);
}

}  // namespace quire::gateway
