#define CAF_SUITE schedule

#include <caf/test/unit_test_impl.hpp>

#include <map>
#include <random>
#include <set>

#include "tests/fixture/node_fixture.hpp"

using namespace quire;

using quire::fixture::insert_at;

namespace {

constexpr std::uint64_t seeds = 300;
constexpr int steps = 4'000;

/// People who edit one document while everything that can happen to a node happens in an order that a seed chooses:
/// messages, commits, loads, faults of the store, crashes, reconnects, idle times.
struct random_life : quire::fixture::node {
  struct writer_of_text {
    person who;
    std::uint8_t number = 0;
    bool is_connected = false;
    bool is_open = false;
    std::uint32_t request = 0;     ///< Its newest open.
    bool is_passing_over = false;  ///< What comes until the next `opened` is of an older subscription.
    std::optional<protocol::edit> in_flight;
    std::uint64_t revision = 0;
    std::size_t read = 0;  ///< Of what its outlet received.
    std::set<std::uint32_t> acknowledged;
  };

  void live(std::uint64_t seed) {
    random.seed(seed);
    for (std::uint8_t i = 1; i <= 4; ++i) {
      people.emplace_back();
      people.back().number = i;
    }
    for (int step = 0; step < steps; ++step) {
      do_something();
      for (auto& one : people)
        read_what_came(one);
    }
    faults->append.reset();
    faults->load.reset();
    reader->is_full = false;
    finish();
    check(seed);
    leave_all();
    CAF_CHECK_EQUAL(watched.sessions, 0);
    CAF_CHECK_EQUAL(watched.relays, 0);
    CAF_CHECK_EQUAL(watched.documents, 0);
  }

  void do_something() {
    auto& one = people[pick(people.size())];
    switch (pick(22)) {
      case 0:
      case 1: connect_or_open(one); break;
      case 2:
      case 3:
      case 4:
      case 5: write(one); break;
      case 6:
      case 7:
      case 8: writer->run_one(); break;
      case 9: reader->run_one(); break;
      case 10:
        if (pick(4) == 0)
          lose_connection(one);
        break;
      case 11:
        if (pick(3) == 0)
          faults->is_append_in_doubt = true;
        if (pick(3) == 0)
          faults->is_append_lost = true;
        if (pick(4) == 0)
          reader->is_full = !reader->is_full;
        break;
      case 12:
        faults->append = pick(2) == 0 ? std::optional(error{errc::store_unavailable, "full"}) : std::nullopt;
        break;
      case 13:
        if (pick(8) == 0)
          crash();
        break;
      case 14: sched.advance_time(std::chrono::seconds(pick(70))); break;
      case 15:
        if (pick(10) == 0)
          reopen(one);
        break;
      default:
        for (std::size_t messages = pick(6); messages > 0 && sched.try_run_once(); --messages) {
        }
    }
  }

  void reopen(writer_of_text& one) {
    if (!one.is_connected)
      return;
    ask_to_open_as(one, pick(4) == 0 ? "" : "text");
    if (pick(3) == 0)
      caf::anon_send(one.who.session, protocol::close{one.who.document});
    one.is_open = true;
  }

  void ask_to_open_as(writer_of_text& one, std::string type) {
    std::optional<protocol::position> since;
    if (one.revision > 0)
      since = {generation{1}, revision{one.revision}};
    caf::anon_send(one.who.session,
                   actors::open_document{protocol::open{++requests, {"default", "life"}, std::move(type), since}});
    one.request = requests;
    one.is_passing_over = true;
  }

  void connect_or_open(writer_of_text& one) {
    if (!one.is_connected) {
      auto resume = one.who.resume;
      const auto sequence = one.who.sequence;
      one.who = connect(one.number, std::move(resume));
      one.who.sequence = sequence;
      one.is_connected = outlet->connections[one.who.connection].is_welcome;
      one.read = 0;
    } else if (!one.is_open) {
      ask_to_open_as(one, "text");
      one.is_open = true;
    }
  }

  void write(writer_of_text& one) {
    if (!is_live(one) || one.in_flight)
      return;
    one.in_flight = protocol::edit{one.who.document, client_sequence{++one.who.sequence}, revision{one.revision},
                                   insert_at(0, std::string(1, static_cast<char>('a' + one.number)))};
    send(one);
  }

  /// The connection knows the document, and everything up to where it was told to be has come.
  bool is_live(writer_of_text& one) {
    return one.is_open && outlet->connections[one.who.connection].relays.contains(one.who.document);
  }

  void send(writer_of_text& one) {
    if (is_live(one))
      caf::anon_send(relay_of(one.who), actors::session_turn{{{one.who.connection, *one.in_flight}}});
  }

  void read_what_came(writer_of_text& one) {
    auto& received = outlet->connections[one.who.connection].received;
    for (; one.read < received.size(); ++one.read)
      std::visit([&](const auto& message) { take(one, message); }, received[one.read]);
    if (outlet->connections[one.who.connection].ended)
      one.is_connected = one.is_open = false;
  }

  void take(writer_of_text& one, const protocol::opened& message) {
    if (message.request != one.request)
      return;
    one.who.document = message.document;
    one.is_passing_over = false;
    if (one.in_flight && message.last_sequence >= one.in_flight->sequence)
      acknowledge(one, one.in_flight->sequence);
    if (one.in_flight)
      send(one);
  }
  void take(writer_of_text& one, const protocol::snapshot_part& message) { one.revision = message.revision.value(); }
  void take(writer_of_text& one, const protocol::edits& message) {
    if (one.is_passing_over)
      return;
    for (std::size_t i = 0; i < message.run.size(); ++i) {
      const auto number = message.first.value() + i;
      CAF_REQUIRE_EQUAL(number, one.revision + 1);
      one.revision = number;
      const auto edit = std::pair(message.run[i].client, message.run[i].sequence);
      CAF_REQUIRE(order.try_emplace(number, edit).first->second == edit);
      if (edit.first == one.who.client)
        acknowledge(one, edit.second);
    }
  }
  void take(writer_of_text& one, const protocol::ack& message) { acknowledge(one, message.sequence); }
  void take(writer_of_text& one, const protocol::nack& message) {
    // Only what a client must expect of a store that fails: it sends again.
    CAF_REQUIRE(message.code == errc::store_unavailable);
    if (one.in_flight)
      send(one);
  }
  void take(writer_of_text& one, const protocol::resync&) { one.is_open = false; }
  void take(writer_of_text& one, const protocol::closed&) { one.is_open = false; }
  void take(writer_of_text& one, const protocol::failure& message) {
    if (message.request == one.request)
      one.is_open = false;
  }
  template <class Other>
  void take(writer_of_text&, const Other&) {}

  void acknowledge(writer_of_text& one, client_sequence sequence) {
    one.acknowledged.insert(sequence.value());
    if (one.in_flight && one.in_flight->sequence == sequence)
      one.in_flight.reset();
  }

  void lose_connection(writer_of_text& one) {
    if (one.is_connected)
      caf::anon_send(one.who.session, actors::connection_lost{});
    one.is_connected = one.is_open = false;
    outlet->connections[one.who.connection].relays.clear();
  }

  /// kill -9: what was not given to the store is gone, and so are all actors.
  void crash() {
    writer = std::make_shared<quire::fixture::manual_executor>();
    reader = std::make_shared<quire::fixture::manual_executor>();
    stop();
    for (auto& one : people) {
      one.is_connected = one.is_open = false;
      outlet->connections[one.who.connection].relays.clear();
      one.who.resume.clear();
    }
    start_actors({});
  }

  /// Everything works again, and everybody comes back.
  void finish() {
    for (int round = 0; round < 40; ++round) {
      sched.advance_time(std::chrono::seconds(3));
      commit();
      for (auto& one : people) {
        read_what_came(one);
        connect_or_open(one);
      }
    }
  }

  /// Nobody is left, and in time nothing is.
  void leave_all() {
    for (auto& one : people)
      lose_connection(one);
    for (int round = 0; round < 4; ++round) {
      commit();
      sched.advance_time(limits::document_idle + std::chrono::seconds(1));
    }
    commit();
  }

  void check(std::uint64_t seed) {
    CAF_MESSAGE("seed " << seed);
    const auto found = store->history->list("default", "", 1).value();
    std::map<std::pair<client_id, client_sequence>, int> log_of;
    std::uint64_t head = 0;
    if (!found.empty()) {
      const auto page = store->history->read(found[0].info.id, revision{0}, found[0].head, 1U << 30U).value();
      for (const auto& entry : page.entries)
        ++log_of[{entry.client, entry.sequence}];
      head = found[0].head.value();
    }
    for (const auto& [edit, count] : log_of)
      CAF_CHECK_EQUAL(count, 1);
    for (auto& one : people) {
      CAF_CHECK(!one.in_flight);
      CAF_CHECK_EQUAL(one.revision, head);
      for (const auto sequence : one.acknowledged)
        CAF_CHECK_EQUAL((log_of[{one.who.client, client_sequence{sequence}}]), 1);
    }
    total += head;
  }

  std::size_t pick(std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random); }

  std::mt19937_64 random;
  std::vector<writer_of_text> people;
  std::map<std::uint64_t, std::pair<client_id, client_sequence>> order;  ///< What anybody ever saw, by revision.
  std::uint64_t total = 0;
};

}  // namespace

CAF_TEST(whatever happens to a node no acknowledged edit is lost and none is there twice) {
  std::uint64_t edits = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    random_life life;
    life.live(seed);
    edits += life.total;
  }
  CAF_MESSAGE(edits << " edits");
  CAF_CHECK(edits > 10 * seeds);
}
