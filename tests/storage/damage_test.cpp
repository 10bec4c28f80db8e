#include "tests/fixture/sqlite_file.hpp"

namespace quire::storage {
namespace {

using namespace quire::fixture;  // NOLINT: the tests speak its language

/// One way to damage the document `notes`, which has seven edits and a snapshot at the fourth.
struct damage {
  std::string name;
  std::string sql;
  std::string report;  // What the error says of it.
};

const std::string of_notes = " WHERE document = (SELECT number FROM document WHERE name = 'notes')";
const std::string mismatch = "the log's row does not match its checksum";

class damaged_store : public testing::TestWithParam<damage> {};

class prepared_file : public sqlite_file {
 public:
  prepared_file() {
    auto store = open();
    notes.create(*store.log, 7);
    plans.create(*store.log, 7);
    for (const auto* document : {&notes, &plans})
      EXPECT_TRUE(store.log->write_snapshot(document->id(), document->epoch(), {revision(4), 1, to_bytes("state")}));
  }

  written_document notes{"notes", id_of(1)};
  written_document plans{"plans", id_of(2)};
};

TEST_P(damaged_store, a_damaged_document_does_not_open_and_the_error_says_where_and_others_do) {
  const prepared_file file;
  file.tamper(GetParam().sql);
  const auto before = file.content();
  {
    const auto store = file.open();
    const auto found = store.history->load(file.notes.id());
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, errc::document_damaged);
    EXPECT_EQ(found.error().detail, "default/notes (generation 1): " + GetParam().report);

    const auto other = store.history->load(file.plans.id());
    ASSERT_TRUE(other) << other.error().detail;
    EXPECT_TRUE(are_same(other->tail, edits(4, 7)));
  }
  EXPECT_EQ(file.content(), before) << "something was overwritten";
}

INSTANTIATE_TEST_SUITE_P(
  every_kind, damaged_store,
  testing::Values(
    damage{"operation", "UPDATE op_log SET operation = x'00'" + of_notes + " AND revision = 6",
           "revision 6: " + mismatch},
    damage{"author", "UPDATE op_log SET author = 'bob'" + of_notes + " AND revision = 5", "revision 5: " + mismatch},
    damage{"time", "UPDATE op_log SET at = at + 1" + of_notes + " AND revision = 7", "revision 7: " + mismatch},
    damage{"client", "UPDATE op_log SET client_id = x'01'" + of_notes + " AND revision = 7", "revision 7: " + mismatch},
    damage{"sequence", "UPDATE op_log SET client_sequence = 99" + of_notes + " AND revision = 5",
           "revision 5: " + mismatch},
    damage{"encoding", "UPDATE op_log SET encoding = 2" + of_notes + " AND revision = 5", "revision 5: " + mismatch},
    damage{"epoch", "UPDATE op_log SET epoch = 2" + of_notes + " AND revision = 5", "revision 5: " + mismatch},
    damage{"row_checksum", "UPDATE op_log SET chain = chain + 1" + of_notes + " AND revision = 6",
           "revision 6: " + mismatch},
    damage{"gap", "DELETE FROM op_log" + of_notes + " AND revision = 6", "revision 6: the log's row is missing"},
    damage{"first_row_lost", "DELETE FROM op_log" + of_notes + " AND revision = 5",
           "revision 5: the log's row is missing"},
    damage{"last_row_lost", "DELETE FROM op_log" + of_notes + " AND revision = 7",
           "revision 7: the log's row is missing"},
    damage{"all_rows_lost", "DELETE FROM op_log" + of_notes, "revision 5: the log's row is missing"},
    damage{"row_past_the_head", "UPDATE document SET head = 6 WHERE name = 'notes'",
           "revision 7: a row of the log past the head"},
    damage{"head_too_high", "UPDATE document SET head = 9 WHERE name = 'notes'",
           "revision 8: the log's row is missing"},
    damage{"head_checksum", "UPDATE document SET chain = chain + 1 WHERE name = 'notes'",
           "revision 7: the head's checksum is not that of the log's last row"},
    damage{"rows_of_another",
           "UPDATE op_log SET chain = (SELECT chain FROM op_log AS o WHERE o.revision = op_log.revision AND o.document "
           "<> op_log.document)" +
             of_notes,
           "revision 5: " + mismatch},
    damage{"snapshot_body",
           "UPDATE snapshot SET body = CAST(substr(body, 1, length(body) - 1) || x'00' AS BLOB)" + of_notes,
           "revision 4: the snapshot does not match its checksum"},
    damage{"snapshot_cut", "UPDATE snapshot SET body = x''" + of_notes,
           "revision 4: the snapshot does not match its checksum"},
    damage{"snapshot_format", "UPDATE snapshot SET format = 2" + of_notes,
           "revision 4: the snapshot does not match its checksum"},
    damage{"snapshot_revision", "UPDATE snapshot SET revision = 5" + of_notes,
           "revision 5: the snapshot does not match its checksum"},
    damage{"snapshot_past_the_head", "UPDATE snapshot SET revision = 8" + of_notes,
           "revision 8: a snapshot past the head"},
    damage{"snapshot_chain", "UPDATE snapshot SET chain = 5" + of_notes,
           "revision 4: the snapshot does not match its checksum"},
    damage{"snapshot_of_another",
           "CREATE TEMP TABLE other AS SELECT * FROM snapshot WHERE document = (SELECT number FROM document WHERE name "
           "= 'plans'); UPDATE snapshot SET (chain, seal, body) = (SELECT chain, seal, body FROM other)" +
             of_notes,
           "revision 5: " + mismatch},
    damage{"type", "UPDATE document SET type = 'json' WHERE name = 'notes'", "its row does not match its checksum"},
    damage{"created", "UPDATE document SET created = 0 WHERE name = 'notes'", "its row does not match its checksum"}),
  [](const auto& of) { return of.param.name; });

TEST(damage, a_history_page_reports_only_what_it_reads) {
  const prepared_file file;
  file.tamper("UPDATE op_log SET operation = x'00'" + of_notes + " AND revision = 3");
  const auto store = file.open();
  const auto id = file.notes.id();
  EXPECT_TRUE(store.history->load(id)) << "the snapshot stands for the row";
  EXPECT_TRUE(store.history->read(id, revision(0), revision(2), 1'000));
  EXPECT_TRUE(store.history->read(id, revision(3), revision(7), 1'000));
  EXPECT_EQ(code_of(store.history->read(id, revision(1), revision(7), 1'000)), errc::document_damaged);
}

TEST(damage, a_history_that_starts_at_a_lost_row_is_reported) {
  const prepared_file file;
  file.tamper("DELETE FROM op_log" + of_notes + " AND revision = 3");
  const auto store = file.open();
  EXPECT_EQ(code_of(store.history->read(file.notes.id(), revision(3), revision(7), 1'000)), errc::document_damaged);
  EXPECT_EQ(code_of(store.log->write_snapshot(file.notes.id(), file.notes.epoch(), {revision(3), 1, {}})), std::nullopt)
    << "it is older than the newest";
}

TEST(damage, a_past_state_reports_only_what_it_is_made_of) {
  const prepared_file file;
  file.tamper("UPDATE op_log SET operation = x'00'" + of_notes + " AND revision IN (3, 6)");
  const auto store = file.open();
  const auto at = [&](std::uint64_t number) {
    return code_of(store.history->state_at(file.notes.id(), revision(number), {100, 10'000}));
  };
  EXPECT_EQ(at(2), std::nullopt);
  EXPECT_EQ(at(3), errc::document_damaged);
  EXPECT_EQ(at(4), std::nullopt) << "the snapshot stands for the row";
  EXPECT_EQ(at(5), std::nullopt);
  EXPECT_EQ(at(7), errc::document_damaged);
}

TEST(damage, a_past_state_from_the_snapshot_of_another_document_is_reported) {
  const prepared_file file;
  file.tamper(
    "CREATE TEMP TABLE other AS SELECT * FROM snapshot WHERE document = (SELECT number FROM document WHERE name = "
    "'plans'); UPDATE snapshot SET (chain, seal, body) = (SELECT chain, seal, body FROM other)" +
    of_notes);
  const auto store = file.open();
  EXPECT_EQ(code_of(store.history->state_at(file.notes.id(), revision(4), {100, 10'000})), errc::document_damaged);
}

TEST(damage, a_row_where_the_next_edit_belongs_refuses_that_document_alone) {
  const prepared_file file;
  file.tamper("UPDATE document SET head = 6, chain = (SELECT chain FROM op_log" + of_notes +
              " AND revision = 6) WHERE name = 'notes'");
  const auto store = file.open();
  auto overwriting = file.notes.next(1);
  overwriting.base = revision(6);
  overwriting.entries = {edit(7, bob, 77)};
  const std::vector requests{overwriting, file.plans.next(1)};
  const auto done = store.log->append(requests);
  ASSERT_TRUE(done);
  EXPECT_EQ(code_of(done->at(0)), errc::document_damaged);
  EXPECT_TRUE(done->at(1));
}

TEST(damage, bytes_changed_in_the_file_are_found) {
  const prepared_file file;
  file.overwrite("operation 6", "operatiom 6");
  const auto store = file.open();
  EXPECT_EQ(code_of(store.history->load(file.notes.id())), errc::document_damaged);
}

TEST(damage, a_page_of_the_file_that_is_lost_costs_only_the_documents_on_it) {
  const sqlite_file file;
  written_document notes("notes", id_of(1));
  written_document plans("plans", id_of(2));
  {
    const auto store = file.open();
    notes.create(*store.log, 1'000);
    plans.create(*store.log, 1'000);
  }
  file.lose_page_with("operation 500");
  const auto store = file.open();
  const auto found = store.history->load(notes.id());
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, errc::document_damaged);
  EXPECT_TRUE(found.error().detail.starts_with("default/notes (generation 1): "));
  EXPECT_TRUE(store.history->load(plans.id()));
  plans.write(*store.log, 1);
}

}  // namespace
}  // namespace quire::storage
