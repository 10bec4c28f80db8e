#include "storage/op_log/postgresql/schema.hpp"

#include <array>
#include <charconv>

namespace quire::storage::postgresql {

namespace {

// docs/operations/postgresql.md explains every table. Appends change `head`, `chain`, `modified` and `touched` of
// doc_head: they are in no index, so that these updates stay within their page (HOT).
constexpr std::string_view first_version = R"sql(
CREATE TABLE document(
  doc_id       uuid PRIMARY KEY,
  organisation text COLLATE "C" NOT NULL,
  name         text COLLATE "C" NOT NULL,
  generation   bigint NOT NULL,
  type         text COLLATE "C" NOT NULL,
  created      timestamptz(3) NOT NULL,
  identity     bigint NOT NULL,
  UNIQUE(organisation, name, generation)
);

CREATE TABLE doc_head(
  doc_id     uuid PRIMARY KEY,
  slot       integer NOT NULL,
  state      text NOT NULL DEFAULT 'live'
             CHECK(state IN ('live', 'importing', 'moved', 'deleting', 'deleted')),
  epoch      bigint NOT NULL,
  owner_id   text,
  owner_inc  bigint,
  head_seq   bigint NOT NULL DEFAULT 0,
  snap_seq   bigint NOT NULL DEFAULT 0,
  chain      bigint NOT NULL,
  modified   timestamptz(3) NOT NULL,
  moved_to   integer,
  touched    bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000,
        autovacuum_vacuum_cost_delay = 0);
CREATE INDEX doc_head_owner ON doc_head(owner_id, owner_inc) WHERE owner_id IS NOT NULL;
CREATE INDEX doc_head_deleting ON doc_head(doc_id) WHERE state = 'deleting';

CREATE TABLE op_log(
  doc_id     uuid NOT NULL,
  client_id  uuid NOT NULL,
  seq        bigint NOT NULL,
  epoch      bigint NOT NULL,
  client_seq bigint NOT NULL,
  at         timestamptz(3) NOT NULL,
  chain      bigint NOT NULL,
  encoding   integer NOT NULL,
  author     bytea NOT NULL,
  body       bytea NOT NULL,
  PRIMARY KEY(doc_id, seq),
  CONSTRAINT op_log_edit UNIQUE(doc_id, client_id, client_seq)
) PARTITION BY HASH(doc_id);
DO $$
BEGIN
  FOR part IN 0..31 LOOP
    EXECUTE format('CREATE TABLE op_log_%s PARTITION OF op_log FOR VALUES WITH (MODULUS 32, REMAINDER %s)
                    WITH (autovacuum_vacuum_insert_scale_factor = 0.1, autovacuum_analyze_scale_factor = 0.05,
                          toast_tuple_target = 4080)', part, part);
  END LOOP;
END $$;

CREATE TABLE doc_snapshot(
  doc_id uuid NOT NULL,
  seq    bigint NOT NULL,
  epoch  bigint NOT NULL,
  format integer NOT NULL,
  chain  bigint NOT NULL,
  seal   bigint NOT NULL,
  body   bytea NOT NULL,
  PRIMARY KEY(doc_id, seq)
);
ALTER TABLE doc_snapshot ALTER body SET STORAGE EXTERNAL;

CREATE TABLE cluster_view(
  one           boolean PRIMARY KEY DEFAULT true CHECK(one),
  version       bigint NOT NULL,
  ring_algo     integer NOT NULL,
  feature_level integer NOT NULL
);
INSERT INTO cluster_view(version, ring_algo, feature_level) VALUES(1, 1, 1);
CREATE SEQUENCE node_incarnation;
CREATE TABLE node(
  node_id      text NOT NULL,
  incarnation  bigint NOT NULL,
  host         text NOT NULL,
  basp_port    integer NOT NULL,
  ws_url       text NOT NULL,
  caf_node     text NOT NULL,
  state        text NOT NULL CHECK(state IN ('joining', 'up', 'draining', 'left', 'dead')),
  weight       real NOT NULL DEFAULT 1,
  proto_min    integer NOT NULL,
  proto_max    integer NOT NULL,
  schema_max   integer NOT NULL,
  build        text NOT NULL,
  load         jsonb,
  unreachable  text[] NOT NULL DEFAULT '{}',
  heartbeat_at timestamptz NOT NULL,
  hb_since     timestamptz NOT NULL,
  changed_in   bigint NOT NULL,
  PRIMARY KEY(node_id, incarnation)
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX node_live ON node(node_id) WHERE state IN ('joining', 'up', 'draining');
CREATE UNIQUE INDEX node_caf ON node(caf_node) WHERE state IN ('joining', 'up', 'draining');
CREATE TABLE node_vote(
  target     text NOT NULL,
  target_inc bigint NOT NULL,
  voter      text NOT NULL,
  voter_inc  bigint NOT NULL,
  at         timestamptz NOT NULL,
  PRIMARY KEY(target, target_inc, voter, voter_inc)
);
CREATE TABLE slot_map(
  slot    integer PRIMARY KEY CHECK(slot BETWEEN 0 AND 1023),
  db_id   integer NOT NULL,
  version bigint NOT NULL
);
)sql";

constexpr std::string_view with_labels = R"sql(
CREATE TABLE doc_label(
  doc_id uuid NOT NULL,
  name   text COLLATE "C" NOT NULL,
  seq    bigint NOT NULL,
  author bytea NOT NULL,
  at     timestamptz(3) NOT NULL,
  seal   bigint NOT NULL,
  PRIMARY KEY(doc_id, name)
);
)sql";

// Appends change none of these, so that they still keep to their page.
constexpr std::string_view with_floors = R"sql(
ALTER TABLE doc_head
  ADD COLUMN floor_seq   bigint NOT NULL DEFAULT 0,
  ADD COLUMN floor_chain bigint NOT NULL DEFAULT 0,
  ADD COLUMN trimming    boolean NOT NULL DEFAULT false;
CREATE INDEX doc_head_trimming ON doc_head(doc_id) WHERE trimming;
)sql";

constexpr std::array steps_so_far{first_version, with_labels, with_floors};

// What nodes that migrate at once take turns by: "Quir", as in the SQLite store.
constexpr std::string_view take_turn = "SELECT pg_advisory_xact_lock(1367697778, 0)";

tl::unexpected<error> mismatch(std::string why) {
  return fail(errc::schema_mismatch, std::move(why));
}

// The version of our schema that the database has; 0 if there is nothing in it.
result<std::size_t> version_of(connection& db) {
  const auto table = db.ask("SELECT to_regclass('quire_schema')::text");
  if (!table)
    return tl::unexpected(table.error());
  if (table->empty()) {
    const auto foreign = db.ask(
      "SELECT string_agg(relname, ', ' ORDER BY relname) FROM pg_class "
      "WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')");
    if (!foreign)
      return tl::unexpected(foreign.error());
    if (!foreign->empty())
      return mismatch("the schema has another program's tables: " + *foreign + ". Give Quire a database of its own");
    return std::size_t{0};
  }
  const auto version = db.ask("SELECT version FROM quire_schema");
  if (!version)
    return tl::unexpected(version.error());
  std::size_t number = 0;
  const auto read = std::from_chars(version->data(), version->data() + version->size(), number);
  if (read.ec != std::errc() || number == 0)
    return mismatch("quire_schema says no version");
  return number;
}

result<std::size_t> known_version_of(connection& db, std::size_t known) {
  auto version = version_of(db);
  if (version && *version > known)
    return mismatch("its schema has version " + std::to_string(*version) + "; this build knows versions up to " +
                    std::to_string(known) + ". A newer build of Quire made it");
  return version;
}

// One transaction: whoever waits for its turn sees afterwards that the step has been taken.
result<bool> take_next_step(connection& db, std::span<const std::string_view> steps) {
  if (auto begun = db.run("BEGIN; " + std::string(take_turn)); !begun)
    return tl::unexpected(begun.error());
  const auto version = known_version_of(db, steps.size());
  if (!version || *version == steps.size()) {
    if (auto ended = db.run("ROLLBACK"); !ended && version)
      return tl::unexpected(ended.error());
    return version ? result<bool>(false) : tl::unexpected(version.error());
  }
  const auto next = std::to_string(*version + 1);
  const auto note =
    *version == 0 ? "CREATE TABLE quire_schema(one boolean PRIMARY KEY DEFAULT true CHECK(one), version integer NOT "
                    "NULL); INSERT INTO quire_schema(version) VALUES(1);"
                  : "UPDATE quire_schema SET version = " + next + ";";
  if (auto taken = db.run(std::string(steps[*version]) + note + "COMMIT"); !taken) {
    if (!db.is_lost())
      static_cast<void>(db.run("ROLLBACK"));  // what is reported is why the step failed
    return tl::unexpected(taken.error());
  }
  return true;
}

}  // namespace

std::span<const std::string_view> migrations() noexcept {
  return steps_so_far;
}

result<void> migrate(connection& db, std::span<const std::string_view> steps) {
  const auto encoding = db.ask("SHOW server_encoding");
  if (!encoding)
    return tl::unexpected(encoding.error());
  if (*encoding != "UTF8")
    return mismatch("the database has the encoding " + *encoding + ", not UTF8");
  for (;;) {
    const auto is_taken = take_next_step(db, steps);
    if (!is_taken)
      return tl::unexpected(is_taken.error());
    if (!*is_taken)
      return {};
  }
}

result<void> check_schema(connection& db) {
  const auto version = known_version_of(db, steps_so_far.size());
  if (!version)
    return tl::unexpected(version.error());
  if (*version < steps_so_far.size())
    return mismatch("its schema has version " + std::to_string(*version) + "; this build needs version " +
                    std::to_string(steps_so_far.size()) + ". Run: quire migrate --store ...");
  return {};
}

}  // namespace quire::storage::postgresql
