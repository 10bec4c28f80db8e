#include "tests/storage/archive_file/busy_archive.hpp"
#include "tests/storage/archive_file/transfer.hpp"

namespace quire::storage::archive_file {

using namespace quire::fixture;

TEST(archive_export, edits_and_snapshots_made_meanwhile_are_not_in_the_file) {
  const stores in;
  for (const auto& address : in.both()) {
    const auto store = open_store(address).value();
    written_document notes("notes", id_of(1));
    notes.create(*store.log, 5'000);
    const auto before = export_all(address);
    const auto from = open_archive(address).value();
    busy_archive busy(*from, 1, [&] {
      notes.write(*store.log, 3);
      ASSERT_TRUE(store.log->write_snapshot(notes.id(), notes.epoch(), {revision(5'002), 1, {}}));
    });
    EXPECT_EQ(export_from(busy).content, before);
  }
}

// After the first of its three pages, when its rows are gone, and after the last, when all were read.
TEST(archive_export, a_document_deleted_meanwhile_is_withdrawn_and_the_others_are_whole) {
  for (const int pages : {1, 3}) {
    const stores in;
    for (const auto& address : in.both()) {
      const auto store = open_store(address).value();
      written_document notes("notes", id_of(1));
      notes.create(*store.log, 5'000);
      written_document("plans", id_of(2)).create(*store.log, 2);
      const auto from = open_archive(address).value();
      busy_archive busy(*from, pages, [&] {
        ASSERT_TRUE(store.log->remove(notes.id(), notes.epoch()));
        for (int count = 0; count < 30; ++count)
          ASSERT_TRUE(store.log->acquire({"default", "nobody"}));
      });
      const auto done = export_from(busy);
      EXPECT_EQ(done.said, "default/notes (generation 1): left out: it was deleted meanwhile\n");
      const stores to;
      const auto imported = import_into(to.sqlite(), done.content);
      ASSERT_TRUE(imported) << imported.error().detail;
      EXPECT_EQ(*imported, (file_end{1, 1, 2, 0}));
      EXPECT_EQ(documents_in(to.sqlite()), 1U);
    }
  }
}

TEST(archive_export, a_damaged_document_is_left_out_with_its_place_and_the_others_are_whole) {
  const sqlite_file file;
  {
    const auto store = file.open();
    written_document("notes", id_of(1)).create(*store.log, 9);
    written_document("plans", id_of(2)).create(*store.log, 2);
    written_document("third", id_of(3)).create(*store.log, 2);
  }
  file.tamper(
    "UPDATE op_log SET author = 'mallory' WHERE revision = 7; DELETE FROM op_log WHERE document = 3 AND revision = 1");
  const auto from = open_archive(file.address()).value();
  const auto done = export_from(*from);
  EXPECT_EQ(done.said,
            "default/notes (generation 1): left out: revision 7: the row does not match its checksum\n"
            "default/third (generation 1): left out: revision 1: the row is missing\n");
  const stores to;
  const auto imported = import_into(to.sqlite(), done.content);
  ASSERT_TRUE(imported) << imported.error().detail;
  EXPECT_EQ(*imported, (file_end{1, 2, 2, 0}));
  EXPECT_EQ(documents_in(to.sqlite()), 1U);
}

TEST(archive_export, a_page_is_bounded_by_its_bytes_and_has_at_least_a_row) {
  const stores in;
  for (const auto& address : in.both()) {
    {
      const auto store = open_store(address).value();
      auto request = written_document("notes", id_of(1)).creation(20);
      for (auto& entry : request.entries)
        entry.operation = share(bytes(1'000));
      ASSERT_TRUE(append_alone(*store.log, request));
    }
    const auto from = open_archive(address).value();
    EXPECT_EQ(from->entries_within(id_of(1), revision(0), 100, 0)->size(), 1U);
    EXPECT_EQ(from->entries_within(id_of(1), revision(5), 100, 4'000)->size(), 4U);
    EXPECT_EQ(from->entries_within(id_of(1), revision(5), 3, 1'000'000)->size(), 3U);
    EXPECT_EQ(from->entries_within(id_of(1), revision(18), 100, 1'000'000)->size(), 2U);
    EXPECT_TRUE(from->entries_within(id_of(1), revision(20), 100, 1'000'000)->empty());
  }
}

TEST(archive_export, a_document_is_exported_by_its_name_or_said_not_to_be_there) {
  const sqlite_file in;
  {
    const auto store = in.open();
    written_document("notes", id_of(1)).create(*store.log, 3);
    written_document gone("gone", id_of(2));
    gone.create(*store.log, 1);
    ASSERT_TRUE(store.log->remove(gone.id(), gone.epoch()));
  }
  const auto from = open_archive(in.address()).value();
  memory_file file;
  writer to(file);
  exporting copied(*from, to, [](const std::string& line) { ADD_FAILURE() << line; });
  EXPECT_TRUE(copied.add(document_name{"default", "notes"}));
  EXPECT_EQ(code_of(copied.add(document_name{"default", "nothing"})), errc::not_found);
  EXPECT_EQ(code_of(copied.add(document_name{"default", "gone"})), errc::not_found);
  ASSERT_TRUE(to.finish());
  EXPECT_EQ(to.counts(), (file_end{1, 0, 3, 0}));
}

}  // namespace quire::storage::archive_file
