#include "storage/op_log/postgresql/link.hpp"
#include "storage/op_log/postgresql/reader.hpp"
#include "storage/op_log/postgresql/schema.hpp"
#include "storage/op_log/postgresql/writer.hpp"
#include "tests/fixture/postgresql_proxy.hpp"
#include "tests/fixture/throwaway_postgresql.hpp"
#include "tests/fixture/written_document.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace quire::storage {
namespace {

using namespace quire::fixture;
using postgresql::database;
using postgresql::link;
using kind = append_fault::kind;

/// Two owners of one database: the first by way of a proxy that loses things, the second on a way that works.
class doubt : public testing::Test {
 protected:
  doubt() {
    const auto direct = throwaway_postgresql::shared().new_schema();
    schema_ = throwaway_postgresql::schema_of(direct);
    EXPECT_TRUE(open_store(direct)) << "which makes the tables";
    harmed_ = writer_of(1, proxy_.through(direct));
    other_ = writer_of(2, direct);
    past_ = std::make_unique<postgresql::reader>(link(database_of(3, direct), "history", link::purpose::reads));
  }

  static std::shared_ptr<database> database_of(std::int64_t incarnation, std::string where) {
    auto made = std::make_shared<database>();
    made->where = std::move(where);
    made->incarnation = incarnation;
    return made;
  }
  static std::unique_ptr<postgresql::writer> writer_of(std::int64_t incarnation, std::string where) {
    return std::make_unique<postgresql::writer>(
      link(database_of(incarnation, std::move(where)), "lane", link::purpose::writes));
  }

  /// Appends, and when that is not known, settles it as the op log does: the same again.
  result<void> settle(const append_request& request) {
    for (;;) {
      auto done = append_alone(*harmed_, request);
      if (done || done.error().code != errc::store_unavailable)
        return done;
    }
  }

  /// Loses the next append in a way, and says that nobody was told a thing.
  void lose(const append_request& request, append_fault fault) {
    proxy_.harm_next_append(fault);
    EXPECT_EQ(code_of(append_alone(*harmed_, request)), errc::store_unavailable);
    EXPECT_TRUE(proxy_.has_harmed());
  }

  std::vector<log_entry> log() {
    auto found = past_->load(notes_.id());
    EXPECT_TRUE(found) << found.error().detail;
    return found ? std::move(found->tail) : std::vector<log_entry>();
  }

  /// Per document: 1 to head without gap or repeat, epochs that never fall, no edit twice.
  void expect_sound_tables() {
    EXPECT_EQ(throwaway_postgresql::shared().sql(
                "SELECT count(*) FROM (SELECT seq - lag(seq, 1, 0) OVER w AS step, epoch - lag(epoch) OVER w AS rise "
                "FROM op_log WINDOW w AS (PARTITION BY doc_id ORDER BY seq)) l WHERE step <> 1 OR rise < 0",
                schema_),
              "0");
    EXPECT_EQ(
      throwaway_postgresql::shared().sql(
        "SELECT count(*) FROM doc_head d WHERE head_seq <> (SELECT count(*) FROM op_log l WHERE l.doc_id = d.doc_id)",
        schema_),
      "0");
  }

  std::string schema_;
  postgresql_proxy proxy_{throwaway_postgresql::shared().socket()};
  std::unique_ptr<postgresql::writer> harmed_;
  std::unique_ptr<postgresql::writer> other_;
  std::unique_ptr<postgresql::reader> past_;
  std::int64_t newest_ = 2;  // Incarnation.
  written_document notes_{"notes", id_of(1)};
};

TEST_F(doubt, an_append_whose_reply_was_lost_is_in_the_log_once) {
  notes_.create(*harmed_, 3);
  const auto request = notes_.next(2);
  lose(request, {kind::reply_lost});
  EXPECT_EQ(log().size(), 5U) << "it had been committed";
  EXPECT_TRUE(settle(request));
  EXPECT_TRUE(are_same(log(), edits(0, 5)));
  notes_.set_head(5);
  notes_.write(*harmed_, 1);
  expect_sound_tables();
}

TEST_F(doubt, an_append_that_never_arrived_is_sent_again) {
  notes_.create(*harmed_, 3);
  const auto request = notes_.next(2);
  lose(request, {kind::request_lost});
  EXPECT_EQ(log().size(), 3U);
  EXPECT_TRUE(settle(request));
  EXPECT_TRUE(are_same(log(), edits(0, 5)));
}

TEST_F(doubt, an_append_of_which_a_part_arrived_is_sent_again_once_its_process_has_ended) {
  notes_.create(*harmed_, 1);
  for (const std::size_t bytes : {1U, 5U, 40U, 200U}) {
    const auto request = notes_.next(1);
    lose(request, {kind::request_cut, bytes});
    EXPECT_TRUE(settle(request)) << bytes;
    notes_.set_head(notes_.head() + 1);
  }
  EXPECT_TRUE(are_same(log(), edits(0, 5)));
  expect_sound_tables();
}

TEST_F(doubt, an_append_that_is_not_answered_in_time_is_settled) {
  notes_.create(*harmed_, 1);
  const auto request = notes_.next(2);
  lose(request, {kind::reply_stalled});
  EXPECT_TRUE(settle(request));
  EXPECT_TRUE(are_same(log(), edits(0, 3)));
}

TEST_F(doubt, a_commit_with_a_warning_is_not_believed_until_a_later_write_proves_it) {
  notes_.create(*harmed_, 1);
  const auto request = notes_.next(2);
  lose(request, {kind::warned});
  EXPECT_TRUE(settle(request));
  EXPECT_TRUE(are_same(log(), edits(0, 3)));
  EXPECT_EQ(throwaway_postgresql::shared().sql("SELECT touched FROM doc_head", schema_), "1") << "the barrier";
}

TEST_F(doubt, a_creation_whose_reply_was_lost_is_done_once) {
  const auto request = notes_.creation(2);
  lose(request, {kind::reply_lost});
  EXPECT_TRUE(settle(request));
  EXPECT_TRUE(are_same(log(), edits(0, 2)));
  const written_document again("notes", id_of(9));
  EXPECT_EQ(code_of(append_alone(*harmed_, again.creation(1))), errc::already_exists);
}

TEST_F(doubt, of_many_documents_each_is_settled_by_its_own_row) {
  written_document plans("plans", id_of(2));
  written_document third("third", id_of(3));
  notes_.create(*harmed_, 1);
  plans.create(*harmed_, 1);
  const std::vector requests{notes_.next(2), plans.next(3), third.creation(4)};
  proxy_.harm_next_append({kind::reply_lost});
  EXPECT_EQ(code_of(harmed_->append(requests)), errc::store_unavailable);
  ASSERT_TRUE(other_->acquire(plans.info().document));
  const auto settled = harmed_->append(requests);
  ASSERT_TRUE(settled) << settled.error().detail;
  EXPECT_TRUE(settled->at(0));
  EXPECT_EQ(code_of(settled->at(1)), errc::stale_epoch);
  EXPECT_TRUE(settled->at(2));
  expect_sound_tables();
}

TEST_F(doubt, an_owner_that_was_replaced_before_it_settled_learns_that_it_is_none) {
  notes_.create(*harmed_, 1);
  for (const auto what : {kind::reply_lost, kind::request_lost}) {
    const auto request = notes_.next(1, bob);
    lose(request, {what});
    other_ = writer_of(++newest_, throwaway_postgresql::shared().address_in(schema_));
    const auto taken = other_->acquire(notes_.info().document);
    ASSERT_TRUE(taken) << taken.error().detail;
    EXPECT_EQ(code_of(settle(request)), errc::stale_epoch);
    EXPECT_EQ(taken->head, revision(log().size())) << "what the new owner was told is all there is";
    const auto back = harmed_->acquire(notes_.info().document);
    ASSERT_FALSE(back) << "an older incarnation takes nothing from a newer one of the same node";
    notes_.set_epoch(taken->epoch);
    notes_.set_head(taken->head.value());
    notes_.write(*other_, 1);
    harmed_ = writer_of(++newest_, proxy_.through(throwaway_postgresql::shared().address_in(schema_)));
    const auto own = harmed_->acquire(notes_.info().document);
    ASSERT_TRUE(own) << own.error().detail;
    notes_.set_epoch(own->epoch);
  }
  expect_sound_tables();
}

TEST_F(doubt, losses_at_random_lose_nothing_and_double_nothing) {
  std::random_device seed;
  const auto seeded = seed();
  RecordProperty("seed", std::to_string(seeded));
  SCOPED_TRACE("seed " + std::to_string(seeded));
  std::mt19937 random(seeded);
  notes_.create(*harmed_);
  for (int round = 0; round < 60; ++round) {
    const auto request = notes_.next(1 + random() % 5);
    const std::array faults{kind::reply_lost, kind::request_lost, kind::request_cut, kind::warned};
    if (random() % 3 == 0)
      proxy_.harm_next_append({faults[random() % faults.size()], 1 + random() % 300});
    ASSERT_TRUE(settle(request));
    notes_.set_head(notes_.head() + request.entries.size());
  }
  EXPECT_TRUE(are_same(log(), edits(0, notes_.head())));
  expect_sound_tables();
}

}  // namespace
}  // namespace quire::storage
