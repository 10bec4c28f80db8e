#include "tests/storage/archive_file/transfer.hpp"

namespace quire::storage::archive_file {
namespace {

using namespace quire::fixture;

constexpr std::uint64_t many = 12'000;

void append(op_log& log, const append_request& request) {
  const auto done = append_alone(log, request);
  ASSERT_TRUE(done) << done.error().detail;
}

/// Many clients, several owners, snapshots.
void write_busy_document(op_log& log) {
  written_document busy("busy", id_of(1));
  busy.create(log);
  constexpr std::uint64_t at_once = 500;
  for (std::uint64_t from = 0; from < many; from += at_once) {
    busy.set_epoch(log.acquire(busy.info().document)->epoch);
    auto request = busy.next(at_once);
    for (auto& entry : request.entries) {
      entry.client = client_id{{static_cast<std::uint8_t>(entry.revision.value() % 97)}};
      entry.author = "author " + std::to_string(entry.revision.value() % 11);
      entry.encoding = static_cast<std::uint16_t>(entry.revision.value() % 3);
    }
    append(log, request);
    busy.set_head(from + at_once);
  }
  for (const std::uint64_t at : {many / 3, many / 2, many})
    ASSERT_TRUE(log.write_snapshot(busy.id(), busy.epoch(), {revision(at), 7, to_bytes(std::string(at, 's'))}));
}

void write_generations(op_log& log) {
  written_document again("again", id_of(5));
  again.create(log, 3);
  ASSERT_TRUE(log.remove(again.id(), again.epoch()));
  for (int count = 0; count < 3; ++count)
    ASSERT_TRUE(log.acquire({"default", "nobody"}));  // which deletes what is left
  const auto found = log.acquire(again.info().document);
  written_document anew("again", id_of(2));
  anew.set_generation(found->info.generation);
  anew.set_epoch(found->epoch);
  anew.create(log, 4);
}

/// A store with documents of all kinds.
void fill(const std::string& address) {
  const auto store = open_store(address).value();
  auto& log = *store.log;
  write_busy_document(log);
  write_generations(log);
  written_document("empty", id_of(9)).create(log);
  written_document with_snapshot_of_nothing("beginning", id_of(4));
  with_snapshot_of_nothing.create(log, 1);
  ASSERT_TRUE(log.write_snapshot(with_snapshot_of_nothing.id(), epoch(1), {revision(0), 1, {}}));
  auto unicode = written_document("заметки/漢字 😀", id_of(3), "zażółć").creation(3);
  unicode.entries[1].author = std::string("a\0b é", 6);
  unicode.entries[2].operation = share(bytes(900'000, std::byte{0xFF}));
  append(log, unicode);
  written_document gone("gone", id_of(6));
  gone.create(log, 2);
  ASSERT_TRUE(log.remove(gone.id(), gone.epoch()));
  for (int count = 0; count < 3; ++count)
    ASSERT_TRUE(log.acquire({"default", "nobody"}));
  written_document going("going", id_of(7));
  going.create(log, 5'000);
  ASSERT_TRUE(log.remove(going.id(), going.epoch()));
}

/// The entries of a document, from its beginning.
std::vector<log_entry> log_of(const std::string& address, const document_name& name) {
  const auto store = open_store(address).value();
  const auto found = store.history->find(name);
  if (!found)
    return {};
  return store.history->read(found->info.id, revision(0), found->head, many * 100)->entries;
}

}  // namespace

TEST(archive_transfer, documents_of_every_kind_are_the_same_bytes_in_every_store_and_back_again) {
  for (const bool is_sqlite_first : {true, false}) {
    const stores first;
    const stores second;
    const auto& origin = is_sqlite_first ? first.sqlite() : first.postgresql();
    fill(origin);
    const auto before = export_all(origin);
    ASSERT_TRUE(findings(origin).empty());
    for (const auto& next : is_sqlite_first ? std::vector{first.postgresql(), second.sqlite(), second.postgresql()}
                                            : std::vector{first.sqlite(), second.postgresql(), second.sqlite()}) {
      const auto done = import_into(next, before);
      ASSERT_TRUE(done) << done.error().detail;
      EXPECT_EQ(*done, (file_end{7, 0, many + 4 + 1 + 3, 3}));
      EXPECT_EQ(export_all(next), before);
      EXPECT_EQ(findings(next), std::vector<std::string>());
    }
  }
}

TEST(archive_transfer, an_engine_goes_on_where_the_document_was) {
  const stores from;
  fill(from.sqlite());
  const stores to;
  for (const auto& address : to.both()) {
    ASSERT_TRUE(import_into(address, export_all(from.sqlite())));
    const auto store = open_store(address).value();
    const auto found = store.log->acquire({"default", "again"});
    EXPECT_EQ(found->info.generation, generation(2));
    EXPECT_EQ(found->head, revision(4));
    EXPECT_TRUE(append_alone(*store.log, {found->info, false, found->epoch, found->head, edits(4, 6)}));
    EXPECT_EQ(code_of(append_alone(*store.log, {found->info, false, found->epoch, revision(6), {edit(7, alice, 2)}})),
              errc::sequence_reused)
      << "what a client has sent is remembered";
    EXPECT_EQ(store.history->load(id_of(1))->newest->body.size(), many);
    EXPECT_EQ(store.log->acquire({"default", "gone"})->info.generation, generation(2)) << "of a deleted one";
  }
}

TEST(archive_transfer, a_document_that_was_deleted_comes_back_as_the_next_generation) {
  const stores in;
  for (const auto& address : in.both()) {
    written_document notes("notes", id_of(1));
    bytes saved;
    {
      const auto store = open_store(address).value();
      notes.create(*store.log, 20);
      ASSERT_TRUE(store.log->write_snapshot(notes.id(), notes.epoch(), {revision(12), 1, to_bytes("state")}));
      saved = export_all(address);
      ASSERT_TRUE(store.log->remove(notes.id(), notes.epoch()));
    }
    const auto done = import_into(address, saved);
    ASSERT_TRUE(done) << done.error().detail;
    EXPECT_TRUE(findings(address).empty());
    EXPECT_TRUE(are_same(log_of(address, notes.info().document), edits(0, 20)));
    const auto store = open_store(address).value();
    const auto found = store.log->acquire(notes.info().document);
    EXPECT_EQ(found->info.generation, generation(2));
    EXPECT_NE(found->info.id, notes.id());
    EXPECT_GT(found->epoch, notes.epoch());
    EXPECT_EQ(store.history->load(found->info.id)->newest->body, to_bytes("state"));
  }
}

TEST(archive_transfer, a_copy_under_another_name_lies_beside_the_original) {
  const stores in;
  for (const auto& address : in.both()) {
    written_document notes("notes", id_of(1));
    {
      const auto store = open_store(address).value();
      notes.create(*store.log, 20);
      ASSERT_TRUE(store.log->write_snapshot(notes.id(), notes.epoch(), {revision(20), 1, to_bytes("state")}));
    }
    const document_name copy{"other", "copy"};
    const auto done = import_into(address, export_all(address), copy);
    ASSERT_TRUE(done) << done.error().detail;
    EXPECT_TRUE(findings(address).empty());
    EXPECT_TRUE(are_same(log_of(address, copy), edits(0, 20)));
    EXPECT_TRUE(are_same(log_of(address, notes.info().document), edits(0, 20)));
    EXPECT_EQ(code_of(import_into(address, export_all(address), document_name{"other", "third"})),
              errc::invalid_configuration)
      << "now the archive has two";
    EXPECT_EQ(documents_in(address), 2U);
  }
}

}  // namespace quire::storage::archive_file
