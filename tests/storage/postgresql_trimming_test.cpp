#include "tests/fixture/postgresql_schema.hpp"
#include "tests/fixture/written_document.hpp"

#include <gtest/gtest.h>

#include <future>

namespace quire::storage {
namespace {

using namespace quire::fixture;
using namespace std::chrono_literals;
using postgresql::connection;

/// A document of PostgreSQL's whose log begins later than it did, its owner, and somebody else in its database.
class trimming : public postgresql_schema {
 protected:
  void write_snapshot(std::uint64_t at) {
    ASSERT_TRUE(owner_->write_snapshot(notes_.id(), notes_.epoch(), {revision(at), 1, to_bytes("a state")}));
  }
  void trim(std::uint64_t floor) { ASSERT_TRUE(owner_->trim(notes_.id(), notes_.epoch(), revision(floor))); }
  result<bool> set_label(const std::string& name, std::uint64_t at) {
    return owner_->set_label(notes_.id(), notes_.epoch(), {name, revision(at), "", at_second(1)}, true);
  }

  /// Four edits, trimmed to the third; a label before the floor, named by what its revision is.
  void write_trimmed_with_label(std::uint64_t at) {
    notes_.create(*owner_, 4);
    ASSERT_TRUE(owner_->add_snapshot(notes_.id(), notes_.epoch(), {revision(at), 1, to_bytes("a state")}));
    ASSERT_TRUE(set_label("draft", at));
    write_snapshot(3);
    trim(3);
    ASSERT_EQ(snapshots(), std::to_string(at) + ",3");
  }

  std::string snapshots() { return sql("SELECT string_agg(seq::text, ',' ORDER BY seq) FROM doc_snapshot"); }
  std::string labels() { return sql("SELECT string_agg(name, ',' ORDER BY name) FROM doc_label"); }

  /// From now on this happens before snapshots are deleted.
  void before_snapshots_go(const std::string& what) {
    sql(
      "CREATE OR REPLACE FUNCTION before_deletion() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0 AS $$ "
      "BEGIN " +
      what +
      "; RETURN NULL; END $$; CREATE OR REPLACE TRIGGER before_deletion BEFORE DELETE ON "
      "doc_snapshot FOR EACH STATEMENT EXECUTE FUNCTION before_deletion()");
  }

  std::unique_ptr<postgresql::writer> owner_ = writer_of("a");
  written_document notes_{"notes", id_of(1)};
};

TEST_F(trimming, a_label_that_is_committed_is_told_whatever_becomes_of_old_snapshots) {
  write_trimmed_with_label(1);
  before_snapshots_go("RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'");
  EXPECT_EQ(set_label("late", 4), true);
  EXPECT_TRUE(owner_->remove_label(notes_.id(), notes_.epoch(), "draft"));
  EXPECT_EQ(labels(), "late");
  EXPECT_EQ(snapshots(), "1,3");
  before_snapshots_go("NULL");
  EXPECT_EQ(set_label("later", 4), true);
  EXPECT_EQ(snapshots(), "3") << "what was left has gone with the next label";
}

TEST_F(trimming, an_owner_that_was_replaced_drops_no_snapshot_of_a_newer_owners_label) {
  write_trimmed_with_label(1);
  auto newer = std::move(*connection::open(address_, "newer", 60s));
  before_snapshots_go("PERFORM pg_advisory_xact_lock(9)");
  ASSERT_TRUE(newer.run("SELECT pg_advisory_lock(9)"));
  auto removed =
    std::async(std::launch::async, [&] { return owner_->remove_label(notes_.id(), notes_.epoch(), "draft"); });
  while (sql("SELECT count(*) FROM pg_locks WHERE NOT granted") == "0" &&
         removed.wait_for(0s) != std::future_status::ready)
    std::this_thread::yield();
  EXPECT_EQ(labels(), "") << "it is removed, and the snapshot's deletion has begun";
  ASSERT_TRUE(
    newer.run("UPDATE doc_head SET epoch = epoch + 1, owner_id = 'b', owner_inc = 1; "
              "INSERT INTO doc_label(doc_id, name, seq, author, at, seal) "
              "SELECT doc_id, 'kept', 1, '', now(), 0 FROM doc_head"));
  ASSERT_TRUE(newer.run("SELECT pg_advisory_unlock(9)"));
  EXPECT_TRUE(removed.get());
  EXPECT_EQ(snapshots(), "1,3");
}

TEST_F(trimming, rows_go_as_fast_as_they_come_though_appends_go_another_way) {
  constexpr std::uint64_t edits = 1'000;
  const auto lane = writer_of("a");
  const auto rows_before_floor = [&] {
    return std::stoul(sql("SELECT count(*) FROM op_log l JOIN doc_head d USING(doc_id) WHERE l.seq <= d.floor_seq"));
  };
  notes_.create(*lane, edits);
  write_snapshot(edits);
  for (std::uint64_t at = 2 * edits; at <= 10 * edits; at += edits) {
    notes_.write(*lane, edits);
    write_snapshot(at);
    EXPECT_EQ(rows_before_floor(), 0U) << at;
    trim(at - edits);
  }
}

TEST_F(trimming, a_call_deletes_a_few_rows_only_unless_it_stores_a_snapshot) {
  notes_.create(*owner_, 2'000);
  write_snapshot(1'900);
  trim(1'900);
  const auto rows = [&] { return std::stoul(sql("SELECT count(*) FROM op_log")); };
  EXPECT_EQ(rows(), 2'000U - 256U);
  ASSERT_TRUE(owner_->acquire({"default", "nobody"}));
  EXPECT_EQ(rows(), 2'000U - 512U);
  write_snapshot(2'000);
  EXPECT_EQ(rows(), 2'000U - 768U) << "of a document that had a hundred edits since the last";
}

}  // namespace
}  // namespace quire::storage
