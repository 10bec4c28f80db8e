#include "storage/op_log/sqlite/schema.hpp"
#include "tests/fixture/sqlite_file.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

namespace quire::storage {
namespace {

using namespace quire::fixture;  // NOLINT: the tests speak its language

TEST(sqlite, a_store_opened_again_has_all_it_had) {
  const sqlite_file file;
  written_document notes("notes", id_of(1));
  written_document gone("gone", id_of(2));
  {
    const auto store = file.open();
    notes.create(*store.log, 5);
    gone.create(*store.log, 1);
    ASSERT_TRUE(store.log->write_snapshot(notes.id(), notes.epoch(), {revision(3), 2, to_bytes("state")}));
    ASSERT_TRUE(store.log->remove(gone.id(), gone.epoch()));
  }
  const auto store = file.open();
  const auto found = store.history->load(notes.id());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->newest->body, to_bytes("state"));
  EXPECT_TRUE(are_same(found->tail, edits(3, 5)));
  notes.write(*store.log, 1);
  EXPECT_EQ(store.log->acquire(gone.info().document)->info.generation, generation(2));
}

TEST(sqlite, a_deletion_that_the_end_of_the_process_broke_off_goes_on) {
  const sqlite_file file;
  written_document notes("notes", id_of(1));
  written_document plans("plans", id_of(2));
  {
    const auto store = file.open();
    notes.create(*store.log, 1'000);
    ASSERT_TRUE(store.log->remove(notes.id(), notes.epoch()));
  }
  {
    const auto store = file.open();
    plans.create(*store.log);
    for (int count = 0; count < 10; ++count)
      plans.write(*store.log, 1);
  }
  file.tamper("CREATE TABLE probe(rows INTEGER CHECK(rows = 10)); INSERT INTO probe SELECT count(*) FROM op_log");
}

TEST(sqlite, a_trim_that_the_end_of_the_process_broke_off_goes_on_256_rows_an_append) {
  const sqlite_file file;
  written_document notes("notes", id_of(1));
  {
    const auto store = file.open();
    notes.create(*store.log, 1'000);
    ASSERT_TRUE(store.log->write_snapshot(notes.id(), notes.epoch(), {revision(990), 1, to_bytes("state")}));
    ASSERT_TRUE(store.log->trim(notes.id(), notes.epoch(), revision(990)));
  }
  const auto first = [&] { return file.rows("SELECT min(revision), (SELECT trimming FROM document) FROM op_log"); };
  EXPECT_EQ(first(), "257|1|\n");
  const auto store = file.open();
  for (const auto* expected : {"513|1|\n", "769|1|\n", "991|0|\n", "991|0|\n"}) {
    notes.write(*store.log, 1);
    EXPECT_EQ(first(), expected);
  }
}

TEST(sqlite, two_snapshots_of_a_document_are_kept) {
  const sqlite_file file;
  {
    const auto store = file.open();
    written_document notes("notes", id_of(1));
    notes.create(*store.log, 9);
    for (std::uint64_t at = 1; at < 9; ++at)
      ASSERT_TRUE(store.log->write_snapshot(notes.id(), notes.epoch(), {revision(at), 1, {}}));
  }
  file.tamper(
    "CREATE TABLE probe(kept TEXT CHECK(kept = '7,8'));"
    "INSERT INTO probe SELECT group_concat(revision) FROM (SELECT revision FROM snapshot ORDER BY revision)");
}

TEST(sqlite, a_second_store_on_one_file_is_refused_and_told_who_has_it) {
  const sqlite_file file;
  auto first = file.open();
  const auto second = open_store(file.address());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, errc::store_locked);
  EXPECT_NE(second.error().detail.find("process " + std::to_string(::getpid())), std::string::npos);
  first.log.reset();
  EXPECT_EQ(code_of(open_store(file.address())), errc::store_locked) << "its reading side is still there";
  first.history.reset();
  EXPECT_TRUE(open_store(file.address()));
}

TEST(sqlite, a_second_way_to_the_file_does_not_open_it_twice) {
  const sqlite_file file;
  const auto first = file.open();
  const auto link = file.path().parent_path() / "link.db";
  std::filesystem::create_symlink(file.path(), link);
  EXPECT_EQ(code_of(open_store("sqlite:" + link.string())), errc::store_locked);
}

// The child has the store until it is killed; what it committed is there, and so is the store.
TEST(sqlite, another_process_is_kept_out_until_it_dies) {
  const sqlite_file file;
  std::array<int, 2> ready{};
  ASSERT_EQ(::pipe(ready.data()), 0);
  const auto child = ::fork();
  if (child == 0) {
    const auto store = open_store(file.address());
    const written_document notes("notes", id_of(1));
    const char answer = store && append_alone(*store->log, notes.creation(3)) ? 'y' : 'n';
    if (::write(ready[1], &answer, 1) == 1)
      ::pause();
    ::_exit(1);
  }
  char answer = 0;
  ASSERT_EQ(::read(ready[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  EXPECT_EQ(code_of(open_store(file.address())), errc::store_locked);
  ::kill(child, SIGKILL);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  ::close(ready[0]);
  ::close(ready[1]);
  EXPECT_EQ(file.open().history->load(id_of(1)).value().tail.size(), 3U);
}

TEST(sqlite, a_newer_schema_is_refused_and_left_as_it_is) {
  const sqlite_file file;
  static_cast<void>(file.open());
  file.tamper("PRAGMA user_version = 99");
  const auto before = file.content();
  const auto opened = open_store(file.address());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, errc::schema_mismatch);
  EXPECT_NE(opened.error().detail.find("version 99"), std::string::npos);
  EXPECT_EQ(file.content(), before);
}

TEST(sqlite, another_programs_database_is_refused_and_left_as_it_is) {
  for (const auto* sql : {"CREATE TABLE theirs(x)", "PRAGMA application_id = 7", "PRAGMA user_version = 1"}) {
    const sqlite_file file;
    file.tamper(sql);
    const auto before = file.content();
    EXPECT_EQ(code_of(open_store(file.address())), errc::schema_mismatch) << sql;
    EXPECT_EQ(file.content(), before) << sql;
  }
}

TEST(sqlite, a_file_that_is_no_database_is_refused_and_left_as_it_is) {
  const sqlite_file file;
  const std::string letter(10'000, 'x');
  file.set_content(letter);
  EXPECT_EQ(code_of(open_store(file.address())), errc::schema_mismatch);
  EXPECT_EQ(file.content(), letter);
}

TEST(sqlite, an_empty_file_becomes_a_store) {
  const sqlite_file file;
  file.set_content("");
  EXPECT_TRUE(open_store(file.address()));
}

TEST(sqlite, a_place_where_no_store_can_be_is_reported) {
  const sqlite_file file;
  EXPECT_EQ(code_of(open_store("sqlite:/nowhere/at/all/store.db")), errc::store_unavailable);
  EXPECT_EQ(code_of(open_store("sqlite:" + file.path().parent_path().string())), errc::store_unavailable);
  EXPECT_EQ(code_of(open_store(file.address() + "?vfs=unheard-of")), errc::invalid_configuration);
}

TEST(open_store, what_is_not_an_address_is_refused) {
  for (const auto* address : {"", "memory:", "sqlite", "sqlite:", "sqlite:?vfs=x", "sqlite:x?vfs=", "sqlite:x?mode=ro",
                              "sqlite:folder/", "postgresql:x", "SQLITE:x"})
    EXPECT_EQ(code_of(open_store(address)), errc::invalid_configuration) << address;
}

std::int64_t number(const sqlite_file& file, const std::string& sql) {
  return sqlite::connection::open(file.path(), "")->number(sql).value();
}

TEST(migrations, a_file_is_brought_to_the_newest_version_step_by_step) {
  const sqlite_file file;
  auto db = sqlite::connection::open(file.path(), "");
  ASSERT_TRUE(db);
  const std::array<std::string_view, 1> older{"CREATE TABLE a(x);"};
  const std::array<std::string_view, 3> newer{"CREATE TABLE a(x);", "INSERT INTO a VALUES(1);",
                                              "UPDATE a SET x = x + 1;"};
  ASSERT_TRUE(sqlite::migrate(*db, older));
  ASSERT_TRUE(sqlite::migrate(*db, newer));
  ASSERT_TRUE(sqlite::migrate(*db, newer));
  EXPECT_EQ(number(file, "SELECT x FROM a"), 2);
  EXPECT_EQ(number(file, "PRAGMA user_version"), 3);
  EXPECT_EQ(number(file, "PRAGMA application_id"), sqlite::application_id);
}

TEST(migrations, a_store_of_the_first_version_is_upgraded_with_what_it_has) {
  const sqlite_file newer;
  written_document notes("notes", id_of(1));
  {
    const auto store = newer.open();
    notes.create(*store.log, 5);
    ASSERT_TRUE(store.log->write_snapshot(notes.id(), notes.epoch(), {revision(3), 2, to_bytes("state")}));
  }
  const sqlite_file file;
  {
    auto db = sqlite::connection::open(file.path(), "");
    ASSERT_TRUE(sqlite::migrate(*db, sqlite::migrations().first(1)));
  }
  for (const auto* table : {"document", "op_log", "snapshot"}) {
    const auto found =
      file.rows(std::string("SELECT group_concat(name, ', ') FROM pragma_table_info('") + table + "')");
    const auto columns = found.substr(0, found.find('|'));
    file.tamper("ATTACH '" + newer.path().string() + "' AS newer; INSERT INTO main." + table + "(" + columns +
                ") SELECT " + columns + " FROM newer." + table);
  }
  EXPECT_EQ(number(file, "PRAGMA user_version"), 1);
  const auto store = file.open();
  EXPECT_EQ(number(file, "PRAGMA user_version"), static_cast<std::int64_t>(sqlite::migrations().size()));
  const auto taken = store.log->acquire(notes.info().document).value();
  EXPECT_EQ(taken.info, notes.info());
  const auto found = store.history->load(notes.id()).value();
  EXPECT_EQ(found.newest->body, to_bytes("state"));
  EXPECT_TRUE(are_same(found.tail, edits(3, 5)));
  EXPECT_TRUE(store.log->set_label(notes.id(), taken.epoch, {"draft", revision(4), "", at_second(1)}, true));
  EXPECT_EQ(store.history->labels(notes.id()).value().size(), 1U);
}

TEST(migrations, a_step_that_fails_leaves_the_version_before_it) {
  const sqlite_file file;
  auto db = sqlite::connection::open(file.path(), "");
  ASSERT_TRUE(db);
  const std::array<std::string_view, 2> steps{"CREATE TABLE a(x);", "INSERT INTO a VALUES(1); SELECT no_such_column;"};
  EXPECT_FALSE(sqlite::migrate(*db, steps));
  EXPECT_FALSE(db->is_in_transaction());
  EXPECT_EQ(number(file, "SELECT count(*) FROM a"), 0);
  EXPECT_EQ(number(file, "PRAGMA user_version"), 1);
}

}  // namespace
}  // namespace quire::storage
