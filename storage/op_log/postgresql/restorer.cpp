#include "storage/op_log/postgresql/restorer.hpp"

#include "storage/slot.hpp"

#include <thread>

namespace quire::storage::postgresql {

namespace {

using namespace std::chrono_literals;

// A batch of rows, or a slice of what is removed, on a slow disk.
constexpr std::chrono::milliseconds patience = 60s;
// The server's side of a restorer that was killed ends this late, at most.
constexpr std::chrono::milliseconds predecessor_patience = 10s;
// Creations hold the table for milliseconds.
constexpr int tries_to_publish = 5;

constexpr statement find_newest{
  "find_newest",
  "SELECT n.doc_id, n.generation, d.epoch, d.state NOT IN ('deleting', 'deleted') FROM document n "
  "JOIN doc_head d USING(doc_id) WHERE n.organisation = $1::text AND n.name = $2::text "
  "ORDER BY n.generation DESC LIMIT 1"};

// While it is importing, `touched` says whether it is to be a deleted document.
constexpr statement insert_document{
  "insert_document",
  "WITH made AS (INSERT INTO document(doc_id, organisation, name, generation, type, created, identity) "
  "SELECT $1::uuid, $2::text, $3::text, $4::bigint, $5::text, $6::timestamptz, $7::bigint "
  "WHERE NOT EXISTS(SELECT 1 FROM document n JOIN doc_head d USING(doc_id) WHERE n.organisation = $2::text "
  "AND n.name = $3::text AND d.state NOT IN ('deleting', 'deleted')) ON CONFLICT DO NOTHING RETURNING doc_id), "
  "made_head AS (INSERT INTO doc_head(doc_id, slot, state, epoch, head_seq, chain, modified, touched, floor_seq, "
  "floor_chain) SELECT doc_id, $8::bigint, 'importing', $9::bigint, $10::bigint, $11::bigint, $12::timestamptz, "
  "$13::bigint, $14::bigint, $15::bigint FROM made) SELECT doc_id FROM made"};

constexpr statement insert_label{"insert_restored_label",
                                 "INSERT INTO doc_label(doc_id, name, seq, author, at, seal) "
                                 "VALUES($1::uuid, $2::text, $3::bigint, $4::bytea, $5::timestamptz, $6::bigint)"};

constexpr statement insert_rows{
  "insert_rows",
  "INSERT INTO op_log(doc_id, seq, epoch, client_id, client_seq, at, chain, encoding, author, body) "
  "SELECT $1::uuid, * FROM unnest($2::bigint[], $3::bigint[], $4::uuid[], $5::bigint[], $6::timestamptz[], "
  "$7::bigint[], $8::bigint[], $9::bytea[], $10::bytea[])"};

constexpr statement insert_snapshot{
  "insert_restored_snapshot",
  "WITH noted AS (UPDATE doc_head SET snap_seq = $2::bigint WHERE doc_id = $1::uuid) "
  "INSERT INTO doc_snapshot(doc_id, seq, epoch, format, chain, seal, body) "
  "VALUES($1::uuid, $2::bigint, $3::bigint, $4::bigint, $5::bigint, $6::bigint, $7::bytea)"};

constexpr statement set_chain{"set_chain", "UPDATE doc_head SET chain = $2::bigint WHERE doc_id = $1::uuid"};

constexpr statement find_importing{
  "find_importing", "SELECT doc_id FROM doc_head WHERE state = 'importing' AND owner_id IS NULL LIMIT 256"};

constexpr statement remove_slice{
  "remove_slice",
  "WITH slice AS (SELECT doc_id, seq FROM op_log WHERE doc_id = $1::uuid ORDER BY seq LIMIT 20000), "
  "gone AS (DELETE FROM op_log l USING slice WHERE l.doc_id = slice.doc_id AND l.seq = slice.seq RETURNING 1) "
  "SELECT count(*) FROM gone"};

constexpr statement remove_document{
  "remove_document",
  "WITH head AS (DELETE FROM doc_head WHERE doc_id = $1::uuid AND state = 'importing' RETURNING doc_id), "
  "snapshots AS (DELETE FROM doc_snapshot s USING head WHERE s.doc_id = head.doc_id), "
  "labels AS (DELETE FROM doc_label l USING head WHERE l.doc_id = head.doc_id) "
  "DELETE FROM document n USING head WHERE n.doc_id = head.doc_id"};

// A creation that began before a name was taken here may have been committed since.
constexpr const char* find_rival =
  "SELECT n.organisation || '/' || n.name FROM doc_head d JOIN document n ON n.doc_id = d.doc_id "
  "JOIN document o ON o.organisation = n.organisation AND o.name = n.name AND o.doc_id <> n.doc_id "
  "JOIN doc_head h ON h.doc_id = o.doc_id WHERE d.state = 'importing' AND d.owner_id IS NULL "
  "AND h.state NOT IN ('deleting', 'deleted') LIMIT 1";

constexpr const char* publish_documents =
  "UPDATE doc_head SET state = CASE touched WHEN 1 THEN 'deleted' ELSE 'live' END, touched = 0 "
  "WHERE state = 'importing' AND owner_id IS NULL";

// What was not done for a lock is not done.
error meaning(error what) {
  if (what.code == errc::overloaded)
    what.code = errc::store_unavailable;
  return what;
}

}  // namespace

result<std::unique_ptr<restorer>> restorer::open(std::shared_ptr<database> to) {
  std::unique_ptr<restorer> made(new restorer(link(std::move(to), "import", link::purpose::writes)));
  const auto db = made->link_.get();
  if (!db)
    return tl::unexpected(db.error());
  made->db_ = *db;
  made->db_->set_patience(patience);
  if (auto ready = made->take_turn().and_then([&] { return made->remove_all(); }); !ready)
    return tl::unexpected(ready.error());
  return made;
}

// Whatever fails here is seen to by the next one.
restorer::~restorer() {
  if (!is_committed_ && db_ != nullptr && !db_->is_lost())
    static_cast<void>(remove_all());
}

// Held as long as the connection.
result<void> restorer::take_turn() {
  const auto until = std::chrono::steady_clock::now() + predecessor_patience;
  for (;;) {
    const auto is_held = db_->ask("SELECT pg_try_advisory_lock(1367697778, 2)");
    if (!is_held)
      return tl::unexpected(meaning(is_held.error()));
    if (*is_held == "t")
      return {};
    if (std::chrono::steady_clock::now() > until) {
      db_ = nullptr;  // What is there is another's.
      return fail(errc::store_locked, "another import into this database is under way");
    }
    std::this_thread::sleep_for(100ms);
  }
}

result<answer> restorer::run(const statement& what, const parameters& with) {
  if (db_->is_lost())
    return fail(errc::store_unavailable, "the connection was lost");
  auto done = db_->run(what, with);
  // What an answer that did not come was to: only what is not seen, and is removed.
  if (!done && done.error().code == errc::commit_in_doubt)
    done.error().code = errc::store_unavailable;
  if (!done)
    return tl::unexpected(meaning(done.error()));
  return done;
}

result<void> restorer::do_run(const statement& what, const parameters& with) {
  if (const auto done = run(what, with); !done)
    return tl::unexpected(done.error());
  return {};
}

result<void> restorer::remove_all() {
  for (;;) {
    const auto found = run(find_importing, {});
    if (!found)
      return tl::unexpected(found.error());
    if (found->rows() == 0)
      return {};
    for (int row = 0; row < found->rows(); ++row)
      if (auto removed = remove(found->id<document_id_tag>(row, 0)); !removed)
        return removed;
  }
}

// In parts, so that no transaction is long.
result<void> restorer::remove(const document_id& document) {
  for (;;) {
    const auto gone = run(remove_slice, parameters::of(document));
    if (!gone)
      return tl::unexpected(gone.error());
    if (gone->number(0, 0) == 0)
      return do_run(remove_document, parameters::of(document));
  }
}

result<std::optional<known_generation>> restorer::find(const document_name& document) {
  const auto found = run(find_newest, parameters::of(document.organisation, document.name));
  if (!found)
    return tl::unexpected(found.error());
  if (found->rows() == 0)
    return std::nullopt;
  return known_generation{found->id<document_id_tag>(0, 0), generation(static_cast<std::uint32_t>(found->number(0, 1))),
                          epoch(found->number(0, 2)), found->truth(0, 3)};
}

result<void> restorer::begin(const archived_document& document) {
  const auto& info = document.info;
  const auto made = run(
    insert_document, parameters::of(info.id, info.document.organisation, info.document.name, info.generation.value(),
                                    info.type, info.created, document.identity, slot_of(info.document), document.epoch,
                                    document.head, document.chain, document.modified,
                                    document.state == "deleted" ? 1 : 0, document.floor, document.floor_chain));
  if (!made)
    return tl::unexpected(made.error());
  if (made->rows() == 0)
    return fail(errc::already_exists, "the store has a document with its name or its id");
  document_ = info.id;
  return {};
}

result<void> restorer::add(const archived_label& label) {
  const auto& made = label.made;
  return do_run(insert_label,
                parameters::of(document_, made.name, made.at, as_bytes(made.author), made.set, label.seal));
}

result<void> restorer::add(std::span<const archived_entry> rows) {
  auto with = parameters::of(document_);
  with.add_array(element::bigint, rows, [](const archived_entry& each) { return each.entry.revision; });
  with.add_array(element::bigint, rows, [](const archived_entry& each) { return each.epoch; });
  with.add_array(element::uuid, rows, [](const archived_entry& each) { return each.entry.client; });
  with.add_array(element::bigint, rows, [](const archived_entry& each) { return each.entry.sequence; });
  with.add_array(element::timestamptz, rows, [](const archived_entry& each) { return each.entry.at; });
  with.add_array(element::bigint, rows, [](const archived_entry& each) { return each.chain; });
  with.add_array(element::bigint, rows, [](const archived_entry& each) { return each.entry.encoding; });
  with.add_array(element::bytea, rows, [](const archived_entry& each) { return as_bytes(each.entry.author); });
  with.add_array(element::bytea, rows, [](const archived_entry& each) { return bytes_view(*each.entry.operation); });
  auto done = do_run(insert_rows, with);
  if (!done && done.error().code == errc::already_exists)
    return fail(errc::sequence_reused, "one of the revisions up to " +
                                         std::to_string(rows.back().entry.revision.value()) +
                                         ": its client's edit of that number is there already");
  return done;
}

result<void> restorer::add(const archived_snapshot& snapshot) {
  const auto& sealed = snapshot.sealed;
  return do_run(insert_snapshot, parameters::of(document_, sealed.revision, snapshot.epoch.value_or(epoch(0)),
                                                sealed.format, sealed.chain, sealed.seal, sealed.body));
}

result<void> restorer::end(checksum chain) {
  return do_run(set_chain, parameters::of(document_, chain));
}

result<void> restorer::withdraw() {
  return remove(document_);
}

result<void> restorer::commit() {
  for (int tries = 1;; ++tries) {
    auto published = publish();
    is_committed_ = published.has_value();
    if (published || published.error().code != errc::overloaded || tries == tries_to_publish)
      return published ? published : tl::unexpected(meaning(published.error()));
  }
}

// The lock waits for creations under way; later ones see the names taken.
result<void> restorer::publish() {
  if (db_->is_lost())
    return fail(errc::store_unavailable, "the connection was lost");
  const auto rival =
    db_->run("BEGIN; LOCK TABLE document IN SHARE ROW EXCLUSIVE MODE").and_then([&] { return db_->ask(find_rival); });
  auto done = rival ? result<void>() : tl::unexpected(rival.error());
  if (rival && !rival->empty())
    done = fail(errc::already_exists, *rival + ": a document of that name was created meanwhile");
  if (done)
    done = db_->run(publish_documents);
  if (!done) {
    if (db_->is_lost())  // Nothing was committed without a COMMIT.
      return fail(errc::store_unavailable, done.error().detail);
    static_cast<void>(db_->run("ROLLBACK"));
    return done;
  }
  return db_->run("COMMIT");
}

}  // namespace quire::storage::postgresql
