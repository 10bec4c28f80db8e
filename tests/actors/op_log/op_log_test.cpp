#define CAF_SUITE op_log

#include <caf/test/unit_test_impl.hpp>

#include "tests/fixture/node_fixture.hpp"

#include <optional>
#include <vector>

using namespace quire;
using namespace quire::actors;
using namespace std::chrono_literals;

namespace {

/// The op log alone, written to by actors that say they are documents.
struct writers : quire::fixture::node {
  writers() { info.id.octets.fill(7); }

  void append(caf::scoped_actor& from, epoch under, bool creates, std::size_t edits = 0) {
    storage::append_request request{info, creates, under, revision{0}, {}};
    request.entries.resize(edits);
    for (auto& entry : request.entries)
      entry.operation = share(to_bytes("x"));
    caf::anon_send(log, append_edits{caf::actor_cast<document_actor>(from), std::move(request)});
    settle();
  }

  /// Puts the document into the store, with an operation of each of those sizes.
  void create(const std::vector<std::size_t>& sizes) {
    storage::append_request request{info, true, epoch{1}, revision{0}, {}};
    for (const auto size : sizes) {
      const auto at = request.entries.size() + 1;
      request.entries.push_back({revision{at}, fixture::client(1), client_sequence{static_cast<std::uint32_t>(at)}, "",
                                 server_time{std::chrono::seconds(1)}, 1, share(bytes(size))});
    }
    const auto done = store->log->append(std::span(&request, 1));
    CAF_REQUIRE(done && done->front());
  }

  storage::history_page read_up_to(std::uint64_t last) {
    caf::anon_send(log, read_history{caf::actor_cast<relay_actor>(relay), info.id, revision{0}, revision{last}});
    commit();
    std::optional<history_read> got;
    relay->receive([&](const history_read& msg) { got = msg; },
                   caf::after(std::chrono::seconds(0)) >> [] { CAF_FAIL("nothing was read"); });
    return got->page.value();
  }

  /// Asks for an old state of a document that is not there.
  void look_back() {
    caf::anon_send(log, past_request{info.document, read_revision{revision{1}, representation::text, [this](auto got) {
                                                                    past_answers.push_back(got.error().code);
                                                                  }}});
    settle();
  }

  std::vector<append_finished> told(caf::scoped_actor& to) {
    std::vector<append_finished> all;
    bool is_more = true;
    while (is_more)
      to->receive([&](const append_finished& msg) { all.push_back(msg); },
                  caf::after(std::chrono::seconds(0)) >> [&] { is_more = false; });
    return all;
  }

  storage::document_info info{{}, {"default", "notes"}, generation{1}, "text", {}};
  caf::scoped_actor before{sys};
  caf::scoped_actor after{sys};
  caf::scoped_actor relay{sys};
  std::vector<errc> past_answers;
};

}  // namespace

CAF_TEST_FIXTURE_SCOPE(op_log_tests, writers)

CAF_TEST(an append is answered after its commit and not before) {
  append(before, epoch{1}, true);
  CAF_CHECK(told(before).empty());
  commit();
  const auto answers = told(before);
  CAF_REQUIRE_EQUAL(answers.size(), 1u);
  CAF_CHECK(answers.front().outcome.has_value());
}

CAF_TEST(what an ended document appended is not answered to the one after it) {
  append(before, epoch{1}, true);
  append(after, epoch{2}, false);
  commit();
  const auto answers = told(after);
  CAF_REQUIRE_EQUAL(answers.size(), 1u);
  CAF_REQUIRE(!answers.front().outcome);
  CAF_CHECK(answers.front().outcome.error().code == errc::stale_epoch);
}

CAF_TEST(edits wait from their append until their commit begins) {
  append(before, epoch{1}, true, 3);
  CAF_CHECK_EQUAL(watched.edits_waiting, 0u);
  append(before, epoch{1}, false, 2);
  CAF_CHECK_EQUAL(watched.edits_waiting, 2u);
  commit();
  CAF_CHECK_EQUAL(watched.edits_waiting, 0u);
}

CAF_TEST(a relay is read as much of the log as may be caught up with and is told when there is more) {
  constexpr std::size_t parts = 4;
  std::vector<std::size_t> sizes(parts, limits::catch_up_bytes_max / parts);
  sizes.push_back(1);
  create(sizes);
  const auto whole = read_up_to(parts);
  CAF_CHECK(whole.is_complete);
  CAF_CHECK_EQUAL(whole.entries.size(), parts);
  const auto cut = read_up_to(parts + 1);
  CAF_CHECK(!cut.is_complete);
  CAF_CHECK_EQUAL(cut.entries.size(), parts);
}

CAF_TEST(as many requests of history wait as may and one more is refused until one was answered) {
  for (std::size_t i = 0; i < limits::past_waiting_max; ++i)
    look_back();
  CAF_CHECK(past_answers.empty());
  look_back();
  CAF_REQUIRE_EQUAL(past_answers.size(), 1u);
  CAF_CHECK(past_answers.back() == errc::overloaded);
  CAF_CHECK(reader->run_one());
  CAF_REQUIRE_EQUAL(past_answers.size(), 2u);
  CAF_CHECK(past_answers.back() == errc::not_found);
  look_back();
  CAF_CHECK_EQUAL(past_answers.size(), 2u);
  look_back();
  CAF_REQUIRE_EQUAL(past_answers.size(), 3u);
  CAF_CHECK(past_answers.back() == errc::overloaded);
  commit();
  CAF_CHECK_EQUAL(past_answers.size(), 3u + limits::past_waiting_max);
  CAF_CHECK(past_answers.back() == errc::not_found);
}

CAF_TEST_FIXTURE_SCOPE_END()

namespace {

/// An op log whose store takes as long as the test says.
struct slow_store : writers {
  slow_store() { log = sys.spawn(op_log, op_log_surroundings{store, unfinished, {}, reader, &watched}); }

  void commit_in(std::chrono::milliseconds took) {
    append(before, epoch{1}, false);
    caf::anon_send(log, commit_finished{0, std::vector<result<void>>(1), {}, took});
    settle();
  }

  /// Whether the store is asked for another document; if not, it was refused.
  bool opens_another() {
    const auto asked = unfinished->size();
    caf::anon_send(log, load_document{caf::actor_cast<document_actor>(after), {"default", "another"}});
    settle();
    after->receive(
      [](const document_loaded& msg) {
        CAF_REQUIRE(!msg.found);
        CAF_CHECK(msg.found.error().code == errc::overloaded);
      },
      caf::after(std::chrono::seconds(0)) >> [] {});
    return unfinished->size() > asked;
  }

  std::shared_ptr<fixture::manual_executor> unfinished = std::make_shared<fixture::manual_executor>();
};

}  // namespace

CAF_TEST_FIXTURE_SCOPE(slow_store_tests, slow_store)

CAF_TEST(while commits take too long no further document is opened and open ones are written on) {
  CAF_CHECK(opens_another());
  commit_in(8 * limits::commit_too_slow);
  CAF_CHECK(opens_another());  // the bound itself
  commit_in(limits::commit_too_slow + 1ms);
  CAF_CHECK(!opens_another());
  CAF_CHECK_EQUAL(watched.warnings.size(), 1u);
  const auto asked = unfinished->size();
  append(before, epoch{1}, false);
  CAF_CHECK_EQUAL(unfinished->size(), asked + 1);
  caf::anon_send(log, commit_finished{0, std::vector<result<void>>(1), {}, 1ms});
  settle();
  CAF_CHECK(opens_another());  // commits are faster again
}

CAF_TEST(writers learn when commits are slow and when they are not any more) {
  commit_in(8 * limits::commit_slow);
  CAF_CHECK(!told(before).at(0).is_store_slow);
  commit_in(8 * limits::commit_slow);
  CAF_CHECK(told(before).at(0).is_store_slow);
  for (int i = 0; i < 16; ++i)
    commit_in(1ms);
  CAF_CHECK(!told(before).back().is_store_slow);
}

CAF_TEST(a slow store of which nothing was heard for a while is tried again) {
  commit_in(100 * limits::commit_too_slow);
  CAF_CHECK(!opens_another());
  sched.advance_time(limits::commit_pace_kept);
  settle();
  CAF_CHECK(opens_another());
}

CAF_TEST_FIXTURE_SCOPE_END()
