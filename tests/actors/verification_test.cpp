#include "storage/verification.hpp"

#include "actors/document/snapshot_envelope.hpp"
#include "actors/replay.hpp"
#include "actors/types/text/operation.hpp"
#include "tests/fixture/sqlite_file.hpp"
#include "tests/fixture/text_operations.hpp"
#include "tests/fixture/throwaway_postgresql.hpp"
#include "tests/fixture/written_document.hpp"

#include <gtest/gtest.h>

#include <set>

namespace quire::storage {
namespace {

using namespace quire::fixture;

/// Whether one of the findings has these words.
testing::AssertionResult finds(const std::vector<std::string>& findings, const std::string& words) {
  std::string all;
  for (const auto& finding : findings) {
    if (finding.find(words) != std::string::npos)
      return testing::AssertionSuccess();
    all += "\n  " + finding;
  }
  return testing::AssertionFailure() << "nothing says \"" << words << "\"; found:" << all;
}

/// The snapshot that a document takes at a revision.
snapshot snapshot_of(const append_request& request, std::uint64_t at) {
  actors::document_replay replayed(*actors::types::find_type("text"));
  actors::snapshot_envelope envelope{1, {}, {}};
  for (std::uint64_t i = 0; i < at; ++i) {
    EXPECT_TRUE(replayed.apply(request.entries[i]));
    const auto& entry = request.entries[i];
    envelope.clients.set(entry.client, {entry.sequence, entry.revision, 0, {}});
  }
  envelope.type_format = actors::types::find_type("text")->snapshot_format;
  replayed.state().write_snapshot(envelope.state);
  return {revision(at), actors::envelope_format, seal(envelope)};
}

/// A store with a document of twenty edits, two snapshots and two labels, one like it that was trimmed, one that is
/// being trimmed, one with a single edit, and a deleted one.
class stored_documents {
 public:
  explicit stored_documents(const std::string& address) {
    auto opened = open_store(address).value();
    auto request = notes_.creation(20);
    for (auto& entry : request.entries)
      entry.operation = share(insert_at(0, "x"));
    EXPECT_TRUE(append_alone(*opened.log, request));
    for (const std::uint64_t at : {8U, 15U})
      EXPECT_TRUE(opened.log->write_snapshot(notes_.id(), notes_.epoch(), snapshot_of(request, at)));
    for (const std::uint64_t at : {3U, 12U})
      EXPECT_TRUE(opened.log->set_label(notes_.id(), notes_.epoch(),
                                        {"label " + std::to_string(at), revision(at), "ada", at_second(9)}, true));
    write_trimmed(*opened.log, 4, 40);
    written_document plans("plans", id_of(2));
    auto single = plans.creation(1);
    single.entries[0].operation = share(insert_at(0, "y"));
    EXPECT_TRUE(append_alone(*opened.log, single));
    written_document gone("gone", id_of(3));
    auto deleted = gone.creation(1);
    deleted.entries[0].operation = single.entries[0].operation;
    EXPECT_TRUE(append_alone(*opened.log, deleted));
    EXPECT_TRUE(opened.log->remove(gone.id(), gone.epoch()));
    for (int i = 0; i < 3; ++i)
      EXPECT_TRUE(opened.log->acquire({"default", "nobody"}));  // which deletes what is left
    write_trimmed(*opened.log, 5, 600);
  }

 private:
  // It has twelve edits after the floor, and a label before it.
  static void write_trimmed(op_log& log, std::uint8_t number, std::uint64_t edits) {
    written_document trimmed("trimmed " + std::to_string(number), id_of(number));
    auto request = trimmed.creation(edits);
    for (auto& entry : request.entries)
      entry.operation = share(insert_at(0, "x"));
    EXPECT_TRUE(append_alone(log, request));
    const auto floor = edits - 12;
    EXPECT_TRUE(log.write_snapshot(trimmed.id(), trimmed.epoch(), snapshot_of(request, floor)));
    EXPECT_TRUE(log.add_snapshot(trimmed.id(), trimmed.epoch(), snapshot_of(request, 2)));
    EXPECT_TRUE(log.set_label(trimmed.id(), trimmed.epoch(), {"early", revision(2), "", at_second(9)}, true));
    EXPECT_TRUE(log.trim(trimmed.id(), trimmed.epoch(), revision(floor)));
  }

  written_document notes_{"notes", id_of(1)};
};

/// All that a check of a whole store finds.
std::vector<std::string> verify_all(const std::string& address) {
  const auto from = open_archive(address);
  EXPECT_TRUE(from) << from.error().detail;
  auto all = (*from)->strays().value();
  const auto documents = (*from)->documents({}, 100).value();
  for (const auto& document : documents) {
    const auto done = verify(**from, document, actors::document_replay::begin).value();
    for (const auto& finding : done.findings)
      all.push_back(document.info.document.name + ": " + finding);
  }
  return all;
}

struct corruption {
  std::string column;
  std::string sql;
  std::string found;
};

// By what each column says, once: changed alone, so that nothing else could give it away.
const corruption of_postgresql[] = {
  {"document.doc_id", "UPDATE document SET doc_id = gen_random_uuid() WHERE name = 'notes'", "has no row in doc"},
  {"document.organisation", "UPDATE document SET organisation = 'other' WHERE name = 'notes'", "document: the row"},
  {"document.name", "UPDATE document SET name = 'nodes' WHERE name = 'notes'", "nodes: document: the row"},
  {"document.generation", "UPDATE document SET generation = 2 WHERE name = 'notes'", "document: the row"},
  {"document.type", "UPDATE document SET type = 'test' WHERE name = 'notes'", "document: the row"},
  {"document.created", "UPDATE document SET created = created + interval '1 ms' WHERE name = 'notes'",
   "document: the row"},
  {"document.identity", "UPDATE document SET identity = identity + 1 WHERE name = 'notes'", "document: the row"},
  {"doc_head.doc_id", "UPDATE doc_head SET doc_id = gen_random_uuid() WHERE head_seq = 20", "has no row in document"},
  {"doc_head.slot", "UPDATE doc_head SET slot = (slot + 1) % 1024 WHERE head_seq = 20", "doc_head.slot"},
  {"doc_head.state", "UPDATE doc_head SET state = 'deleted' WHERE head_seq = 20", "it is deleted, and op_log has rows"},
  {"doc_head.epoch", "UPDATE doc_head SET epoch = 0 WHERE head_seq = 20", "its epoch 0 is below 1"},
  {"doc_head.owner_id", "UPDATE doc_head SET owner_id = NULL WHERE head_seq = 20", "owner_id and owner_inc"},
  {"doc_head.owner_inc", "UPDATE doc_head SET owner_inc = 99 WHERE head_seq = 20", "owner_inc was never given"},
  {"doc_head.head_seq", "UPDATE doc_head SET head_seq = 19 WHERE head_seq = 20", "revision 20: it is past the head"},
  {"doc_head.snap_seq", "UPDATE doc_head SET snap_seq = 8 WHERE head_seq = 20", "doc_head.snap_seq"},
  {"doc_head.chain", "UPDATE doc_head SET chain = chain + 1 WHERE head_seq = 20", "the head's checksum"},
  {"doc_head.modified", "UPDATE doc_head SET modified = now() WHERE head_seq = 20", "modified is not the time"},
  {"doc_head.moved_to", "UPDATE doc_head SET moved_to = 1 WHERE head_seq = 20", "doc_head.moved_to"},
  {"doc_head.touched", "UPDATE doc_head SET touched = -1 WHERE head_seq = 20", "doc_head.touched"},
  {"doc_head.floor_seq", "UPDATE doc_head SET floor_seq = 8 WHERE head_seq = 20", "snapshot: revision 8: its chain"},
  {"doc_head.floor_chain", "UPDATE doc_head SET floor_chain = floor_chain + 1 WHERE head_seq = 40",
   "snapshot: revision 28: its chain"},
  {"doc_head.trimming", "UPDATE doc_head SET trimming = true WHERE head_seq = 40", "trimming is under way, and the"},
  {"op_log.doc_id", "UPDATE op_log SET doc_id = gen_random_uuid() WHERE seq = 7", "which is no document"},
  {"op_log.client_id", "UPDATE op_log SET client_id = gen_random_uuid() WHERE seq = 7", "revision 7: the row does not"},
  {"op_log.seq", "UPDATE op_log SET seq = 30 WHERE seq = 7", "revision 7: the row is missing"},
  {"op_log.epoch", "UPDATE op_log SET epoch = 0 WHERE seq = 7", "revision 7: epoch 0 after epoch 1"},
  {"op_log.client_seq", "UPDATE op_log SET client_seq = 99 WHERE seq = 7", "revision 7: the row does not"},
  {"op_log.at", "UPDATE op_log SET at = at + interval '1 ms' WHERE seq = 7", "revision 7: the row does not"},
  {"op_log.chain", "UPDATE op_log SET chain = chain + 1 WHERE seq = 7", "revision 7: the row does not"},
  {"op_log.encoding", "UPDATE op_log SET encoding = 2 WHERE seq = 7", "revision 7: the row does not"},
  {"op_log.author", "UPDATE op_log SET author = 'mallory' WHERE seq = 7", "revision 7: the row does not"},
  {"op_log.body", "UPDATE op_log SET body = body || 'x' WHERE seq = 7", "revision 7: the row does not"},
  {"doc_snapshot.doc_id", "UPDATE doc_snapshot SET doc_id = gen_random_uuid() WHERE seq = 8", "which is no document"},
  {"doc_snapshot.seq", "UPDATE doc_snapshot SET seq = 9 WHERE seq = 8", "snapshot: revision 9: its chain"},
  {"doc_snapshot.epoch", "UPDATE doc_snapshot SET epoch = 7 WHERE seq = 8", "snapshot: revision 8: its epoch 7"},
  {"doc_snapshot.format", "UPDATE doc_snapshot SET format = 2 WHERE seq = 8",
   "snapshot: revision 8: the snapshot does not"},
  {"doc_snapshot.chain", "UPDATE doc_snapshot SET chain = chain + 1 WHERE seq = 8", "snapshot: revision 8: its chain"},
  {"doc_snapshot.seal", "UPDATE doc_snapshot SET seal = seal + 1 WHERE seq = 8",
   "snapshot: revision 8: the snapshot does not"},
  {"doc_snapshot.body", "UPDATE doc_snapshot SET body = body || 'x' WHERE seq = 8",
   "snapshot: revision 8: the snapshot does not"},
  {"doc_label.doc_id", "UPDATE doc_label SET doc_id = gen_random_uuid() WHERE seq = 3", "which is no document"},
  {"doc_label.name", "UPDATE doc_label SET name = 'other' WHERE seq = 3", "label: 'other': the row does not"},
  {"doc_label.seq", "UPDATE doc_label SET seq = 4 WHERE seq = 3", "label: 'label 3': the row does not"},
  {"doc_label.author", "UPDATE doc_label SET author = 'eve' WHERE seq = 3", "label: 'label 3': the row does not"},
  {"doc_label.at", "UPDATE doc_label SET at = at + interval '1 ms' WHERE seq = 3",
   "label: 'label 3': the row does not"},
  {"doc_label.seal", "UPDATE doc_label SET seal = seal + 1 WHERE seq = 3", "label: 'label 3': the row does not"},
};

const corruption of_sqlite[] = {
  {"document.number", "UPDATE document SET number = 99 WHERE name = 'notes'", "which is not there"},
  {"document.doc_id", "UPDATE document SET doc_id = randomblob(16) WHERE name = 'notes'", "document: the row"},
  {"document.organisation", "UPDATE document SET organisation = 'other' WHERE name = 'notes'", "document: the row"},
  {"document.name", "UPDATE document SET name = 'nodes' WHERE name = 'notes'", "nodes: document: the row"},
  {"document.generation", "UPDATE document SET generation = 2 WHERE name = 'notes'", "document: the row"},
  {"document.type", "UPDATE document SET type = 'test' WHERE name = 'notes'", "document: the row"},
  {"document.created", "UPDATE document SET created = created + 1 WHERE name = 'notes'", "document: the row"},
  {"document.identity", "UPDATE document SET identity = identity + 1 WHERE name = 'notes'", "document: the row"},
  {"document.state", "UPDATE document SET state = 'deleted' WHERE name = 'notes'",
   "it is deleted, and op_log has rows"},
  {"document.epoch", "UPDATE document SET epoch = 0 WHERE name = 'notes'", "its epoch 0 is below 1"},
  {"document.head", "UPDATE document SET head = 19 WHERE name = 'notes'", "revision 20: it is past the head"},
  {"document.chain", "UPDATE document SET chain = chain + 1 WHERE name = 'notes'", "the head's checksum"},
  {"document.modified", "UPDATE document SET modified = modified + 1 WHERE name = 'notes'", "modified is not the time"},
  {"document.floor", "UPDATE document SET floor = 8 WHERE name = 'notes'", "snapshot: revision 8: its chain"},
  {"document.floor_chain", "UPDATE document SET floor_chain = floor_chain + 1 WHERE name = 'trimmed 4'",
   "trimmed 4: snapshot: revision 28: its chain"},
  {"document.trimming", "UPDATE document SET trimming = 1 WHERE name = 'trimmed 4'", "trimming is under way, and the"},
  {"op_log.document", "UPDATE op_log SET document = 99 WHERE revision = 7", "which is not there"},
  {"op_log.revision", "UPDATE op_log SET revision = 30 WHERE revision = 7", "revision 7: the row is missing"},
  {"op_log.epoch", "UPDATE op_log SET epoch = 0 WHERE revision = 7", "revision 7: epoch 0 after epoch 1"},
  {"op_log.client_id", "UPDATE op_log SET client_id = randomblob(16) WHERE revision = 7",
   "revision 7: the row does not"},
  {"op_log.client_sequence", "UPDATE op_log SET client_sequence = 99 WHERE revision = 7",
   "revision 7: the row does not"},
  {"op_log.author", "UPDATE op_log SET author = 'mallory' WHERE revision = 7", "revision 7: the row does not"},
  {"op_log.at", "UPDATE op_log SET at = at + 1 WHERE revision = 7", "revision 7: the row does not"},
  {"op_log.encoding", "UPDATE op_log SET encoding = 2 WHERE revision = 7", "revision 7: the row does not"},
  {"op_log.operation", "UPDATE op_log SET operation = zeroblob(3) WHERE revision = 7", "revision 7: the row does not"},
  {"op_log.chain", "UPDATE op_log SET chain = chain + 1 WHERE revision = 7", "revision 7: the row does not"},
  {"snapshot.document", "UPDATE snapshot SET document = 99 WHERE revision = 8", "which is not there"},
  {"snapshot.revision", "UPDATE snapshot SET revision = 9 WHERE revision = 8", "snapshot: revision 9: its chain"},
  {"snapshot.format", "UPDATE snapshot SET format = 2 WHERE revision = 8",
   "snapshot: revision 8: the snapshot does not"},
  {"snapshot.chain", "UPDATE snapshot SET chain = chain + 1 WHERE revision = 8", "snapshot: revision 8: its chain"},
  {"snapshot.seal", "UPDATE snapshot SET seal = seal + 1 WHERE revision = 8",
   "snapshot: revision 8: the snapshot does not"},
  {"snapshot.body", "UPDATE snapshot SET body = zeroblob(9) WHERE revision = 8",
   "snapshot: revision 8: the snapshot does not"},
  {"label.document", "UPDATE label SET document = 99 WHERE revision = 3", "which is not there"},
  {"label.name", "UPDATE label SET name = 'other' WHERE revision = 3", "label: 'other': the row does not"},
  {"label.revision", "UPDATE label SET revision = 4 WHERE revision = 3", "label: 'label 3': the row does not"},
  {"label.author", "UPDATE label SET author = 'eve' WHERE revision = 3", "label: 'label 3': the row does not"},
  {"label.at", "UPDATE label SET at = at + 1 WHERE revision = 3", "label: 'label 3': the row does not"},
  {"label.seal", "UPDATE label SET seal = seal + 1 WHERE revision = 3", "label: 'label 3': the row does not"},
};

TEST(verification, a_sound_store_has_nothing_to_find) {
  const auto postgresql = throwaway_postgresql::shared().new_schema();
  const stored_documents there(postgresql);
  EXPECT_EQ(verify_all(postgresql), std::vector<std::string>());
  const sqlite_file file;
  const stored_documents here(file.address());
  EXPECT_EQ(verify_all(file.address()), std::vector<std::string>());
}

TEST(verification, every_column_of_postgresql_that_is_changed_is_found_and_named) {
  auto& server = throwaway_postgresql::shared();
  const auto address = server.new_schema();
  const auto schema = throwaway_postgresql::schema_of(address);
  const stored_documents there(address);
  // What the tables held, to put it back.
  server.sql(
    "CREATE SCHEMA copy; CREATE TABLE copy.document AS TABLE document; CREATE TABLE copy.doc_head AS TABLE doc_head; "
    "CREATE TABLE copy.op_log AS TABLE op_log; CREATE TABLE copy.doc_snapshot AS TABLE doc_snapshot; "
    "CREATE TABLE copy.doc_label AS TABLE doc_label",
    schema);
  std::set<std::string> tried;
  for (const auto& [column, sql, found] : of_postgresql) {
    SCOPED_TRACE(column);
    tried.insert(column);
    EXPECT_EQ(server.sql(sql, schema), "");
    EXPECT_TRUE(finds(verify_all(address), found));
    server.sql(
      "DELETE FROM document; DELETE FROM doc_head; DELETE FROM op_log; DELETE FROM doc_snapshot; "
      "DELETE FROM doc_label; INSERT INTO doc_label TABLE copy.doc_label; "
      "INSERT INTO document TABLE copy.document; INSERT INTO doc_head TABLE copy.doc_head; "
      "INSERT INTO op_log TABLE copy.op_log; INSERT INTO doc_snapshot TABLE copy.doc_snapshot",
      schema);
  }
  EXPECT_EQ(verify_all(address), std::vector<std::string>());
  const auto columns =
    server.sql("SELECT count(*) FROM information_schema.columns WHERE table_schema = '" + schema +
               "' AND table_name IN ('document', 'doc_head', 'op_log', 'doc_snapshot', 'doc_label')");
  EXPECT_EQ(std::to_string(tried.size()), columns);
}

TEST(verification, every_column_of_sqlite_that_is_changed_is_found_and_named) {
  std::size_t columns = 0;
  for (const auto& [column, sql, found] : of_sqlite) {
    SCOPED_TRACE(column);
    const sqlite_file file;
    const stored_documents there(file.address());
    file.tamper(sql);
    EXPECT_TRUE(finds(verify_all(file.address()), found));
    columns = 0;
    for (const auto* table : {"document", "op_log", "snapshot", "label"})
      columns += static_cast<std::size_t>(
        std::stoi(file.rows(std::string("SELECT count(*) FROM pragma_table_info('") + table + "')")));
  }
  EXPECT_EQ(std::size(of_sqlite), columns);
}

// What only a trimmed log has, and what of it is checked all the same.
const corruption of_trimmed[] = {
  {"floor", "UPDATE document SET floor = 29 WHERE name = 'trimmed 4'",
   "there is no snapshot of its floor, revision 29"},
  {"floor snapshot lost",
   "DELETE FROM snapshot WHERE revision = 28 AND document = (SELECT number FROM document WHERE name = 'trimmed 4')",
   "there is no snapshot of its floor, revision 28"},
  {"floor snapshot", "UPDATE snapshot SET body = zeroblob(9) WHERE revision = 28",
   "snapshot: revision 28: the snapshot does not"},
  {"label's snapshot", "UPDATE snapshot SET body = zeroblob(9) WHERE revision = 2",
   "snapshot: revision 2: the snapshot does not"},
  {"label's snapshot lost",
   "DELETE FROM snapshot WHERE revision = 2 AND document = (SELECT number FROM document WHERE name = 'trimmed 4')",
   "label: 'early': there is no snapshot of revision 2"},
  {"row after the floor", "UPDATE op_log SET author = 'eve' WHERE revision = 30", "revision 30: the row does not"},
  {"first row lost", "DELETE FROM op_log WHERE revision = 29", "revision 29: the row is missing"},
  {"finished too early", "UPDATE document SET trimming = 0 WHERE name = 'trimmed 5'",
   "it is before the floor, and trimming is finished"},
  {"row that will be trimmed", "UPDATE op_log SET author = 'eve' WHERE revision = 400",
   "revision 400: the row does not follow"},
  {"row that will be trimmed, lost", "DELETE FROM op_log WHERE revision = 400",
   "revision 401: the row does not follow"},
};

TEST(verification, what_is_left_of_a_trimmed_log_is_checked) {
  for (const auto& [what, sql, found] : of_trimmed) {
    SCOPED_TRACE(what);
    const sqlite_file file;
    const stored_documents there(file.address());
    file.tamper(sql);
    EXPECT_TRUE(finds(verify_all(file.address()), found));
  }
}

/// A document that its engine goes on with after its row was read.
class verification_beside_an_engine : public testing::TestWithParam<bool> {
 protected:
  verification_beside_an_engine() : store_(open_store(address_).value()), rows_(open_archive(address_).value()) {
    written_ = notes_.creation(600);
    write(written_);
    notes_.set_head(600);
    row_ = rows_->find(notes_.info().document).value();
  }

  void write(append_request& request) {
    for (auto& entry : request.entries)
      entry.operation = share(insert_at(0, "x"));
    ASSERT_TRUE(append_alone(*store_.log, request));
  }

  void expect_sound(std::uint64_t floor, std::uint64_t head) {
    const auto done = verify(*rows_, row_, actors::document_replay::begin).value();
    EXPECT_EQ(done.findings, std::vector<std::string>());
    EXPECT_EQ(done.floor, revision(floor));
    EXPECT_EQ(done.head, revision(head));
  }

  const sqlite_file file_;
  const std::string address_ = GetParam() ? throwaway_postgresql::shared().new_schema() : file_.address();
  store store_;
  std::unique_ptr<archive> rows_;
  written_document notes_{"notes", id_of(1)};
  append_request written_;
  archived_document row_;
};

TEST_P(verification_beside_an_engine, edits_that_came_later_are_not_checked) {
  auto more = notes_.next(5);
  write(more);
  expect_sound(0, 600);
}

TEST_P(verification_beside_an_engine, a_log_that_was_trimmed_meanwhile_is_checked_as_it_is_then) {
  ASSERT_TRUE(store_.log->write_snapshot(notes_.id(), notes_.epoch(), snapshot_of(written_, 500)));
  ASSERT_TRUE(store_.log->trim(notes_.id(), notes_.epoch(), revision(500)));
  expect_sound(500, 600);
}

TEST_P(verification_beside_an_engine, a_document_that_was_deleted_meanwhile_is_none_that_is_damaged) {
  ASSERT_TRUE(store_.log->remove(notes_.id(), notes_.epoch()));
  const auto done = verify(*rows_, row_, actors::document_replay::begin).value();
  EXPECT_EQ(done.findings, std::vector<std::string>());
}

INSTANTIATE_TEST_SUITE_P(, verification_beside_an_engine, testing::Bool(),
                         [](const auto& which) { return which.param ? "postgresql" : "sqlite"; });

TEST(verification, a_snapshot_that_is_sealed_and_still_not_what_the_log_leads_to_is_found) {
  const sqlite_file file;
  written_document notes("notes", id_of(1));
  {
    const auto opened = open_store(file.address()).value();
    auto request = notes.creation(2);
    for (auto& entry : request.entries)
      entry.operation = share(insert_at(0, "x"));
    ASSERT_TRUE(append_alone(*opened.log, request));
    actors::document_replay one(*actors::types::find_type("text"));
    ASSERT_TRUE(one.apply(request.entries[0]));
    actors::snapshot_envelope envelope{actors::types::find_type("text")->snapshot_format, {}, {}};
    one.state().write_snapshot(envelope.state);
    ASSERT_TRUE(
      opened.log->write_snapshot(notes.id(), notes.epoch(), {revision(2), actors::envelope_format, seal(envelope)}));
  }
  EXPECT_TRUE(finds(verify_all(file.address()), "snapshot: revision 2: "));
}

}  // namespace
}  // namespace quire::storage
