#include "actors/op_log/trim_plan.hpp"

#include "protocol/limits.hpp"
#include "tests/fixture/passing_store.hpp"
#include "tests/fixture/text_operations.hpp"
#include "tests/fixture/written_document.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace quire::actors {
namespace {

using namespace quire::fixture;  // NOLINT: the tests speak its language
using namespace std::chrono_literals;

constexpr server_time now = server_time(std::chrono::hours(24 * 20'000));
constexpr auto day = std::chrono::hours(24);

/// A history in which something happens once an extent was read. Who asks it for ever is answered with an error.
class overtaken_history final : public passing_history {
 public:
  overtaken_history(std::unique_ptr<storage::history> works, std::function<void()> meanwhile)
    : passing_history(std::move(works)), meanwhile_(std::move(meanwhile)) {}

  result<storage::log_extent> extent(const document_id& document) override {
    auto found = passing_history::extent(document);
    meanwhile_();
    return found;
  }
  result<storage::loaded> state_at(const document_id& document, revision at,
                                   const storage::replay_bounds& bounds) override {
    constexpr std::size_t enough = 100;
    if (++states_ > enough)
      return fail(errc::store_unavailable, "it is asked without end");
    return passing_history::state_at(document, at, bounds);
  }

 private:
  std::function<void()> meanwhile_;
  std::size_t states_ = 0;
};

/// A history that can not read one state.
class damaged_history final : public passing_history {
 public:
  damaged_history(std::unique_ptr<storage::history> works, revision damaged)
    : passing_history(std::move(works)), damaged_(damaged) {}

  result<storage::loaded> state_at(const document_id& document, revision at,
                                   const storage::replay_bounds& bounds) override {
    if (at == damaged_)
      return fail(errc::document_damaged, "the snapshot has another seal");
    return passing_history::state_at(document, at, bounds);
  }

 private:
  revision damaged_;
};

/// A document in a store, an edit of one letter for each time.
class trim_plans : public testing::Test {
 protected:
  void write(const std::vector<server_time>& times) {
    auto request = notes_.creation(times.size());
    for (std::size_t i = 0; i < times.size(); ++i) {
      request.entries[i].operation = share(insert_at(0, "x"));
      request.entries[i].at = times[i];
    }
    ASSERT_TRUE(append_alone(*store_.log, request));
  }

  void label(std::string name, std::uint64_t at) {
    ASSERT_TRUE(store_.log->set_label(notes_.id(), notes_.epoch(), {std::move(name), revision(at), "", now}, true));
  }

  std::optional<trim_plan> plan(const std::string& policy, std::size_t operations_min = 1, server_time clock = now) {
    return plan_trim(*store_.history, notes_.info(), *parse_retention(policy), operations_min, clock).value();
  }

  std::uint64_t floor_of(const std::string& policy, std::size_t operations_min = 1, server_time clock = now) {
    const auto made = plan(policy, operations_min, clock);
    return made ? made->floor.value() : 0;
  }

  /// As the op log does it.
  void carry_out(const trim_plan& made) {
    for (const auto& each : made.wanted)
      ASSERT_TRUE(store_.log->add_snapshot(notes_.id(), notes_.epoch(), each));
    const auto checked = check_stored(*store_.history, notes_.id(), made);
    ASSERT_TRUE(checked) << checked.error().detail;
    ASSERT_TRUE(store_.log->trim(notes_.id(), notes_.epoch(), made.floor));
  }

  written_document notes_{"notes", id_of(1)};
  storage::store store_ = storage::open_store("memory").value();
};

TEST_F(trim_plans, all_is_kept_if_that_is_the_policy) {
  write({now - 99 * day, now});
  EXPECT_FALSE(plan("all"));
}

TEST_F(trim_plans, what_is_older_than_the_age_goes) {
  write({now - 40 * day, now - 31 * day, now - 30 * day, now - 29 * day, now});
  EXPECT_EQ(floor_of("30d"), 2U);
  EXPECT_EQ(floor_of("1d"), 4U);
  EXPECT_EQ(floor_of("40d"), 0U);
  EXPECT_EQ(floor_of("30d", 3), 0U) << "so few are not worth a snapshot";
}

TEST_F(trim_plans, nothing_goes_while_nobody_edits) {
  write({now - 99 * day, now - 98 * day});
  EXPECT_EQ(floor_of("30d"), 0U) << "the newest commit says how late it is";
}

TEST_F(trim_plans, under_a_clock_that_jumped_back_nothing_goes_early) {
  // Three edits of today, the second and third under a clock that was forty days late.
  write({now - 50 * day, now, now - 40 * day, now - 40 * day, now});
  EXPECT_EQ(floor_of("30d"), 1U) << "a row is not older than one before it";
  EXPECT_EQ(floor_of("30d", 1, now - 40 * day), 0U) << "the clock can only keep more";
}

TEST_F(trim_plans, what_was_committed_under_a_clock_that_ran_ahead_is_kept_once_it_is_right) {
  write({now - 1 * day, now + 400 * day, now + 400 * day});
  EXPECT_EQ(floor_of("30d"), 0U) << "the clock is right again";
}

TEST_F(trim_plans, a_plan_gives_labels_and_the_floor_their_snapshots) {
  write(std::vector<server_time>(9, now - 40 * day));
  label("start", 0);
  label("early", 3);
  label("also early", 3);
  label("late", 8);
  ASSERT_TRUE(store_.log->add_snapshot(notes_.id(), notes_.epoch(),
                                       (*replay_to(*store_.history, notes_.info(), revision(6)))->taken()));
  ASSERT_TRUE(store_.log->add_snapshot(notes_.id(), notes_.epoch(),
                                       (*replay_to(*store_.history, notes_.info(), revision(9)))->taken()));
  const auto made = plan("labels");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->floor, revision(6)) << "of the two newest snapshots the older";
  EXPECT_FALSE(made->has_more);
  ASSERT_EQ(made->wanted.size(), 1U);
  EXPECT_EQ(made->wanted[0].revision, revision(3));
  carry_out(*made);
  EXPECT_EQ(store_.history->extent(notes_.id()).value().snapshots,
            (std::vector{revision(3), revision(6), revision(9)}));
  EXPECT_FALSE(plan("labels"));
}

TEST_F(trim_plans, a_snapshot_that_is_not_what_the_log_leads_to_stops_the_trim) {
  write({now - 40 * day, now - 40 * day, now});
  auto wrong = (*replay_to(*store_.history, notes_.info(), revision(1)))->taken();
  wrong.revision = revision(2);
  ASSERT_TRUE(store_.log->add_snapshot(notes_.id(), notes_.epoch(), wrong));
  const auto made = plan("30d");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->floor, revision(2));
  EXPECT_EQ(code_of(check_stored(*store_.history, notes_.id(), *made)), errc::document_damaged);
}

TEST_F(trim_plans, a_labels_snapshot_that_was_there_before_is_read_back_too) {
  write(std::vector<server_time>(9, now - 40 * day));
  label("early", 3);
  for (const std::uint64_t at : {3U, 6U, 9U})
    ASSERT_TRUE(store_.log->add_snapshot(notes_.id(), notes_.epoch(),
                                         (*replay_to(*store_.history, notes_.info(), revision(at)))->taken()));
  const auto made = plan("labels");
  ASSERT_TRUE(made);
  EXPECT_TRUE(made->wanted.empty());
  EXPECT_TRUE(check_stored(*store_.history, notes_.id(), *made));
  damaged_history from(std::move(store_.history), revision(3));
  EXPECT_EQ(code_of(check_stored(from, notes_.id(), *made)), errc::document_damaged);
}

TEST_F(trim_plans, a_snapshot_that_is_not_there_stops_the_trim) {
  write({now - 40 * day, now - 40 * day, now});
  const auto made = plan("30d");
  ASSERT_TRUE(made);
  EXPECT_EQ(code_of(check_stored(*store_.history, notes_.id(), *made)), errc::precondition_failed);
}

TEST_F(trim_plans, a_snapshot_that_newer_ones_displaced_before_it_was_read_back_is_no_damage) {
  write({now - 40 * day, now - 40 * day, now, now});
  const auto store = [&](std::uint64_t at) {
    ASSERT_TRUE(store_.log->write_snapshot(notes_.id(), notes_.epoch(), {revision(at), 1, to_bytes("a state")}));
  };
  const auto made = plan("30d");
  ASSERT_TRUE(made);
  ASSERT_EQ(made->wanted.size(), 1U);
  ASSERT_TRUE(store_.log->add_snapshot(notes_.id(), notes_.epoch(), made->wanted[0]));
  ASSERT_TRUE(check_stored(*store_.history, notes_.id(), *made));
  store(3);
  store(4);
  EXPECT_EQ(code_of(check_stored(*store_.history, notes_.id(), *made)), errc::precondition_failed);
}

TEST_F(trim_plans, a_snapshot_that_newer_ones_displace_while_a_trim_is_planned_ends_the_plan) {
  constexpr std::size_t start = limits::trim_replay_operations_max + 100;
  auto times = std::vector<server_time>(start + 100, now - 40 * day);
  times.resize(start + 300, now);
  write(times);
  const auto store = [&](std::uint64_t at) {
    ASSERT_TRUE(store_.log->write_snapshot(notes_.id(), notes_.epoch(), {revision(at), 1, to_bytes("a state")}));
  };
  store(start);
  store(start + 200);
  overtaken_history from(std::move(store_.history), [&] { store(start + 300); });
  EXPECT_EQ(code_of(plan_trim(from, notes_.info(), *parse_retention("30d"), 1, now)), errc::precondition_failed);
}

TEST_F(trim_plans, many_labels_take_several_steps) {
  write(std::vector<server_time>(40, now - 40 * day));
  for (std::uint64_t at = 1; at <= 20; ++at)
    label("label " + std::to_string(at), at);
  for (const std::uint64_t at : {30U, 40U})
    ASSERT_TRUE(store_.log->add_snapshot(notes_.id(), notes_.epoch(),
                                         (*replay_to(*store_.history, notes_.info(), revision(at)))->taken()));
  std::vector<std::uint64_t> floors;
  for (auto next = plan("labels"); next; next = plan("labels")) {
    floors.push_back(next->floor.value());
    EXPECT_EQ(next->has_more, next->floor != revision(30));
    carry_out(*next);
  }
  EXPECT_EQ(floors, (std::vector<std::uint64_t>{9, 18, 30}));
}

TEST(retention, policies_are_all_labels_or_days) {
  EXPECT_EQ(parse_retention("all")->keeps, retention_policy::what::all);
  EXPECT_EQ(parse_retention("labels")->keeps, retention_policy::what::labelled);
  EXPECT_EQ(parse_retention("30d")->age, 30 * day);
  for (const auto* bad : {"", "30", "d", "0d", "-1d", "30days", "36501d", "ALL"})
    EXPECT_EQ(code_of(parse_retention(bad)), errc::invalid_configuration) << bad;
}

TEST(retention, an_organisation_may_have_its_own) {
  retention all;
  all.others = *parse_retention("30d");
  all.organisations["acme"] = *parse_retention("all");
  EXPECT_EQ(all.of("acme").keeps, retention_policy::what::all);
  EXPECT_EQ(all.of("other").age, 30 * day);
}

}  // namespace
}  // namespace quire::actors
