#include "protocol/limits.hpp"
#include "storage/archive_file/rehearsal.hpp"
#include "tests/storage/archive_file/sample_records.hpp"
#include "tests/storage/archive_file/transfer.hpp"

namespace quire::storage::archive_file {
namespace {

using namespace quire::fixture;

sealed_snapshot snapshot_at(const sample_document& document, std::size_t at) {
  const auto chain = at == 0 ? document.begin.identity : document.rows[at - 1].chain;
  return seal({revision(at), 1, to_bytes("state")}, chain).value();
}

hand_written_file three_documents() {
  const auto notes = sample("notes", 1, 4);
  hand_written_file file;
  file.put(notes.begin).put(notes.rows[0]).put(notes.rows[1]).put(snapshot_at(notes, 2));
  file.put(notes.rows[2]).put(notes.rows[3]).put(document_end{4, 1});
  return file.put(sample("plans", 2, 1)).put(sample("empty", 3, 0)).put(file_end{3, 0, 5, 1});
}

void expect_nothing_in(const std::string& address) {
  EXPECT_EQ(documents_in(address), 0U);
  EXPECT_EQ(findings(address), std::vector<std::string>()) << "rows of no document";
}

bytes without_end(const hand_written_file& file, std::size_t size) {
  return {file.content().begin(), file.content().begin() + static_cast<std::ptrdiff_t>(size)};
}

}  // namespace

TEST(archive_refusal, a_file_that_ends_after_any_of_its_records_leaves_no_document) {
  const stores to;
  const auto file = three_documents();
  for (const auto& address : to.both()) {
    for (std::size_t last = 0; last + 1 < file.ends().size(); ++last) {
      const auto done = import_into(address, without_end(file, file.ends()[last]));
      ASSERT_FALSE(done) << last;
      EXPECT_EQ(done.error().detail,
                "byte " + std::to_string(file.ends()[last]) + ": the archive ends here, before its end");
      expect_nothing_in(address);
    }
    EXPECT_TRUE(import_into(address, file.content())) << "the whole one goes in";
    EXPECT_EQ(findings(address), std::vector<std::string>());
  }
}

TEST(archive_refusal, a_changed_byte_leaves_no_document) {
  const stores to;
  const auto whole = three_documents().content();
  for (const auto& address : to.both())
    for (std::size_t at = 3; at < whole.size(); at += 37) {
      auto changed = whole;
      changed[at] ^= std::byte{0x10};
      EXPECT_FALSE(import_into(address, changed)) << at;
      expect_nothing_in(address);
    }
}

TEST(archive_refusal, a_document_that_is_there_is_left_and_so_is_all_else) {
  const stores to;
  for (const auto& address : to.both()) {
    {
      const auto store = open_store(address).value();
      written_document("plans", id_of(9)).create(*store.log, 7);
    }
    const auto before = export_all(address);
    const auto done = import_into(address, three_documents().content());
    EXPECT_EQ(code_of(done), errc::already_exists);
    EXPECT_NE(done.error().detail.find("default/plans (generation 1): the store has a document of that name"),
              std::string::npos)
      << done.error().detail;
    EXPECT_EQ(export_all(address), before);
    EXPECT_TRUE(findings(address).empty());
  }
}

TEST(archive_refusal, a_document_whose_id_another_has_is_refused) {
  const stores to;
  for (const auto& address : to.both()) {
    {
      const auto store = open_store(address).value();
      written_document("another", id_of(2)).create(*store.log, 1);
    }
    EXPECT_EQ(code_of(import_into(address, three_documents().content())), errc::already_exists);
    EXPECT_EQ(documents_in(address), 1U);
  }
}

// The frame of each is right: what is refused is the document.
TEST(archive_refusal, what_no_sound_store_has_is_refused_with_its_place) {
  const stores to;
  const auto notes = sample("notes", 1, 4);
  const auto refused = [&](const sample_document& document, const std::vector<record>& more,
                           const std::string& words) -> testing::AssertionResult {
    hand_written_file file;
    file.put(document.begin);
    document_end counted;
    for (const auto& each : document.rows)
      file.put(each);
    for (const auto& each : more)
      file.put(each);
    counted.rows = document.rows.size();
    counted.snapshots = more.size();
    file.put(counted).put(file_end{1, 0, counted.rows, counted.snapshots});
    const auto done = import_into(to.sqlite(), file.content());
    if (done || done.error().detail.find(words) == std::string::npos)
      return testing::AssertionFailure() << (done ? "it is taken" : done.error().detail);
    return testing::AssertionSuccess();
  };
  const auto changed = [&](const auto& change) {
    auto made = notes;
    change(made);
    return made;
  };
  const auto renamed = [&](const auto& change) {
    return changed([&](sample_document& made) {
      made.rows.clear();
      change(made.begin.info);
      made.begin.identity = document_checksum(made.begin.info);
      made.begin.head = made.begin.floor = {revision(0), made.begin.identity};
      made.begin.modified = made.begin.info.created;
    });
  };
  EXPECT_TRUE(
    refused(changed([](auto& d) { d.rows.erase(d.rows.begin() + 1); }), {}, "revision 2: the row is missing"));
  EXPECT_TRUE(
    refused(changed([](auto& d) { d.rows.pop_back(); }), {}, "its log ends at revision 3, and its head is 4"));
  EXPECT_TRUE(refused(changed([](auto& d) { d.rows[2].entry.author = "mallory"; }), {},
                      "revision 3: the row does not match its checksum"));
  EXPECT_TRUE(refused(changed([](auto& d) { d.rows[2].chain ^= 1; }), {}, "revision 3: the row does not match"));
  EXPECT_TRUE(refused(changed([](auto& d) { d.begin.head.at = revision(3); }), {}, "revision 4: a row past the head"));
  EXPECT_TRUE(refused(changed([](auto& d) { d.begin.head.chain ^= 1; }), {}, "the head's checksum"));
  EXPECT_TRUE(refused(changed([](auto& d) { d.begin.epoch = epoch(1); }), {}, "its epoch 2 can not be there"));
  EXPECT_TRUE(refused(changed([](auto& d) { d.begin.epoch = epoch(~0ULL); }), {}, "greater than one can be"));
  EXPECT_TRUE(refused(changed([](auto& d) { d.begin.identity ^= 1; }), {}, "it does not match its checksum"));
  EXPECT_TRUE(refused(changed([](auto& d) { d.begin.modified = at_second(99); }), {}, "modified is not the time"));
  EXPECT_TRUE(refused(changed([](auto& d) { d.begin.modified = server_time(std::chrono::milliseconds(-1)); }), {},
                      "a time before 1970"));
  EXPECT_TRUE(refused(changed([](auto& d) { d.begin.floor.chain ^= 1; }), {}, "does not begin with its identity"));
  EXPECT_TRUE(refused(changed([](auto& d) { d.begin.floor.at = revision(5); }), {}, "begins after its head"));
  EXPECT_TRUE(refused(renamed([](auto& info) { info.document.name = "two\nlines"; }), {}, "control characters"));
  EXPECT_TRUE(refused(renamed([](auto& info) { info.type = ""; }), {}, "no type's name"));
  EXPECT_TRUE(refused(renamed([](auto& info) { info.generation = generation(0); }), {}, "its generation is 0"));

  auto of_another_log = snapshot_at(notes, 4);
  of_another_log.chain ^= 1;
  EXPECT_TRUE(refused(notes, {of_another_log}, "revision 4: the snapshot is of another log"));
  auto broken = snapshot_at(notes, 4);
  broken.seal ^= 1;
  EXPECT_TRUE(refused(notes, {broken}, "revision 4: the snapshot does not match its checksum"));
  EXPECT_TRUE(refused(notes, {snapshot_at(notes, 2)}, "a snapshot of revision 2 after the row of revision 4"));
  EXPECT_TRUE(refused(notes, {snapshot_at(notes, 4), snapshot_at(notes, 4)}, "a snapshot of revision 4 after"));
  expect_nothing_in(to.sqlite());
}

TEST(archive_refusal, a_log_with_a_clients_edit_twice_leaves_no_document) {
  const stores to;
  auto notes = sample("notes", 1, 0);
  row_chain rows;
  for (std::uint64_t at = 1; at <= 3; ++at) {
    auto entry = edit(at, alice, at == 3 ? 1 : static_cast<std::uint32_t>(at));
    const auto chain = rows.next(notes.begin.head.chain, entry, epoch(2));
    notes.begin.head = {entry.revision, chain};
    notes.begin.modified = entry.at;
    notes.rows.push_back({std::move(entry), epoch(2), chain});
  }
  for (const auto& address : to.both()) {
    EXPECT_EQ(code_of(import_into(address, hand_written_file().put(notes).put(file_end{1, 0, 3, 0}).content())),
              errc::sequence_reused);
    expect_nothing_in(address);
  }
}

TEST(archive_refusal, a_trimmed_log_is_checked_from_its_snapshot_on) {
  auto notes = sample("notes", 1, 4);
  notes.begin.floor = {revision(2), notes.rows[1].chain};
  document_check check;
  ASSERT_TRUE(check.begin(notes.begin));
  EXPECT_FALSE(check.take(notes.rows[2])) << "without the snapshot there is nothing that it could follow";
  ASSERT_TRUE(check.take(snapshot_at(notes, 2)));
  ASSERT_TRUE(check.take(notes.rows[2]));
  EXPECT_FALSE(check.finish());
  ASSERT_TRUE(check.take(notes.rows[3]));
  EXPECT_TRUE(check.finish());
}

TEST(archive_refusal, labels_that_no_sound_store_has_are_refused) {
  const stores to;
  auto notes = sample("notes", 1, 4);
  notes.begin.floor = {revision(2), notes.rows[1].chain};
  const auto named = [&](std::string name, std::uint64_t at) {
    const label made{std::move(name), revision(at), "alice", at_second(3)};
    return archived_label{made, label_checksum(notes.begin.identity, made)};
  };
  const auto refused = [&](const std::vector<record>& parts, const std::string& words) -> testing::AssertionResult {
    hand_written_file file;
    file.put(notes.begin);
    document_end counted;
    for (const auto& each : parts) {
      file.put(each);
      counted.rows += std::holds_alternative<archived_entry>(each) ? 1U : 0U;
      counted.snapshots += std::holds_alternative<sealed_snapshot>(each) ? 1U : 0U;
      counted.labels += std::holds_alternative<archived_label>(each) ? 1U : 0U;
    }
    file.put(counted).put(file_end{1, 0, counted.rows, counted.snapshots, counted.labels});
    for (const auto& address : to.both()) {
      const auto done = import_into(address, file.content());
      if (done || done.error().detail.find(words) == std::string::npos)
        return testing::AssertionFailure() << (done ? "it is taken" : done.error().detail);
      expect_nothing_in(address);
    }
    return testing::AssertionSuccess();
  };
  const auto draft = named("draft", 1);
  const auto old = snapshot_at(notes, 1);
  const auto floor = snapshot_at(notes, 2);
  auto changed = draft;
  changed.made.author = "mallory";
  EXPECT_TRUE(refused({changed}, "the label 'draft': it does not match its checksum"));
  EXPECT_TRUE(refused({named("two\nlines", 3)}, "control characters"));
  EXPECT_TRUE(refused({named("far", 5)}, "its revision 5 is past the head"));
  EXPECT_TRUE(refused({named("b", 3), named("a", 3)}, "it is not the next one"));
  EXPECT_TRUE(refused({named("a", 3), named("a", 4)}, "is there twice"));
  EXPECT_TRUE(refused({draft, old, named("late", 3)}, "it stands after what it names"));
  EXPECT_TRUE(refused({draft, floor, notes.rows[2]}, "revision 1: the snapshot of a label before the log is missing"));
  EXPECT_TRUE(refused({draft, old, notes.rows[2]}, "revision 2: the snapshot that the log begins with is missing"));
  EXPECT_TRUE(refused({draft, floor, old}, "revision 1, which is before the log and has no label, or comes too late"));
  EXPECT_TRUE(refused({old, floor}, "revision 1, which is before the log and has no label"));
  EXPECT_TRUE(refused({draft, old, old}, "revision 1, which is before the log and has no label, or comes too late"));
  auto broken = old;
  broken.seal ^= 1;
  EXPECT_TRUE(refused({draft, broken}, "revision 1: the snapshot does not match its checksum"));
  std::vector<record> too_many;
  for (std::size_t count = 0; count <= limits::labels_a_document_max; ++count)
    too_many.emplace_back(named("label " + std::to_string(1'000 + count), 3));
  EXPECT_TRUE(refused(too_many, "one too many"));

  hand_written_file whole;
  for (const record& each : std::vector<record>{notes.begin, draft, old, floor, notes.rows[2], notes.rows[3],
                                                document_end{2, 2, 1}, file_end{1, 0, 2, 2, 1}})
    whole.put(each);
  const auto done = import_into(to.sqlite(), whole.content());
  EXPECT_TRUE(done) << done.error().detail;
}

TEST(archive_refusal, a_document_that_follows_again_is_imported_as_it_is_then) {
  const stores to;
  const auto notes = sample("notes", 1, 4);
  auto trimmed = notes;
  trimmed.begin.floor = {revision(2), notes.rows[1].chain};
  hand_written_file file;
  file.put(notes.begin).put(notes.rows[0]).put(notes.rows[1]).put(withdrawal{withdrawal_reason::again});
  file.put(trimmed.begin).put(snapshot_at(notes, 2)).put(notes.rows[2]).put(notes.rows[3]).put(document_end{2, 1});
  file.put(file_end{1, 0, 2, 1});
  for (const auto& address : to.both()) {
    const auto done = import_into(address, file.content());
    ASSERT_TRUE(done) << done.error().detail;
    EXPECT_EQ(open_archive(address).value()->find({"default", "notes"})->floor, revision(2));
    EXPECT_EQ(findings(address), std::vector<std::string>());
  }
}

TEST(archive_refusal, a_withdrawn_document_is_not_imported_and_those_around_it_are) {
  const stores to;
  const auto notes = sample("notes", 1, 4);
  hand_written_file file;
  file.put(sample("plans", 2, 1)).put(notes.begin).put(notes.rows[0]).put(notes.rows[1]).put(snapshot_at(notes, 2));
  file.put(withdrawal{withdrawal_reason::deleted}).put(sample("notes", 4, 2)).put(file_end{2, 1, 3, 0});
  for (const auto& address : to.both()) {
    const auto done = import_into(address, file.content());
    ASSERT_TRUE(done) << done.error().detail;
    EXPECT_EQ(documents_in(address), 2U);
    EXPECT_EQ(open_archive(address).value()->find({"default", "notes"})->info.id, id_of(4));
    EXPECT_EQ(findings(address), std::vector<std::string>());
  }
}

TEST(archive_refusal, a_rehearsal_finds_what_is_in_the_way_and_writes_nothing) {
  const stores in;
  for (const auto& address : in.both()) {
    const auto rehearse = [&](const bytes& content) {
      memory_file file(content);
      reader from(file);
      auto opened = open_archive(address);
      rehearsal to(opened ? std::move(*opened) : nullptr);
      return importing(from, to, {}, [](const std::string&) {}).run();
    };
    static_cast<void>(open_store(address).value());
    EXPECT_TRUE(rehearse(three_documents().content()));
    EXPECT_FALSE(rehearse(without_end(three_documents(), 400)));
    EXPECT_EQ(documents_in(address), 0U);
    ASSERT_TRUE(import_into(address, three_documents().content()));
    EXPECT_EQ(code_of(rehearse(three_documents().content())), errc::already_exists);
  }
}

TEST(archive_refusal, memory_keeps_nothing_that_is_written_into_it) {
  EXPECT_EQ(code_of(open_restorer("memory")), errc::invalid_configuration);
  EXPECT_EQ(code_of(open_restorer("nonsense")), errc::invalid_configuration);
}

TEST(archive_refusal, an_sqlite_store_that_an_engine_has_is_refused) {
  const stores in;
  const auto engine = open_store(in.sqlite()).value();
  EXPECT_EQ(code_of(open_restorer(in.sqlite())), errc::store_locked);
}

}  // namespace quire::storage::archive_file
