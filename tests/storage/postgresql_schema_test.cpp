#include "storage/op_log/postgresql/schema.hpp"

#include "storage/op_log/postgresql.hpp"
#include "tests/fixture/throwaway_postgresql.hpp"
#include "tests/fixture/written_document.hpp"

#include <gtest/gtest.h>

#include <array>
#include <future>

namespace quire::storage::postgresql {
namespace {

using namespace quire::fixture;
using namespace std::chrono_literals;

class schema : public testing::Test {
 protected:
  schema() : address_(throwaway_postgresql::shared().new_schema()) {
    name_ = throwaway_postgresql::schema_of(address_);
  }

  connection open() { return std::move(*connection::open(address_, "test", 60s)); }
  std::string sql(const std::string& statements) { return throwaway_postgresql::shared().sql(statements, name_); }
  std::string tables() {
    return sql("SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relnamespace = '" + name_ +
               "'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition");
  }

  std::string address_;
  std::string name_;
};

TEST_F(schema, an_empty_database_gets_all_tables_and_a_second_migration_changes_nothing) {
  ASSERT_TRUE(migrate_postgresql(address_));
  EXPECT_EQ(tables(),
            "cluster_view doc_head doc_label doc_snapshot document node node_vote op_log quire_schema slot_map");
  EXPECT_EQ(sql("SELECT version FROM quire_schema"), std::to_string(migrations().size()));
  EXPECT_EQ(sql("SELECT count(*) FROM pg_inherits WHERE inhparent = 'op_log'::regclass"), "32");
  sql("UPDATE cluster_view SET version = 7");
  ASSERT_TRUE(migrate_postgresql(address_));
  EXPECT_EQ(sql("SELECT version FROM cluster_view"), "7");
}

TEST_F(schema, nodes_that_migrate_at_once_take_turns) {
  std::vector<std::future<result<void>>> nodes;
  for (int i = 0; i < 4; ++i)
    nodes.push_back(std::async(std::launch::async, [this] { return migrate_postgresql(address_); }));
  for (auto& each : nodes) {
    const auto done = each.get();
    EXPECT_TRUE(done) << done.error().detail;
  }
  EXPECT_EQ(sql("SELECT count(*) FROM cluster_view"), "1");
}

TEST_F(schema, a_newer_schema_is_refused_and_left_alone) {
  ASSERT_TRUE(migrate_postgresql(address_));
  sql("UPDATE quire_schema SET version = 99");
  const auto migrated = migrate_postgresql(address_);
  const auto opened = open_store(address_);
  ASSERT_FALSE(migrated || opened);
  for (const auto& why : {migrated.error(), opened.error()}) {
    EXPECT_EQ(why.code, errc::schema_mismatch);
    EXPECT_NE(why.detail.find("version 99"), std::string::npos) << why.detail;
  }
}

TEST_F(schema, another_programs_tables_are_refused_by_name_and_left_alone) {
  sql("CREATE TABLE customer(id int)");
  const auto refused = open_store(address_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::schema_mismatch);
  EXPECT_NE(refused.error().detail.find("customer"), std::string::npos) << refused.error().detail;
  EXPECT_EQ(tables(), "customer");
}

TEST_F(schema, an_older_schema_is_brought_to_the_newest_step_by_step) {
  auto db = open();
  const std::array<std::string_view, 2> first{"CREATE TABLE a(x int);"};
  ASSERT_TRUE(migrate(db, std::span(first).first(1)));
  const std::array<std::string_view, 3> later{"CREATE TABLE a(x int);", "INSERT INTO a VALUES(1);",
                                              "INSERT INTO a VALUES(2);"};
  ASSERT_TRUE(migrate(db, later));
  EXPECT_EQ(sql("SELECT string_agg(x::text, ' ' ORDER BY x) FROM a"), "1 2");
  EXPECT_EQ(sql("SELECT version FROM quire_schema"), "3");
}

TEST_F(schema, a_store_of_the_first_version_is_upgraded_with_what_it_has) {
  const auto newer = throwaway_postgresql::shared().new_schema();
  const auto from = throwaway_postgresql::schema_of(newer);
  written_document notes("notes", id_of(1));
  {
    const auto store = open_store(newer).value();
    notes.create(*store.log, 5);
    ASSERT_TRUE(store.log->write_snapshot(notes.id(), notes.epoch(), {revision(3), 2, to_bytes("state")}));
  }
  {
    auto db = open();
    ASSERT_TRUE(migrate(db, migrations().first(1)));
  }
  for (const auto* table : {"document", "doc_head", "op_log", "doc_snapshot"}) {
    const auto columns =
      sql("SELECT string_agg(column_name, ', ') FROM information_schema.columns WHERE table_schema = '" + name_ +
          "' AND table_name = '" + table + "'");
    sql(std::string("INSERT INTO ") + table + "(" + columns + ") SELECT " + columns + " FROM " + from + "." + table);
  }
  const auto store = open_store(address_);
  ASSERT_TRUE(store) << store.error().detail;
  EXPECT_EQ(sql("SELECT version FROM quire_schema"), std::to_string(migrations().size()));
  const auto taken = store->log->acquire(notes.info().document).value();
  EXPECT_EQ(taken.info, notes.info());
  const auto found = store->history->load(notes.id()).value();
  EXPECT_EQ(found.newest->body, to_bytes("state"));
  EXPECT_TRUE(are_same(found.tail, edits(3, 5)));
  EXPECT_TRUE(store->log->set_label(notes.id(), taken.epoch, {"draft", revision(4), "", at_second(1)}, true));
  EXPECT_EQ(store->history->labels(notes.id()).value().size(), 1U);
}

TEST_F(schema, a_step_that_fails_leaves_the_schema_as_it_was) {
  auto db = open();
  const std::array<std::string_view, 2> steps{"CREATE TABLE a(x int);", "INSERT INTO a VALUES(1); SELECT 1/0;"};
  EXPECT_FALSE(migrate(db, steps));
  EXPECT_EQ(sql("SELECT count(*) FROM a"), "0");
  EXPECT_EQ(sql("SELECT version FROM quire_schema"), "1");
}

TEST_F(schema, a_database_of_another_encoding_is_refused) {
  throwaway_postgresql::shared().sql("DROP DATABASE IF EXISTS latin");
  throwaway_postgresql::shared().sql("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
  auto address = throwaway_postgresql::shared().address();
  address.replace(address.find("@/quire"), 7, "@/latin");
  const auto refused = migrate_postgresql(address);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::schema_mismatch);
}

// The log's rows are looked for by client and number, and heads are written with each edit: what indexes cost is known.
TEST_F(schema, appends_keep_to_the_page_of_the_head) {
  // Its workers' snapshots would keep dead versions, and so fill the page.
  throwaway_postgresql::shared().sql("ALTER SYSTEM SET autovacuum = off");
  throwaway_postgresql::shared().sql("SELECT pg_reload_conf()");
  const auto opened = open_store(address_);
  ASSERT_TRUE(opened);
  written_document notes("notes", id_of(1));
  notes.create(*opened->log, 1);
  for (int i = 0; i < 200; ++i)
    notes.write(*opened->log, 1);
  const auto counted = [&] {
    return sql(
      "SELECT pg_stat_force_next_flush(); SELECT n_tup_upd || ' ' || n_tup_hot_upd FROM pg_stat_user_tables "
      "WHERE relname = 'doc_head' AND schemaname = '" +
      name_ + "'");
  };
  std::string found = counted();
  while (found.find("200 ") == std::string::npos)  // the statistics come a moment later
    found = counted();
  EXPECT_NE(found.find("200 200"), std::string::npos) << found;
}

}  // namespace
}  // namespace quire::storage::postgresql
