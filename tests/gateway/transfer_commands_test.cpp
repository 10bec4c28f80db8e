#include "actors/document/snapshot_envelope.hpp"
#include "actors/replay.hpp"
#include "tests/fixture/gateway/command.hpp"
#include "tests/fixture/gateway/editing_pair.hpp"
#include "tests/fixture/gateway/http_client.hpp"
#include "tests/fixture/sqlite_file.hpp"
#include "tests/fixture/text_operations.hpp"
#include "tests/fixture/throwaway_postgresql.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace quire {

namespace {

using fixture::run;
using fixture::serve_while;
using fixture::throwaway_postgresql;
using fixture::written_document;

constexpr std::uint64_t many = 10'500;

storage::snapshot snapshot_after(const std::vector<storage::log_entry>& entries) {
  actors::document_replay replayed(*actors::types::find_type("text"));
  actors::snapshot_envelope envelope{1, {}, {}};
  for (const auto& entry : entries) {
    EXPECT_TRUE(replayed.apply(entry));
    envelope.clients.set(entry.client, {entry.sequence, entry.revision, 0, {}});
  }
  envelope.type_format = actors::types::find_type("text")->snapshot_format;
  replayed.state().write_snapshot(envelope.state);
  return {entries.back().revision, actors::envelope_format, actors::seal(envelope)};
}

/// `notes` with many edits of many people and a snapshot, a document with a name to mind, an empty one, a deleted one.
void fill(const std::string& address) {
  const auto store = storage::open_store(address).value();
  auto request = written_document("notes", fixture::id_of(1)).creation(many);
  for (auto& entry : request.entries) {
    entry.operation = share(fixture::insert_at(0, entry.revision.value() % 5 == 0 ? "ß" : "x"));
    entry.client = client_id{{static_cast<std::uint8_t>(entry.revision.value() % 50)}};
  }
  ASSERT_TRUE(fixture::append_alone(*store.log, request));
  ASSERT_TRUE(store.log->write_snapshot(fixture::id_of(1), epoch(1), snapshot_after(request.entries)));
  auto unicode = written_document("漢字/é 😀", fixture::id_of(2), "zażółć").creation(1);
  unicode.entries[0].operation = share(fixture::insert_at(0, "😀"));
  ASSERT_TRUE(fixture::append_alone(*store.log, unicode));
  ASSERT_TRUE(fixture::append_alone(*store.log, written_document("empty", fixture::id_of(3)).creation()));
  written_document gone("gone", fixture::id_of(4));
  ASSERT_TRUE(fixture::append_alone(*store.log, gone.creation()));
  ASSERT_TRUE(store.log->remove(gone.id(), gone.epoch()));
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A folder for archives, and the commands with them.
class archives {
 public:
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  /// Exports all of a store; the bytes.
  [[nodiscard]] std::string export_all(const std::string& store, const std::string& name) const {
    const auto done = run({"export", "--all", "--store", store, "--output", path(name)});
    EXPECT_EQ(done.code, 0) << done.errors;
    EXPECT_EQ(done.out, "exported: documents 4, revisions 10501, snapshots 1, labels 0; left out: 0\n");
    return content_of(path(name));
  }
  void import(const std::string& store, const std::string& name) const {
    const auto done = run({"import", path(name), "--store", store});
    EXPECT_EQ(done.code, 0) << done.errors;
    EXPECT_EQ(done.out, "imported: documents 4, revisions 10501, snapshots 1, labels 0; withdrawn: 0\n");
  }

 private:
  fixture::temporary_folder folder_;
};

void expect_sound(const std::string& store) {
  const auto verified = run({"verify", "--all", "--store", store});
  EXPECT_EQ(verified.code, 0) << verified.out << verified.errors;
}

template <class Condition>
void wait_until(const Condition& holds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!holds()) {
    ASSERT_LT(std::chrono::steady_clock::now(), until);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

/// Imports through a pipe that gives the first part of a file and no more; kills it when it has read all of that.
void kill_in_the_middle(const archives& in, const std::string& store, const std::string& content) {
  const auto pipe = in.path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  fixture::process import({"import", pipe, "--store", store});
  const int way = ::open(pipe.c_str(), O_WRONLY | O_CLOEXEC);
  ASSERT_GE(way, 0);
  for (std::string_view left = std::string_view(content).substr(0, content.size() * 4 / 5); !left.empty();) {
    const auto count = ::write(way, left.data(), left.size());
    ASSERT_GT(count, 0);
    left.remove_prefix(static_cast<std::size_t>(count));
  }
  wait_until([&] {
    int unread = 0;
    return ::ioctl(way, FIONREAD, &unread) == 0 && unread == 0;
  });
  import.signal(SIGKILL);
  EXPECT_EQ(import.wait(), -SIGKILL);
  ::close(way);
  ::unlink(pipe.c_str());
}

}  // namespace

TEST(transfer_commands, a_store_moves_to_the_other_kind_and_back_and_its_archive_stays_the_same) {
  const archives in;
  const fixture::sqlite_file first;
  const fixture::sqlite_file last;
  const auto middle = throwaway_postgresql::shared().new_schema();
  fill(first.address());
  const auto archive = in.export_all(first.address(), "first");
  expect_sound(first.address());

  in.import(middle, "first");
  expect_sound(middle);
  EXPECT_EQ(in.export_all(middle, "middle"), archive);

  in.import(last.address(), "middle");
  expect_sound(last.address());
  EXPECT_EQ(in.export_all(last.address(), "last"), archive);
  EXPECT_EQ(run({"replay", "notes", "--store", last.address()}).out,
            run({"replay", "notes", "--store", first.address()}).out);
}

TEST(transfer_commands, an_import_that_is_killed_leaves_nothing_to_open_and_can_be_done_again) {
  const archives in;
  const fixture::sqlite_file origin;
  fill(origin.address());
  const auto archive = in.export_all(origin.address(), "origin");

  const fixture::sqlite_file file;
  kill_in_the_middle(in, file.address(), archive);
  EXPECT_EQ(run({"verify", "--all", "--store", file.address()}).out,
            "checked: documents 0, revisions 0, snapshots 0; found: 0\n");
  in.import(file.address(), "origin");
  expect_sound(file.address());
  EXPECT_EQ(in.export_all(file.address(), "again"), archive);

  auto& server = throwaway_postgresql::shared();
  const auto database = server.new_schema();
  kill_in_the_middle(in, database, archive);
  EXPECT_GT(server.sql("SELECT count(*) FROM op_log", throwaway_postgresql::schema_of(database)), "2000")
    << "it was in the middle";
  expect_sound(database);
  EXPECT_EQ(run({"export", "notes", "--store", database, "--output", in.path("half")}).code, 1);
  serve_while(database, [&](std::uint16_t port) {
    EXPECT_EQ(fixture::request(port, "GET", "/v1/documents/default/notes").result_int(), 503);
  });
  in.import(database, "origin");
  expect_sound(database);
  EXPECT_EQ(in.export_all(database, "again"), archive);
}

TEST(transfer_commands, what_a_killed_import_left_can_be_discarded) {
  const archives in;
  const fixture::sqlite_file origin;
  fill(origin.address());
  const auto store = throwaway_postgresql::shared().new_schema();
  kill_in_the_middle(in, store, in.export_all(origin.address(), "origin"));
  EXPECT_NE(run({"verify", "--all", "--store", store}).out.find("documents 1,"), std::string::npos);
  EXPECT_EQ(run({"import", "--discard", "--store", store}).code, 0);
  EXPECT_EQ(run({"verify", "--all", "--store", store}).out,
            "checked: documents 0, revisions 0, snapshots 0; found: 0\n");
}

TEST(transfer_commands, a_document_goes_out_and_in_while_the_store_is_served) {
  const archives in;
  const auto store = throwaway_postgresql::shared().new_schema();
  serve_while(store, [&](std::uint16_t port) {
    fixture::editing_pair pair(port, "notes");
    for (int round = 0; round < 5; ++round)
      pair.type_together();
    const auto exported = run({"export", "notes", "--store", store, "--output", in.path("notes")});
    EXPECT_EQ(exported.code, 0) << exported.errors;
    const auto text = fixture::request(port, "GET", "/v1/documents/default/notes").body();
    const auto refused = run({"import", in.path("notes"), "--store", store});
    EXPECT_EQ(refused.code, 1);
    EXPECT_NE(refused.errors.find("the store has a document of that name"), std::string::npos) << refused.errors;
    const auto imported = run({"import", in.path("notes"), "--as", "copy", "--store", store});
    EXPECT_EQ(imported.code, 0) << imported.errors;
    EXPECT_NE(imported.errors.find("default/notes (generation 1): becomes default/copy (generation 1)"),
              std::string::npos)
      << imported.errors;
    EXPECT_EQ(fixture::request(port, "GET", "/v1/documents/default/copy").body(), text);
    pair.type_together();
  });
  expect_sound(store);
}

TEST(transfer_commands, a_dry_run_says_what_an_import_would_and_makes_nothing) {
  const archives in;
  const fixture::sqlite_file origin;
  fill(origin.address());
  static_cast<void>(in.export_all(origin.address(), "origin"));
  const fixture::sqlite_file file;
  const auto done = run({"import", "--dry-run", in.path("origin"), "--store", file.address()});
  EXPECT_EQ(done.code, 0) << done.errors;
  EXPECT_EQ(done.out, "would import: documents 4, revisions 10501, snapshots 1, labels 0; withdrawn: 0\n");
  EXPECT_FALSE(std::filesystem::exists(file.path()));
  EXPECT_EQ(run({"import", "--dry-run", in.path("origin"), "--store", origin.address()}).code, 1);
}

TEST(transfer_commands, what_is_damaged_is_left_out_and_said) {
  const archives in;
  const fixture::sqlite_file file;
  fill(file.address());
  file.tamper("UPDATE op_log SET author = 'mallory' WHERE revision = 7");
  const auto done = run({"export", "--all", "--store", file.address(), "--output", in.path("rest")});
  EXPECT_EQ(done.code, 3);
  EXPECT_EQ(done.out, "exported: documents 3, revisions 1, snapshots 0, labels 0; left out: 1\n");
  EXPECT_EQ(done.errors,
            "quire export: default/notes (generation 1): left out: revision 7: the row does not match its checksum\n");
  const fixture::sqlite_file to;
  const auto imported = run({"import", in.path("rest"), "--store", to.address()});
  EXPECT_EQ(imported.code, 0) << imported.errors;
  EXPECT_EQ(
    imported.errors,
    "quire import: default/notes (generation 1): is not in the archive: it was damaged where it was exported\n");
}

TEST(transfer_commands, what_is_asked_for_wrongly_is_said_and_nothing_is_written) {
  const archives in;
  const fixture::sqlite_file file;
  fill(file.address());
  const auto refused = [&](std::vector<std::string> arguments, int code, const std::string& words) {
    arguments.insert(arguments.end(), {"--store", file.address()});
    const auto done = run(arguments);
    EXPECT_EQ(done.code, code) << arguments[0] << ": " << done.errors;
    EXPECT_NE(done.errors.find(words), std::string::npos) << done.errors;
  };
  refused({"export", "--output", in.path("x")}, 2, "name a DOCUMENT, or --all");
  refused({"export", "--all", "notes", "--output", in.path("x")}, 2, "name a DOCUMENT, or --all");
  refused({"export", "notes", "default/notes", "--output", in.path("x")}, 2, "is named twice");
  refused({"export", "nothing", "--output", in.path("x")}, 1, "default/nothing: no such document");
  refused({"export", "--all", "--output", in.path("no/such/folder/x")}, 1, "No such file");
  EXPECT_FALSE(std::filesystem::exists(in.path("x")));
  refused({"import"}, 2, "name a FILE, or --discard");
  refused({"import", "--discard", in.path("x")}, 2, "name a FILE, or --discard");
  refused({"import", in.path("x")}, 1, "No such file");
  std::ofstream(in.path("text")) << "this is a text, and no archive";
  refused({"import", in.path("text")}, 1, "byte 0: this is no archive of Quire");
  const auto archive = in.export_all(file.address(), "whole");
  refused({"import", in.path("whole"), "--as", "copy"}, 2, "a name for one document, and the archive has several");
  refused({"import", in.path("whole"), "--as", "/"}, 2, "is empty");
  std::ofstream(in.path("cut"), std::ios::binary) << archive.substr(0, archive.size() - 1);
  refused({"import", in.path("cut")}, 1, "byte ");
  EXPECT_EQ(run({"import", in.path("whole"), "--store", "memory"}).code, 2);
  EXPECT_EQ(run({"export", "--all", "--store", "memory", "--output", in.path("x")}).code, 2);
  EXPECT_EQ(in.export_all(file.address(), "after"), archive);
}

}  // namespace quire
