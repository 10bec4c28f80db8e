#include "tests/storage/archive_file/sample_records.hpp"
#include "tests/storage/archive_file/transfer.hpp"

namespace quire::storage::archive_file {
namespace {

using namespace quire::fixture;

archived_document archived(const sample_document& document, const std::string& state = "live") {
  const auto& begin = document.begin;
  return {begin.info, begin.identity, state, begin.epoch, begin.head.at, begin.head.chain, begin.modified, {}};
}

/// A document that is on its way into a database.
class half_imported {
 public:
  explicit half_imported(const std::string& address, const sample_document& document = sample("notes", 1, 4))
    : to(open_restorer(address).value()) {
    EXPECT_TRUE(to->begin(archived(document)));
    EXPECT_TRUE(to->add(document.rows));
    EXPECT_TRUE(to->end(document.begin.head.chain));
  }

  std::unique_ptr<restorer> to;
};

}  // namespace

TEST(postgresql_import, an_engine_works_meanwhile_and_sees_nothing_of_it_before_all_is_there) {
  const auto address = throwaway_postgresql::shared().new_schema();
  const auto engine = open_store(address).value();
  written_document others("others", id_of(9));
  others.create(*engine.log, 3);
  half_imported import(address);
  const document_name name{"default", "notes"};
  EXPECT_EQ(code_of(engine.log->acquire(name)), errc::stale_epoch) << "it is somebody else's";
  written_document rival("notes", id_of(2));
  EXPECT_EQ(code_of(append_alone(*engine.log, rival.creation(1))), errc::already_exists);
  rival.set_generation(generation(2));
  EXPECT_EQ(code_of(append_alone(*engine.log, rival.creation(1))), errc::already_exists);
  EXPECT_EQ(code_of(engine.history->find(name)), errc::not_found);
  EXPECT_EQ(code_of(engine.history->load(id_of(1))), errc::not_found);
  EXPECT_EQ(code_of(append_alone(*engine.log, {sample("notes", 1, 0).begin.info, false, epoch(3), revision(4), {}})),
            errc::not_found);
  EXPECT_EQ(engine.history->list("default", "", 10)->size(), 1U);
  EXPECT_EQ(findings(address), std::vector<std::string>()) << "an import under way is no damage";
  others.write(*engine.log, 2);

  const auto done = import.to->commit();
  ASSERT_TRUE(done) << done.error().detail;
  const auto found = engine.log->acquire(name);
  ASSERT_TRUE(found && found->exists);
  EXPECT_EQ(found->epoch, epoch(4));
  EXPECT_TRUE(are_same(engine.history->load(id_of(1))->tail, edits(0, 4)));
  EXPECT_TRUE(append_alone(*engine.log, {found->info, false, found->epoch, found->head, edits(4, 5)}));
  EXPECT_EQ(findings(address), std::vector<std::string>());
}

TEST(postgresql_import, what_is_not_committed_is_gone_with_it) {
  auto& server = throwaway_postgresql::shared();
  const auto address = server.new_schema();
  {
    const half_imported import(address);
    EXPECT_EQ(documents_in(address), 1U);
  }
  EXPECT_EQ(documents_in(address), 0U);
  EXPECT_EQ(findings(address), std::vector<std::string>());
}

TEST(postgresql_import, what_one_left_whose_connection_broke_is_removed_by_the_next) {
  auto& server = throwaway_postgresql::shared();
  const auto address = server.new_schema();
  half_imported broken(address, sample("notes", 1, 4));
  server.sql("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name LIKE 'import/%'");
  EXPECT_EQ(code_of(broken.to->commit()), errc::store_unavailable);
  broken.to.reset();
  EXPECT_EQ(documents_in(address), 1U) << "nothing could remove it";
  EXPECT_EQ(findings(address), std::vector<std::string>());
  half_imported next(address, sample("plans", 2, 4));
  EXPECT_EQ(documents_in(address), 1U);
  ASSERT_TRUE(next.to->commit());
  EXPECT_EQ(open_archive(address).value()->find({"default", "plans"})->state, "live");
}

// Only a creation that began before the name was taken can come between; the row stands for one.
TEST(postgresql_import, a_document_created_meanwhile_undoes_the_import_and_stays) {
  auto& server = throwaway_postgresql::shared();
  const auto address = server.new_schema();
  auto document = sample("notes", 1, 4);
  document.begin.info.generation = generation(5);
  half_imported import(address, document);
  server.sql(
    "INSERT INTO document SELECT gen_random_uuid(), organisation, name, 1, type, created, identity FROM document;"
    "INSERT INTO doc_head(doc_id, slot, epoch, chain, modified) SELECT doc_id, 0, 1, 0, now() FROM document "
    "WHERE generation = 1",
    throwaway_postgresql::schema_of(address));
  const auto done = import.to->commit();
  EXPECT_EQ(code_of(done), errc::already_exists);
  EXPECT_NE(done.error().detail.find("default/notes: a document of that name was created meanwhile"),
            std::string::npos);
  import.to.reset();
  EXPECT_EQ(server.sql("SELECT string_agg(generation || state, ' ') FROM document JOIN doc_head USING(doc_id)",
                       throwaway_postgresql::schema_of(address)),
            "1live");
}

TEST(postgresql_import, a_document_that_a_move_is_importing_is_not_touched) {
  auto& server = throwaway_postgresql::shared();
  const auto address = server.new_schema();
  const auto schema = throwaway_postgresql::schema_of(address);
  {
    const auto engine = open_store(address).value();
    written_document("moving", id_of(9)).create(*engine.log, 3);
  }
  server.sql("UPDATE doc_head SET state = 'importing'", schema);
  half_imported import(address);
  ASSERT_TRUE(import.to->commit());
  EXPECT_EQ(server.sql("SELECT string_agg(name || ' ' || state, ', ' ORDER BY name) FROM document JOIN doc_head "
                       "USING(doc_id)",
                       schema),
            "moving importing, notes live");
}

TEST(postgresql_import, a_second_one_into_the_database_is_refused) {
  const auto address = throwaway_postgresql::shared().new_schema();
  const half_imported import(address);
  EXPECT_EQ(code_of(open_restorer(address)), errc::store_locked);
  EXPECT_EQ(documents_in(address), 1U) << "and touches nothing of the first";
}

}  // namespace quire::storage::archive_file
