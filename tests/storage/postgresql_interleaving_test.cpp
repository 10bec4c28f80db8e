#include "protocol/errors.hpp"
#include "tests/fixture/held_writes.hpp"
#include "tests/fixture/written_document.hpp"

#include <array>
#include <future>

namespace quire::storage {
namespace {

using namespace quire::fixture;
using postgresql::writer;
using end = held_writes::end;

/// What is done to a document, each by a node of its own accord: all but the acquisition by its owner, `a`.
enum class act { append, barrier, acquire, hand_over, release, snapshot, remove };

constexpr std::array acts{act::append,  act::barrier,  act::acquire, act::hand_over,
                          act::release, act::snapshot, act::remove};
constexpr std::array names{"append", "barrier", "acquire", "hand over", "release", "snapshot", "remove"};

const char* name_of(act what) {
  return names.at(static_cast<std::size_t>(what));
}

/// A document's row, as it must be. It begins as `a`'s under epoch 1, at revision 2.
struct row {
  std::uint64_t epoch = 1;
  std::string owner = "a";
  std::uint64_t head = 2;
  bool is_live = true;
};

std::string text_of(errc code) {
  return std::string(describe(code).name);
}

/// What an act comes to on a row, and what it makes of it, if it has the row to itself. Cluster design, §5.
std::string alone(act what, const std::string& acquirer, row& on) {
  if (!on.is_live)
    return what == act::acquire ? "none" : text_of(errc::not_found);
  if (what == act::acquire) {
    on.epoch += 1;
    on.owner = acquirer;
    return "epoch " + std::to_string(on.epoch) + " head " + std::to_string(on.head);
  }
  // Handed over to whom it was to be is done, by whomever.
  if (what == act::hand_over && on.epoch == 2 && on.owner == "d" && on.head == 2)
    return "done";
  const bool is_at_head = what == act::release || what == act::snapshot || what == act::remove || on.head == 2;
  if (on.epoch != 1 || on.owner != "a" || !is_at_head)
    return text_of(errc::stale_epoch);
  switch (what) {
    case act::append: on.head = 3; break;
    case act::hand_over:
      on.epoch = 2;
      on.owner = "d";
      break;
    case act::release: on.owner.clear(); break;
    case act::remove: on.is_live = false; break;
    default: break;
  }
  return "done";
}

/// An act, by whom it acquires, and what it said.
struct ended {
  act what;
  std::string acquirer;
  std::string said;
};

/// The row after both, if what they said is what they say in this order. Who is refused says why by what the row is by
/// then, which may be the other's work.
std::optional<row> one_after_the_other(row on, const ended& first, const ended& second) {
  const auto of_first = alone(first.what, first.acquirer, on);
  if (alone(second.what, second.acquirer, on) != second.said)
    return std::nullopt;
  const bool is_explained = of_first == first.said || (of_first == text_of(errc::stale_epoch) &&
                                                       alone(first.what, first.acquirer, on) == first.said);
  return is_explained ? std::optional(on) : std::nullopt;
}

/// Acts that reach for one document at the same moment, on connections of their own.
class interleaving : public testing::Test {
 protected:
  interleaving() {
    for (const auto* node : {"a", "b", "c", "d"}) {
      held_[node] = database_.writer({node, 1}, true);
      free_[node] = database_.writer({node, 1}, false);
      second_[node] = database_.writer({node, 1}, false);
    }
  }

  static std::string node_of(act what, const std::string& acquirer) { return what == act::acquire ? acquirer : "a"; }

  /// A document of `a` under epoch 1, at revision 2.
  written_document new_document() {
    const auto number = ++documents_;
    written_document made("document" + std::to_string(number), id_of(number));
    made.create(*free_["a"], 1);
    made.write(*free_["a"], 1);
    return made;
  }

  /// A barrier follows a doubt: the writer does not know whether its last append was done.
  void prepare(act what, writer& by, const written_document& document) {
    if (what != act::barrier)
      return;
    database_.warn(true);
    EXPECT_EQ(code_of(append_alone(by, document.next(0))), errc::store_unavailable);
    database_.warn(false);
  }

  static std::string run(act what, writer& by, const written_document& document) {
    const auto said = [](const auto& done) { return done ? std::string("done") : text_of(done.error().code); };
    switch (what) {
      case act::append: return said(append_alone(by, document.next(1)));
      case act::barrier: {
        auto again = document;
        again.set_head(1);
        return said(append_alone(by, again.next(1)));
      }
      case act::acquire: {
        const auto taken = by.acquire(document.info().document);
        if (!taken || !taken->exists)
          return taken ? "none" : text_of(taken.error().code);
        return "epoch " + std::to_string(taken->epoch.value()) + " head " + std::to_string(taken->head.value());
      }
      case act::hand_over: return said(by.hand_over(document.id(), document.epoch(), revision(2), {"d", 1}));
      case act::release: return said(by.release(document.id(), document.epoch()));
      case act::snapshot: return said(by.write_snapshot(document.id(), document.epoch(), {revision(2), 1, {}}));
      case act::remove: return said(by.remove(document.id(), document.epoch()));
    }
    return {};
  }

  auto start(act what, writer& by, const written_document& document) {
    return std::async(std::launch::async, [=, &by] { return run(what, by, document); });
  }

  static bool is_over(const std::future<std::string>& work) {
    return work.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }

  static std::string text_of_row(const row& expected) {
    return expected.is_live ? std::to_string(expected.epoch) + " " + expected.owner + " " +
                                std::to_string(expected.head) + " of " + std::to_string(expected.head)
                            : "deleted";
  }
  std::string text_of_row(const written_document& document) {
    return database_.text(
      "SELECT CASE WHEN state = 'live' THEN epoch || ' ' || coalesce(owner_id, '') || ' ' || head_seq || ' of ' || "
      "(SELECT count(*) FROM op_log l WHERE l.doc_id = d.doc_id) ELSE 'deleted' END FROM doc_head d WHERE doc_id = '" +
      uuid(document) + "'");
  }
  void expect_row(const written_document& document, const row& expected) {
    EXPECT_EQ(text_of_row(document), text_of_row(expected));
  }

  /// Cluster design, §16: I1 (1 to head, no gap; epochs never fall), I3 (no edit twice), I4 and I8 (an owner an epoch,
  /// epochs only grow, nothing appended under one that was over), I9 (no snapshot past the head).
  void expect_invariants() {
    for (const auto* broken :
         {"(SELECT seq - lag(seq, 1, 0::bigint) OVER w AS step, epoch - lag(epoch) OVER w AS rise FROM op_log "
          "WHERE doc_id IN (SELECT doc_id FROM doc_head WHERE state = 'live') "
          "WINDOW w AS (PARTITION BY doc_id ORDER BY seq)) l WHERE step <> 1 OR rise < 0",
          "doc_head d WHERE state = 'live' AND head_seq <> (SELECT count(*) FROM op_log l WHERE l.doc_id = d.doc_id)",
          "(SELECT 1 FROM op_log GROUP BY doc_id, client_id, client_seq HAVING count(*) > 1) l",
          "op_log l JOIN doc_head d USING(doc_id) WHERE l.epoch > d.epoch",
          "(SELECT 1 FROM audit WHERE owner_id IS NOT NULL GROUP BY doc_id, epoch HAVING count(DISTINCT owner_id) > 1) "
          "a",
          "(SELECT epoch - lag(epoch) OVER (PARTITION BY doc_id ORDER BY number) AS rise FROM audit) a WHERE rise < 0",
          "doc_snapshot s JOIN doc_head d USING(doc_id) WHERE s.seq > d.head_seq"})
      EXPECT_EQ(database_.text(std::string("SELECT count(*) FROM ") + broken), "0") << broken;
  }

  static std::string uuid(const written_document& document) {
    std::string text;
    for (const auto octet : document.id().octets) {
      constexpr std::string_view digits = "0123456789abcdef";
      text += digits[octet >> 4U];
      text += digits[octet & 0xFU];
    }
    return text;
  }

  held_writes database_;
  std::map<std::string, std::unique_ptr<writer>> held_;
  std::map<std::string, std::unique_ptr<writer>> free_;
  std::map<std::string, std::unique_ptr<writer>> second_;
  std::uint8_t documents_ = 0;
};

TEST_F(interleaving, of_two_acts_at_once_the_second_comes_to_what_it_would_after_the_first) {
  for (const auto first : acts)
    for (const auto second : acts)
      for (const auto how : {end::commit, end::rollback}) {
        SCOPED_TRACE(std::string(name_of(first)) + (how == end::commit ? ", committed" : ", rolled back") + ", then " +
                     name_of(second));
        const auto document = new_document();
        auto& holder = *held_[node_of(first, "b")];
        auto& waiter = *free_[node_of(second, "c")];
        prepare(first, holder, document);
        prepare(second, waiter, document);

        database_.hold();
        auto one = start(first, holder, document);
        database_.wait_for_waiting(1, [&] { return is_over(one); });
        ASSERT_FALSE(is_over(one)) << "it is held: " << one.get();
        auto other = start(second, waiter, document);
        database_.wait_for_waiting(2, [&] { return is_over(other); });
        ASSERT_FALSE(is_over(other)) << "it waits for the row: " << other.get();
        database_.let_go(how);

        row expected;
        const auto said = how == end::commit ? alone(first, "b", expected) : text_of(errc::store_unavailable);
        EXPECT_EQ(one.get(), said);
        EXPECT_EQ(other.get(), alone(second, "c", expected));
        expect_row(document, expected);
      }
  expect_invariants();
}

TEST_F(interleaving, what_builds_on_an_append_under_way_is_not_done_and_does_not_wait) {
  for (const auto what : {act::append, act::hand_over, act::snapshot})
    for (const auto how : {end::commit, end::rollback}) {
      SCOPED_TRACE(std::string(name_of(what)) + (how == end::commit ? ", committed" : ", rolled back"));
      const auto document = new_document();
      auto& other = *free_["a"];
      database_.hold();
      auto one = start(act::append, *held_["a"], document);
      database_.wait_for_waiting(1, [&] { return is_over(one); });
      if (what == act::append) {
        const append_request ahead{document.info(), false, document.epoch(), revision(3), edits(3, 4)};
        EXPECT_EQ(code_of(append_alone(other, ahead)), errc::stale_epoch);
      } else if (what == act::hand_over) {
        EXPECT_EQ(code_of(other.hand_over(document.id(), document.epoch(), revision(3), {"d", 1})), errc::stale_epoch);
      } else {
        EXPECT_EQ(code_of(other.write_snapshot(document.id(), document.epoch(), {revision(3), 1, {}})),
                  errc::future_revision);
      }
      database_.let_go(how);
      row expected;
      if (how == end::commit)
        alone(act::append, "", expected);
      EXPECT_EQ(one.get(), how == end::commit ? "done" : text_of(errc::store_unavailable));
      expect_row(document, expected);
    }
  expect_invariants();
}

TEST_F(interleaving, of_three_acts_those_that_wait_are_done_one_after_the_other) {
  constexpr std::array waiting{act::acquire, act::hand_over, act::release, act::append, act::remove};
  for (const auto second : waiting)
    for (const auto third : waiting)
      for (const auto how : {end::commit, end::rollback}) {
        SCOPED_TRACE(std::string("append") + (how == end::commit ? ", committed" : ", rolled back") + ", then " +
                     name_of(second) + ", then " + name_of(third));
        const auto document = new_document();
        database_.hold();
        auto one = start(act::append, *held_["a"], document);
        database_.wait_for_waiting(1, [&] { return is_over(one); });
        auto two = start(second, *free_[node_of(second, "b")], document);
        database_.wait_for_waiting(2, [&] { return is_over(two); });
        auto three = start(third, *second_[node_of(third, "c")], document);
        database_.wait_for_waiting(3, [&] { return is_over(three); });
        ASSERT_FALSE(is_over(one) || is_over(two) || is_over(three));
        database_.let_go(how);

        row after_one;
        const auto said = how == end::commit ? alone(act::append, "", after_one) : text_of(errc::store_unavailable);
        EXPECT_EQ(one.get(), said);
        const ended as_second{second, "b", two.get()};
        const ended as_third{third, "c", three.get()};
        // PostgreSQL keeps no order among those that wait for a row.
        auto found = one_after_the_other(after_one, as_second, as_third);
        if (!found || text_of_row(document) != text_of_row(*found))
          found = one_after_the_other(after_one, as_third, as_second);
        ASSERT_TRUE(found) << as_second.said << ", " << as_third.said;
        expect_row(document, *found);
      }
  expect_invariants();
}

TEST_F(interleaving, a_hand_over_whose_answer_was_lost_is_answered_when_it_is_repeated) {
  const auto document = new_document();
  auto& from = *free_["a"];
  const auto hand_over = [&] { return from.hand_over(document.id(), document.epoch(), revision(2), {"d", 1}); };
  database_.warn(true);
  EXPECT_EQ(code_of(hand_over()), errc::store_unavailable);
  database_.warn(false);
  for (int i = 0; i < 2; ++i) {
    const auto done = hand_over();
    ASSERT_TRUE(done) << done.error().detail;
    EXPECT_EQ(*done, epoch(2));
  }
  expect_row(document, {2, "d", 2, true});
  auto theirs = document;
  theirs.set_epoch(epoch(2));
  theirs.write(*free_["d"], 1);
  EXPECT_EQ(code_of(hand_over()), errc::stale_epoch) << "it has gone on";
  expect_row(document, {2, "d", 3, true});
}

}  // namespace
}  // namespace quire::storage
