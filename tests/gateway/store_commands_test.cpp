#include "tests/fixture/gateway/command.hpp"
#include "tests/fixture/gateway/editing_pair.hpp"
#include "tests/fixture/gateway/http_client.hpp"
#include "tests/fixture/sqlite_file.hpp"
#include "tests/fixture/throwaway_postgresql.hpp"

namespace quire {

namespace {

using fixture::run;
using fixture::serve_while;
using fixture::throwaway_postgresql;

/// What a pair types at a time has so many octets.
constexpr std::size_t mark = 4;

/// A store in which a pair typed into `notes`; what they had in the end.
std::string typed_into(const std::string& store) {
  std::string text;
  serve_while(store, [&](std::uint16_t port) {
    fixture::editing_pair pair(port, "notes");
    for (int round = 0; round < 5; ++round)
      pair.type_together();
    text = fixture::request(port, "GET", "/v1/documents/default/notes").body();
    EXPECT_TRUE(pair.agrees_with(text));
  });
  return text;
}

}  // namespace

TEST(store_commands, replay_prints_a_document_as_it_was_at_a_revision) {
  const fixture::sqlite_file file;
  for (const auto& store : {file.address(), throwaway_postgresql::shared().new_schema()}) {
    const auto text = typed_into(store);
    ASSERT_EQ(text.size(), 10 * mark);
    EXPECT_EQ(run({"replay", "notes", "--store", store}).out, text + "\n");
    EXPECT_EQ(run({"replay", "default/notes", "--store", store, "--to", "0"}).out, "");
    const auto third = run({"replay", "notes", "--store", store, "--to", "3"});
    EXPECT_EQ(third.code, 0) << third.errors;
    EXPECT_EQ(third.out.size(), 3 * mark + 1) << "and the line's end";
    const auto late = run({"replay", "notes", "--store", store, "--to", "11"});
    EXPECT_EQ(late.code, 1);
    EXPECT_NE(late.errors.find("revision 10"), std::string::npos) << late.errors;
  }
}

TEST(store_commands, verify_tells_a_sound_store_from_a_damaged_one_also_while_it_is_served) {
  const fixture::sqlite_file file;
  static_cast<void>(typed_into(file.address()));
  serve_while(file.address(), [&](std::uint16_t) {
    const auto sound = run({"verify", "--all", "--store", file.address()});
    EXPECT_EQ(sound.code, 0) << sound.out << sound.errors;
    EXPECT_EQ(sound.out, "checked: documents 1, revisions 10, snapshots 0; found: 0\n");
  });
  file.tamper("UPDATE op_log SET author = 'mallory' WHERE revision = 7");
  for (const std::string which : {"--all", "notes"}) {
    const auto damaged = run({"verify", which, "--store", file.address()});
    EXPECT_EQ(damaged.code, 3);
    EXPECT_EQ(damaged.out,
              "default/notes: op_log: revision 7: the row does not match its checksum\n"
              "checked: documents 1, revisions 10, snapshots 0; found: 1\n");
  }
}

TEST(store_commands, what_is_named_wrongly_is_said) {
  const fixture::sqlite_file file;
  EXPECT_EQ(run({"verify", "--all", "--store", file.address()}).code, 1) << "there is no such file";
  static_cast<void>(file.open());
  EXPECT_EQ(run({"verify", "--store", file.address()}).code, 2);
  EXPECT_EQ(run({"verify", "nothing", "--store", file.address()}).errors, "quire verify: no such document\n");
  EXPECT_EQ(run({"replay", "--store", file.address()}).code, 2);
  EXPECT_EQ(run({"replay", "notes", "--store", "memory"}).code, 2);
  EXPECT_EQ(run({"verify", "--help"}).code, 0);
}

TEST(store_commands, migrate_makes_the_tables_that_an_engine_without_the_right_to_make_them_needs) {
  auto& server = throwaway_postgresql::shared();
  const auto owner = server.new_schema();
  const auto schema = throwaway_postgresql::schema_of(owner);
  server.sql("CREATE ROLE engine LOGIN; GRANT USAGE ON SCHEMA " + schema + " TO engine");
  auto engine = owner;
  engine.replace(engine.find("quire@"), 6, "engine@");
  EXPECT_EQ(run({"serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--store", engine}).code, 1);
  const auto made = run({"migrate", "--store", owner});
  EXPECT_EQ(made.code, 0) << made.errors;
  server.sql("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema +
             " TO engine; GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA " + schema + " TO engine");
  EXPECT_EQ(typed_into(engine).size(), 10 * mark);
  const auto sound = run({"verify", "--all", "--store", engine});
  EXPECT_EQ(sound.code, 0) << sound.out << sound.errors;
}

}  // namespace quire
