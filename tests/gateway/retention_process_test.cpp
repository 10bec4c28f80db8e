// What is kept of a document's history, by a `quire` of its own: also when it is killed while it trims.

#include "actors/replay.hpp"
#include "tests/fixture/gateway/command.hpp"
#include "tests/fixture/gateway/http_client.hpp"
#include "tests/fixture/sqlite_file.hpp"
#include "tests/fixture/text_operations.hpp"
#include "tests/fixture/throwaway_postgresql.hpp"

#include <nlohmann/json.hpp>

#include <thread>

namespace quire {

namespace {

using namespace std::chrono_literals;
using fixture::http_answer;
using fixture::process;
using fixture::run;
using fixture::throwaway_postgresql;

constexpr std::uint64_t edits = 3'000;
constexpr std::uint64_t early = 1'000;  // Labelled, and before any floor.
constexpr auto patience = 60s;

std::string text_at(std::uint64_t revision) {
  return std::string(revision, 'x');
}

server_time hours_ago(std::int64_t hours) {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()) -
         std::chrono::hours(hours);
}

/// A document whose text at each revision is that many x, with a label and snapshots at these revisions. The first
/// `old` edits are of ten days ago, the others of an hour ago.
void seed(const std::string& store, const std::string& organisation, std::uint64_t old,
          const std::vector<std::uint64_t>& snapshots) {
  const auto opened = storage::open_store(store).value();
  fixture::written_document notes("notes", fixture::id_of(static_cast<std::uint8_t>(organisation.size())),
                                  organisation);
  auto request = notes.creation(edits);
  actors::document_replay state(*actors::types::find_type("text"));
  std::vector<storage::snapshot> taken;
  for (auto& entry : request.entries) {
    entry.operation = share(fixture::insert_at(0, "x"));
    entry.at = hours_ago(entry.revision.value() <= old ? 240 : 1);
    ASSERT_TRUE(state.apply(entry));
    if (std::ranges::find(snapshots, entry.revision.value()) != snapshots.end())
      taken.push_back(state.taken());
  }
  ASSERT_TRUE(fixture::append_alone(*opened.log, request));
  for (const auto& each : taken)
    ASSERT_TRUE(opened.log->write_snapshot(notes.id(), notes.epoch(), each));
  ASSERT_TRUE(
    opened.log->set_label(notes.id(), notes.epoch(), {"early", revision(early), "ada", hours_ago(200)}, true));
}

class served {
 public:
  served(const std::string& store, const std::vector<std::string>& retain) : server_(arguments(store, retain)) {
    port_ = fixture::ports_in(server_.read_line()).clients;
  }

  http_answer ask(std::string_view method, std::string_view rest,
                  std::initializer_list<fixture::http_client::field> more = {}, std::string_view body = {}) const {
    return fixture::request(port_, method, "/v1/documents/" + std::string(rest), more, body);
  }
  [[nodiscard]] nlohmann::json json(std::string_view rest) const {
    return nlohmann::json::parse(ask("GET", rest).body());
  }
  [[nodiscard]] std::uint64_t floor_of(const std::string& document) const {
    return json(document + "/labels").at("floor");
  }
  /// Opens the document, which is what begins a trim, and waits until the floor is there.
  void expect_floor(const std::string& document, std::uint64_t floor) const {
    EXPECT_EQ(ask("GET", document).result_int(), 200U);
    const auto until = std::chrono::steady_clock::now() + patience;
    while (floor_of(document) != floor && std::chrono::steady_clock::now() < until)
      std::this_thread::yield();
    EXPECT_EQ(floor_of(document), floor);
  }
  /// One edit more.
  void write(const std::string& document) const {
    const auto now = ask("GET", document);
    ASSERT_EQ(now.result_int(), 200U) << now.body();
    const auto done = ask("PUT", document, {{"If-Match", fixture::field_of(now, "ETag")}}, now.body() + "x");
    ASSERT_EQ(done.result_int(), 204U) << done.body();
  }
  int end(int by) {
    server_.signal(by);
    return server_.wait();
  }

 private:
  static std::vector<std::string> arguments(const std::string& store, const std::vector<std::string>& retain) {
    std::vector<std::string> all{"--store", store};
    all.insert(all.end(), retain.begin(), retain.end());
    return fixture::serve(all);
  }

  process server_;
  std::uint16_t port_ = 0;
};

std::string error_of(const http_answer& answer) {
  return nlohmann::json::parse(answer.body()).at("error");
}

/// The store as it was left: sound, each revision that is promised is there, and no acknowledged edit is missing.
void expect_sound(const std::string& store, std::uint64_t head) {
  const auto checked = run({"verify", "--all", "--store", store});
  EXPECT_EQ(checked.code, 0) << checked.out << checked.errors;
  const auto document = storage::open_archive(store).value()->find({"default", "notes"}).value();
  EXPECT_GE(document.head.value(), head);
  const auto floor = document.floor.value();
  for (const auto at : {early, floor, floor + 1, head}) {
    const auto replayed = run({"replay", "notes", "--store", store, "--to", std::to_string(at)});
    EXPECT_EQ(replayed.code, 0) << at << ": " << replayed.errors;
    EXPECT_EQ(replayed.out, at == 0 ? "" : text_at(at) + "\n") << at;
  }
  if (floor == 0)
    return;
  const auto gone = run({"replay", "notes", "--store", store, "--to", std::to_string(floor - 1)});
  EXPECT_EQ(gone.code, 1);
  EXPECT_NE(gone.errors.find("before revision " + std::to_string(floor) + " is not kept"), std::string::npos)
    << gone.errors;
}

bool has_rows_before_floor(const std::string& store) {
  return storage::open_archive(store).value()->find({"default", "notes"})->is_trimming;
}

/// Every start is killed: at once, when the floor is there, or some edits later, while the rows before it go.
void kill_while_trimming(const std::string& store) {
  seed(store, "default", 0, {edits - 200, edits - 100});
  const std::vector<std::string> labels{"--retain", "labels"};
  std::uint64_t head = edits;
  int in_the_middle = 0;
  for (int round = 0; round < 6; ++round) {
    served server(store, labels);
    if (round == 0)
      EXPECT_EQ(server.ask("GET", "default/notes").result_int(), 200U);
    else
      server.expect_floor("default/notes", edits - 200);
    for (int count = 0; count < round / 2; ++count, ++head)
      server.write("default/notes");
    EXPECT_EQ(server.end(SIGKILL), -SIGKILL);
    in_the_middle += has_rows_before_floor(store) ? 1 : 0;
    expect_sound(store, head);
  }
  EXPECT_GE(in_the_middle, 3);
  served server(store, labels);
  const auto until = std::chrono::steady_clock::now() + patience;
  for (int other = 0; has_rows_before_floor(store) && std::chrono::steady_clock::now() < until; ++other) {
    server.write("default/notes");
    server.ask("GET", "default/other" + std::to_string(other));
    ++head;
  }
  EXPECT_FALSE(has_rows_before_floor(store)) << "what was broken off goes on";
  EXPECT_EQ(server.end(SIGTERM), 0);
  expect_sound(store, head);
}

}  // namespace

TEST(retention_process, killed_while_it_trims_an_sqlite_store_it_loses_nothing_that_is_promised) {
  const fixture::sqlite_file file;
  kill_while_trimming(file.address());
}

TEST(retention_process, killed_while_it_trims_a_postgresql_store_it_loses_nothing_that_is_promised) {
  kill_while_trimming(throwaway_postgresql::shared().new_schema());
}

TEST(retention_process, a_number_of_days_keeps_what_is_younger_and_an_organisation_may_keep_all) {
  const fixture::sqlite_file file;
  seed(file.address(), "default", 2'000, {});
  seed(file.address(), "archives", 2'000, {});
  served server(file.address(), {"--retain", "2d", "--retain-for", "archives=all"});
  server.expect_floor("default/notes", 2'000);
  server.expect_floor("archives/notes", 0);
  EXPECT_EQ(server.ask("GET", "archives/notes/revisions/5").body(), text_at(5));
  EXPECT_EQ(server.ask("GET", "default/notes/revisions/2000").body(), text_at(2'000));
  EXPECT_EQ(server.end(SIGTERM), 0);
  expect_sound(file.address(), edits);
}

TEST(retention_process, what_is_no_longer_kept_is_gone_over_http_and_labelled_revisions_are_not) {
  const fixture::sqlite_file file;
  const auto floor = edits - 200;
  seed(file.address(), "default", 0, {floor, edits - 100});
  served server(file.address(), {"--retain", "labels"});
  server.expect_floor("default/notes", floor);
  for (const auto& [method, rest] :
       {std::pair{"GET", "operations?from=1&to=5"}, std::pair{"GET", "operations?from=2800"},
        std::pair{"GET", "revisions/2799"}, std::pair{"GET", "revisions/1"}}) {
    const auto gone = server.ask(method, std::string("default/notes/") + rest);
    EXPECT_EQ(gone.result_int(), 410U) << rest;
    EXPECT_EQ(error_of(gone), "history_trimmed") << rest;
  }
  const auto tag = fixture::field_of(server.ask("GET", "default/notes"), "ETag");
  const auto restored = server.ask("POST", "default/notes/revisions/1001:restore", {{"If-Match", tag}});
  EXPECT_EQ(restored.result_int(), 410U) << restored.body();
  EXPECT_EQ(server.ask("PUT", "default/notes/labels/late", {}, R"({"revision":1001})").result_int(), 410U);

  const auto page = server.json("default/notes/operations?to=2803");
  EXPECT_EQ(page.at("floor"), floor);
  ASSERT_EQ(page.at("operations").size(), 3U) << "without a beginning, from the first that is kept";
  EXPECT_EQ(page.at("operations").at(0).at("revision"), floor + 1);
  EXPECT_EQ(server.ask("GET", "default/notes/revisions/0").body(), "");
  EXPECT_EQ(server.ask("GET", "default/notes/revisions/2800").body(), text_at(floor));
  EXPECT_EQ(server.ask("GET", "default/notes/revisions/1000").body(), text_at(early));
  EXPECT_EQ(server.ask("POST", "default/notes/revisions/1000:restore", {{"If-Match", tag}}).result_int(), 204U);
  EXPECT_EQ(server.ask("GET", "default/notes").body(), text_at(early));
  EXPECT_EQ(server.end(SIGTERM), 0);
}

}  // namespace quire
