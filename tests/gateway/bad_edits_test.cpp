#include "protocol/errors.hpp"
#include "protocol/limits.hpp"
#include "tests/fixture/gateway/server_under_attack.hpp"

namespace quire::gateway {

namespace {

using namespace std::string_literals;
using fixture::insertion;
using fixture::websocket_client;

constexpr std::size_t history = 500;
constexpr std::size_t document_bytes = 512UL * 1024;

actors::engine_options small_engine() {
  actors::engine_options made;
  made.types.history_operations_max = history;
  made.types.document_bytes_max = document_bytes;
  return made;
}

/// Somebody who has the pair's document open and sends edits that cannot be.
class bad_edits : public fixture::server_under_attack {
 protected:
  bad_edits() : server_under_attack({}, small_engine()), attacker_(server_.port()) {
    attacker_.greet();
    document_ = attacker_.open(attacked);
    seen_ = document_.revision;
  }

  void send(std::uint32_t sequence, revision base, bytes operation) {
    attacker_.send(protocol::edit{document_.document, client_sequence(sequence), base, std::move(operation)});
  }
  void send(std::uint32_t sequence, bytes operation) { send(sequence, seen_, std::move(operation)); }

  /// What the attacker types as that edit where it is let.
  static std::string good(std::uint32_t sequence) { return "<x" + std::to_string(sequence) + ">"; }

  /// A good edit, to see that the connection lives: it is there, whatever was sent before. Returns what it was made on,
  /// and where.
  std::pair<revision, revision> send_good(std::uint32_t sequence) {
    catch_up();
    const auto base = seen_;
    send(sequence, base, insertion(0, good(sequence)));
    while (true)
      if (const auto at = place_in(next<protocol::edits>(), client_sequence(sequence)))
        return {base, *at};
  }

  protocol::nack expect_nack(errc code) {
    pair_.wait_for_a_round();
    auto refused = next<protocol::nack>();
    EXPECT_EQ(describe(refused.code).name, describe(code).name) << refused.detail;
    return refused;
  }

  /// The next message of that type. The edits on the way are seen, as those of a client would be.
  template <class Message>
  Message next() {
    while (true) {
      auto message = attacker_.receive();
      if (const auto* const run = std::get_if<protocol::edits>(&message))
        see(*run);
      if (auto* const wanted = std::get_if<Message>(&message))
        return std::move(*wanted);
      if (const auto* const refused = std::get_if<protocol::nack>(&message))
        throw std::runtime_error("an edit was refused: " + refused->detail);
    }
  }

  /// Reads until it is where the document was a moment ago.
  void catch_up() {
    attacker_.send(protocol::ping{++pings_});
    while (next<protocol::pong>().nonce != pings_) {
    }
  }

  websocket_client attacker_;
  protocol::opened document_;
  revision seen_;

 private:
  void see(const protocol::edits& run) {
    if (run.document != document_.document)
      return;
    EXPECT_EQ(run.first, seen_.next());
    seen_ = seen_.plus(run.run.size());
  }

  std::optional<revision> place_in(const protocol::edits& run, client_sequence sequence) const {
    for (std::size_t at = 0; at < run.run.size(); ++at)
      if (run.run[at].client == attacker_.id() && run.run[at].sequence == sequence)
        return run.first.plus(at);
    return std::nullopt;
  }

  std::uint64_t pings_ = 0;
};

}  // namespace

TEST_F(bad_edits, an_unknown_document_type_fails_that_request_alone) {
  attacker_.send(protocol::open{77, {"default", "other"}, "parchment", {}});
  const auto failed = next<protocol::failure>();
  EXPECT_EQ(failed.request, 77U);
  EXPECT_EQ(failed.code, errc::unknown_document_type);
  send_good(1);
}

TEST_F(bad_edits, a_name_that_no_document_may_have_fails_that_request_alone) {
  attacker_.send(protocol::open{78, {"default", "a\nb"}, "text", {}});
  EXPECT_EQ(next<protocol::failure>().code, errc::invalid_name);
  send_good(1);
}

TEST_F(bad_edits, an_edit_on_a_document_that_is_not_open_is_refused) {
  attacker_.send(protocol::edit{document_number(999), client_sequence(1), revision(0), insertion(0, "x")});
  const auto refused = expect_nack(errc::document_not_open);
  EXPECT_EQ(refused.document, document_number(999));
  EXPECT_EQ(refused.sequence, client_sequence(1));
  send_good(1);
}

TEST_F(bad_edits, a_base_in_the_future_is_refused) {
  send(1, revision(1'000'000), insertion(0, "x"));
  expect_nack(errc::future_revision);
  send_good(1);
}

TEST_F(bad_edits, a_base_older_than_the_history_is_refused) {
  while (seen_ < revision(history + 10)) {
    pair_.wait_for_a_round();
    catch_up();
  }
  send(1, revision(1), insertion(0, "x"));
  expect_nack(errc::base_too_old);
  send_good(1);
}

TEST_F(bad_edits, operations_that_do_not_fit_or_are_not_well_formed_are_refused) {
  const std::string past_the_end = "\x92\xCE\x00\x10\x00\x00\xA1x"s;  // retain 2^20, insert
  const std::string surrogate_half = "\x91\xA3\xED\xA0\x80"s;
  const std::string not_normal = "\x92\xA1x\xA1y"s;  // two inserts in a row
  for (const auto& operation : {past_the_end, surrogate_half, not_normal, "\xC1"s, ""s, "\x91"s}) {
    send(1, to_bytes(operation));
    expect_nack(errc::malformed_operation);
  }
  send_good(1);
}

TEST_F(bad_edits, an_operation_over_its_limit_is_refused) {
  send(1, insertion(0, std::string(limits::operation_bytes_max + 1, 'x')));
  expect_nack(errc::operation_too_large);
  send_good(1);
}

TEST_F(bad_edits, an_edit_that_makes_the_document_too_large_is_refused) {
  send(1, insertion(0, std::string(document_bytes, 'x')));
  expect_nack(errc::document_too_large);
  send_good(1);
}

TEST_F(bad_edits, a_gap_in_the_sequence_is_refused_with_what_must_come) {
  send_good(1);
  send(3, insertion(0, "x"));
  EXPECT_EQ(expect_nack(errc::sequence_gap).expected, client_sequence(2));
  send_good(2);
}

TEST_F(bad_edits, a_sequence_used_again_for_other_content_is_refused) {
  send_good(1);
  send(1, insertion(0, "other"));
  expect_nack(errc::sequence_reused);
  send_good(2);
}

TEST_F(bad_edits, an_edit_sent_again_is_acknowledged_and_applied_once) {
  const auto [base, at] = send_good(1);
  send(1, base, insertion(0, good(1)));
  const auto known = next<protocol::ack>();
  EXPECT_EQ(known.sequence, client_sequence(1));
  EXPECT_EQ(known.revision, at);
  const auto stored = fixture::request(server_.port(), "GET", "/v1/documents/default/attacked").body();
  EXPECT_EQ(stored.find(good(1)), stored.rfind(good(1)));
  EXPECT_NE(stored.find(good(1)), std::string::npos);
}

TEST_F(bad_edits, more_documents_than_a_connection_may_have_are_refused_and_the_rest_goes_on) {
  for (std::uint32_t count = 1; count < limits::documents_a_connection_max; ++count) {
    attacker_.send(protocol::open{100 + count, {"default", "many-" + std::to_string(count)}, "text", {}});
    EXPECT_EQ(next<protocol::opened>().request, 100 + count);
  }
  attacker_.send(protocol::open{999, {"default", "one-more"}, "text", {}});
  const auto failed = next<protocol::failure>();
  EXPECT_EQ(failed.request, 999U);
  EXPECT_EQ(failed.code, errc::too_many_documents);
  send_good(1);
}

TEST_F(bad_edits, presence_over_its_size_is_refused) {
  attacker_.send(protocol::presence_update{document_.document, {}, {}, bytes(limits::presence_bytes_max + 1)});
  EXPECT_EQ(next<protocol::failure>().code, errc::too_much_presence);
  send_good(1);
}

TEST_F(bad_edits, presence_over_its_rate_is_refused) {
  std::vector<protocol::client_message> many(
    10 * limits::presence_updates_a_second,
    protocol::presence_update{document_.document, revision(0), {}, to_bytes("\xA1s")});
  attacker_.send_all(many);
  EXPECT_EQ(next<protocol::failure>().code, errc::too_much_presence);
  send_good(1);
}

TEST_F(bad_edits, presence_for_a_document_that_is_not_open_is_refused) {
  attacker_.send(protocol::presence_update{document_number(999), {}, {}, to_bytes("\xA1s")});
  EXPECT_EQ(next<protocol::failure>().code, errc::document_not_open);
  send_good(1);
}

}  // namespace quire::gateway
