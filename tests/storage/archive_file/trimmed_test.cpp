#include "tests/storage/archive_file/busy_archive.hpp"
#include "tests/storage/archive_file/transfer.hpp"

namespace quire::storage::archive_file {
namespace {

using namespace quire::fixture;

constexpr std::uint64_t many = 5'000;
constexpr replay_bounds wide{10'000, 1'000'000};

snapshot state_at(std::uint64_t at) {
  return {revision(at), 1, to_bytes("state at " + std::to_string(at))};
}

label label_at(std::string name, std::uint64_t at, std::string author = "alice") {
  return {std::move(name), revision(at), std::move(author), at_second(static_cast<std::int64_t>(at))};
}

/// 40 edits, of which the first 15 are gone but for what labels name.
written_document write_trimmed(op_log& log, std::uint8_t id = 1) {
  written_document notes("notes", id_of(id));
  notes.create(log, 40);
  for (const auto at : {5U, 9U, 12U, 15U, 20U})
    EXPECT_TRUE(log.add_snapshot(notes.id(), notes.epoch(), state_at(at)));
  for (const auto& made : {label_at("start", 0), label_at("draft", 5), label_at("entwurf \u00e9", 5, ""),
                           label_at("read", 9, std::string("b\0b", 3)), label_at("sent", 20), label_at("end", 40)})
    EXPECT_TRUE(log.set_label(notes.id(), notes.epoch(), made, true));
  EXPECT_TRUE(log.trim(notes.id(), notes.epoch(), revision(15)));
  EXPECT_TRUE(log.write_snapshot(notes.id(), notes.epoch(), state_at(31)));
  return notes;
}

/// One of which most rows before the floor are still there.
void write_half_trimmed(op_log& log) {
  written_document long_one("long", id_of(2));
  long_one.create(log, many);
  ASSERT_TRUE(log.write_snapshot(long_one.id(), long_one.epoch(), state_at(many - 10)));
  ASSERT_TRUE(log.trim(long_one.id(), long_one.epoch(), revision(many - 10)));
}

/// What can be read of the document that `write_trimmed` wrote, wherever it is.
void expect_trimmed(const std::string& address, const document_name& name) {
  const auto store = open_store(address).value();
  const auto found = store.history->find(name).value();
  const auto& id = found.info.id;
  auto& past = *store.history;
  const auto kept = past.extent(id).value();
  EXPECT_EQ(kept.floor, revision(15));
  EXPECT_EQ(kept.head, revision(40));
  EXPECT_EQ(kept.snapshots, (std::vector{revision(5), revision(9), revision(15), revision(20), revision(31)}));
  EXPECT_EQ(kept.labels,
            (std::vector{label_at("start", 0), label_at("draft", 5), label_at("entwurf \u00e9", 5, ""),
                         label_at("read", 9, std::string("b\0b", 3)), label_at("sent", 20), label_at("end", 40)}));
  for (const auto at : {5U, 9U, 15U, 20U})
    EXPECT_EQ(past.state_at(id, revision(at), wide).value().newest->body, state_at(at).body) << at;
  for (const auto at : {1U, 6U, 12U, 14U})
    EXPECT_EQ(code_of(past.state_at(id, revision(at), wide)), errc::history_trimmed) << at;
  EXPECT_EQ(code_of(past.read(id, revision(14), revision(16), 1'000)), errc::history_trimmed);
  EXPECT_TRUE(are_same(past.read(id, revision(15), revision(40), 100'000).value().entries, edits(15, 40)));
  EXPECT_TRUE(are_same(past.load(id).value().tail, edits(31, 40)));
}

}  // namespace

TEST(archive_trimmed, a_trimmed_document_with_labels_is_the_same_bytes_in_every_store_and_back_again) {
  for (const bool is_sqlite_first : {true, false}) {
    const stores first;
    const stores second;
    const auto& origin = is_sqlite_first ? first.sqlite() : first.postgresql();
    {
      const auto store = open_store(origin).value();
      write_trimmed(*store.log);
      write_half_trimmed(*store.log);
    }
    const auto before = export_all(origin);
    ASSERT_EQ(findings(origin), std::vector<std::string>());
    for (const auto& next : is_sqlite_first ? std::vector{first.postgresql(), second.sqlite(), second.postgresql()}
                                            : std::vector{first.sqlite(), second.postgresql(), second.sqlite()}) {
      const auto done = import_into(next, before);
      ASSERT_TRUE(done) << done.error().detail;
      EXPECT_EQ(*done, (file_end{2, 0, 25 + 10, 5 + 1, 6}));
      EXPECT_EQ(export_all(next), before);
      EXPECT_EQ(findings(next), std::vector<std::string>());
      expect_trimmed(next, {"default", "notes"});
    }
  }
}

TEST(archive_trimmed, an_engine_goes_on_with_it_and_trims_further) {
  const stores from;
  {
    const auto store = open_store(from.sqlite()).value();
    write_trimmed(*store.log);
  }
  const stores to;
  for (const auto& address : to.both()) {
    ASSERT_TRUE(import_into(address, export_all(from.sqlite())));
    {
      const auto store = open_store(address).value();
      auto& log = *store.log;
      const auto found = log.acquire({"default", "notes"}).value();
      ASSERT_TRUE(append_alone(log, {found.info, false, found.epoch, found.head, edits(40, 43)}));
      ASSERT_TRUE(log.set_label(found.info.id, found.epoch, label_at("again", 9), true)) << "its snapshot is there";
      ASSERT_TRUE(log.write_snapshot(found.info.id, found.epoch, state_at(42)));
      ASSERT_FALSE(log.trim(found.info.id, found.epoch, revision(42))) << "the label of revision 40 has no snapshot";
      ASSERT_TRUE(log.add_snapshot(found.info.id, found.epoch, state_at(40)));
      ASSERT_TRUE(log.trim(found.info.id, found.epoch, revision(42)));
      const auto kept = store.history->extent(found.info.id).value().snapshots;
      EXPECT_EQ(kept, (std::vector{revision(5), revision(9), revision(20), revision(40), revision(42)}));
    }
    EXPECT_EQ(findings(address), std::vector<std::string>());
  }
}

TEST(archive_trimmed, one_that_gets_a_new_identity_is_sound_under_it) {
  const stores in;
  for (const auto& address : in.both()) {
    bytes saved;
    {
      const auto store = open_store(address).value();
      const auto notes = write_trimmed(*store.log);
      saved = export_all(address);
      ASSERT_TRUE(store.log->remove(notes.id(), notes.epoch()));
    }
    for (const auto& as : {std::optional<document_name>(), std::optional<document_name>({"other", "copy"})}) {
      const auto done = import_into(address, saved, as);
      ASSERT_TRUE(done) << done.error().detail;
      expect_trimmed(address, as.value_or(document_name{"default", "notes"}));
    }
    EXPECT_EQ(findings(address), std::vector<std::string>());
    const auto from = open_archive(address).value();
    EXPECT_NE(from->find({"default", "notes"})->floor_chain, from->find({"other", "copy"})->floor_chain)
      << "rows of one are none of the other";
  }
}

// Its first page is read, and the second begins where nothing is any more.
TEST(archive_trimmed, one_that_is_trimmed_while_it_is_exported_is_in_the_file_as_it_is_then) {
  const stores in;
  for (const auto& address : in.both()) {
    const auto store = open_store(address).value();
    written_document notes("notes", id_of(1));
    notes.create(*store.log, many);
    written_document plans("plans", id_of(2));
    plans.create(*store.log, 2);
    const auto from = open_archive(address).value();
    busy_archive busy(*from, 1, [&] {
      ASSERT_TRUE(store.log->write_snapshot(notes.id(), notes.epoch(), state_at(many - 3)));
      ASSERT_TRUE(store.log->trim(notes.id(), notes.epoch(), revision(many - 3)));
      for (int count = 0; count < 30; ++count) {
        plans.write(*store.log, 1);
        ASSERT_TRUE(store.log->acquire({"default", "nobody"}));
      }
    });
    const auto done = export_from(busy);
    EXPECT_EQ(done.said, "");
    const stores to;
    for (const auto& next : to.both()) {
      const auto imported = import_into(next, done.content);
      ASSERT_TRUE(imported) << imported.error().detail;
      EXPECT_EQ(*imported, (file_end{2, 0, 3 + 32, 1, 0}));
      EXPECT_EQ(export_all(next), export_all(address));
      EXPECT_EQ(findings(next), std::vector<std::string>());
    }
  }
}

TEST(archive_trimmed, a_label_that_is_removed_while_its_document_is_exported_does_no_harm) {
  const stores in;
  for (const auto& address : in.both()) {
    const auto store = open_store(address).value();
    const auto notes = write_trimmed(*store.log);
    const auto from = open_archive(address).value();
    busy_archive busy(*from, 0, [] {});
    busy.after_snapshots([&] { ASSERT_TRUE(store.log->remove_label(notes.id(), notes.epoch(), "read")); });
    const auto done = export_from(busy);
    EXPECT_EQ(done.said, "");
    EXPECT_EQ(done.content, export_all(address));
  }
}

}  // namespace quire::storage::archive_file
