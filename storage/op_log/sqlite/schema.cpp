#include "storage/op_log/sqlite/schema.hpp"

#include "storage/op_log/sqlite/statement.hpp"

#include <array>

namespace quire::storage::sqlite {

namespace {

// docs/storage.md explains every column.
constexpr std::string_view first_version = R"sql(
CREATE TABLE store(
  only_row INTEGER PRIMARY KEY CHECK(only_row = 1),
  barriers INTEGER NOT NULL
) STRICT;
INSERT INTO store VALUES(1, 0);

CREATE TABLE document(
  number       INTEGER PRIMARY KEY,
  doc_id       BLOB NOT NULL UNIQUE,
  organisation TEXT NOT NULL,
  name         TEXT NOT NULL,
  generation   INTEGER NOT NULL,
  type         TEXT NOT NULL,
  created      INTEGER NOT NULL,
  identity     INTEGER NOT NULL,
  state        TEXT NOT NULL CHECK(state IN ('live', 'deleting', 'deleted')),
  epoch        INTEGER NOT NULL,
  head         INTEGER NOT NULL,
  chain        INTEGER NOT NULL,
  modified     INTEGER NOT NULL,
  UNIQUE(organisation, name, generation)
) STRICT;
CREATE UNIQUE INDEX live_document ON document(organisation, name) WHERE state = 'live';
CREATE INDEX document_in_deletion ON document(number) WHERE state = 'deleting';

CREATE TABLE op_log(
  document        INTEGER NOT NULL,
  revision        INTEGER NOT NULL,
  epoch           INTEGER NOT NULL,
  client_id       BLOB NOT NULL,
  client_sequence INTEGER NOT NULL,
  author          TEXT NOT NULL,
  at              INTEGER NOT NULL,
  encoding        INTEGER NOT NULL,
  operation       BLOB NOT NULL,
  chain           INTEGER NOT NULL,
  PRIMARY KEY(document, revision),
  UNIQUE(document, client_id, client_sequence)
) STRICT;

CREATE TABLE snapshot(
  document INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  format   INTEGER NOT NULL,
  chain    INTEGER NOT NULL,
  seal     INTEGER NOT NULL,
  body     BLOB NOT NULL,
  PRIMARY KEY(document, revision)
) STRICT;
)sql";

constexpr std::string_view with_labels = R"sql(
CREATE TABLE label(
  document INTEGER NOT NULL,
  name     TEXT NOT NULL,
  revision INTEGER NOT NULL,
  author   TEXT NOT NULL,
  at       INTEGER NOT NULL,
  seal     INTEGER NOT NULL,
  PRIMARY KEY(document, name)
) STRICT;
)sql";

constexpr std::string_view with_floors = R"sql(
ALTER TABLE document ADD COLUMN floor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN floor_chain INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN trimming INTEGER NOT NULL DEFAULT 0;
CREATE INDEX document_in_trimming ON document(number) WHERE trimming = 1;
)sql";

constexpr std::array steps_so_far{first_version, with_labels, with_floors};

tl::unexpected<error> mismatch(std::string why) {
  return fail(errc::schema_mismatch, std::move(why));
}

// The version of our schema that the file has; 0 if there is nothing in it.
result<std::size_t> version_of(connection& db, std::size_t known) {
  const auto application = db.number("PRAGMA application_id");
  const auto version = db.number("PRAGMA user_version");
  const auto objects = db.number("SELECT count(*) FROM sqlite_schema");
  for (const auto* read : {&application, &version, &objects})
    if (!*read)
      return tl::unexpected(read->error());

  if (*application == 0 && *version == 0 && *objects == 0)
    return std::size_t{0};
  if (*application != application_id || *version < 1)
    return mismatch("this is another program's SQLite database");
  if (static_cast<std::size_t>(*version) > known)
    return mismatch("its schema has version " + std::to_string(*version) + "; this build knows versions up to " +
                    std::to_string(known) + ". A newer build of Quire wrote it");
  return static_cast<std::size_t>(*version);
}

result<void> take_step(connection& db, std::string_view step, std::size_t version) {
  const auto id = "PRAGMA application_id = " + std::to_string(application_id) + ";";
  const auto number = "PRAGMA user_version = " + std::to_string(version) + ";";
  auto taken = db.run("BEGIN IMMEDIATE;" + std::string(step) + id + number + "COMMIT;");
  if (!taken && db.is_in_transaction())
    static_cast<void>(db.run("ROLLBACK"));  // what is reported is why the step failed
  return taken;
}

}  // namespace

std::span<const std::string_view> migrations() noexcept {
  return steps_so_far;
}

result<void> migrate(connection& db, std::span<const std::string_view> steps) {
  auto version = version_of(db, steps.size());
  if (!version)
    return tl::unexpected(version.error());
  if (auto configured = configure(db); !configured)
    return configured;
  for (auto next = *version; next < steps.size(); ++next)
    if (auto taken = take_step(db, steps[next], next + 1); !taken)
      return taken;
  return {};
}

result<void> check_schema(connection& db) {
  const auto version = version_of(db, steps_so_far.size());
  if (!version)
    return tl::unexpected(version.error());
  if (*version < steps_so_far.size())
    return mismatch("its schema has version " + std::to_string(*version) + "; this build needs version " +
                    std::to_string(steps_so_far.size()) + ". Run: quire migrate");
  return {};
}

result<void> configure(connection& db) {
  // cell_size_check finds a damaged page when it is read, not when it is used. What the log's file has grown to in a
  // long read is given back. Checkpoints: see docs/decisions/0021-how-sqlite-is-used.md.
  auto configured = db.run(
    "PRAGMA busy_timeout = 5000;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA cache_size = -8192;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA journal_mode = WAL;"
    "PRAGMA wal_autocheckpoint = 4000;"
    "PRAGMA journal_size_limit = 67108864;");
  if (!configured)
    return configured;
  // journal_mode answers with what it did instead of failing.
  statement asked(db, "PRAGMA journal_mode");
  auto rows = asked.query();
  const auto row = rows.step();
  if (!row)
    return tl::unexpected(row.error());
  if (rows.text(0) != "wal")
    return fail(errc::store_unavailable, "no write-ahead log is possible here");
  return {};
}

}  // namespace quire::storage::sqlite
