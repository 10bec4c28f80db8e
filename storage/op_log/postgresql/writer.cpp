#include "storage/op_log/postgresql/writer.hpp"

#include "protocol/limits.hpp"
#include "storage/snapshot_seal.hpp"

#include <algorithm>

namespace quire::storage::postgresql {

namespace {

// A dead node's documents may be taken, and those of one's own earlier lives, but not of a later one.
constexpr statement acquire_document{
  "acquire_document",
  "WITH newest AS (SELECT n.doc_id, n.generation, n.type, n.created FROM document n "
  "WHERE n.organisation = $3::text AND n.name = $4::text ORDER BY n.generation DESC LIMIT 1), "
  "taken AS (UPDATE doc_head d SET epoch = d.epoch + 1, owner_id = $1::text, owner_inc = $2::bigint FROM newest "
  "WHERE d.doc_id = newest.doc_id AND d.state = 'live' AND CASE WHEN d.owner_id = $1::text "
  "THEN d.owner_inc <= $2::bigint ELSE NOT EXISTS(SELECT 1 FROM node n WHERE n.node_id = d.owner_id "
  "AND n.incarnation = d.owner_inc AND n.state IN ('joining', 'up', 'draining')) END "
  "RETURNING d.doc_id, d.epoch, d.head_seq) "
  "SELECT newest.doc_id, newest.generation, newest.type, newest.created, d.state IN ('deleting', 'deleted'), "
  "d.epoch, taken.epoch, taken.head_seq FROM newest JOIN doc_head d USING(doc_id) LEFT JOIN taken USING(doc_id)"};

constexpr statement release_document{
  "release_document",
  "UPDATE doc_head d SET owner_id = NULL, owner_inc = NULL WHERE d.doc_id = $3::uuid AND d.epoch = $4::bigint "
  "AND d.state = 'live' AND " QUIRE_IS_OWNED " RETURNING 1"};

// Run again after it was done without our knowing, it writes again: what it answers is then as durable as that.
constexpr statement hand_over_document{
  "hand_over_document",
  "UPDATE doc_head d SET epoch = $4::bigint + 1, owner_id = $6::text, owner_inc = $7::bigint, "
  "touched = touched + CASE WHEN d.epoch = $4::bigint THEN 0 ELSE 1 END WHERE d.doc_id = $3::uuid "
  "AND d.state = 'live' AND d.head_seq = $5::bigint AND (d.epoch = $4::bigint AND " QUIRE_IS_OWNED
  " OR d.epoch = $4::bigint + 1 AND (d.owner_id = $6::text AND d.owner_inc = $7::bigint) IS TRUE) RETURNING d.epoch"};

constexpr statement delete_document{
  "delete_document",
  "WITH gone AS (UPDATE doc_head d SET state = 'deleting', trimming = false WHERE d.doc_id = $3::uuid AND d.epoch = "
  "$4::bigint "
  "AND d.state = 'live' AND " QUIRE_IS_OWNED
  " RETURNING d.doc_id), "
  "snapshots AS (DELETE FROM doc_snapshot s USING gone WHERE s.doc_id = gone.doc_id), "
  "labels AS (DELETE FROM doc_label l USING gone WHERE l.doc_id = gone.doc_id) SELECT 1 FROM gone"};

constexpr statement read_owner{"read_owner", "SELECT d.epoch, " QUIRE_IS_OWNED
                                             ", d.head_seq, d.owner_id FROM doc_head d "
                                             "WHERE d.doc_id = $3::uuid AND d.state = 'live'"};

// The checksum of the log at a revision, and what stands against a snapshot there.
constexpr statement read_place{
  "read_place",
  "SELECT d.head_seq, CASE WHEN d.head_seq = $5::bigint THEN d.chain WHEN $5::bigint = 0 THEN n.identity "
  "ELSE (SELECT l.chain FROM op_log l WHERE l.doc_id = d.doc_id AND l.seq = $5::bigint) END, "
  "(SELECT max(s.seq) FROM doc_snapshot s WHERE s.doc_id = d.doc_id) FROM doc_head d JOIN document n USING(doc_id) "
  "WHERE d.doc_id = $3::uuid AND d.epoch = $4::bigint AND d.state = 'live' AND " QUIRE_IS_OWNED};

// The newest, and the one before it for whoever has to repair.
constexpr statement insert_snapshot{
  "insert_snapshot",
  "WITH own AS (UPDATE doc_head d SET snap_seq = $5::bigint WHERE d.doc_id = $3::uuid AND d.epoch = $4::bigint "
  "AND d.state = 'live' AND d.head_seq >= $5::bigint AND " QUIRE_IS_OWNED
  " RETURNING d.doc_id, d.epoch, d.floor_seq), "
  "made AS (INSERT INTO doc_snapshot(doc_id, seq, epoch, format, chain, seal, body) "
  "SELECT doc_id, $5::bigint, epoch, $6::bigint, $7::bigint, $8::bigint, $9::bytea FROM own ON CONFLICT DO NOTHING), "
  "dropped AS (DELETE FROM doc_snapshot s USING own WHERE s.doc_id = own.doc_id AND s.seq < (SELECT max(p.seq) FROM "
  "doc_snapshot p WHERE p.doc_id = $3::uuid) AND s.seq <> own.floor_seq AND NOT EXISTS(SELECT 1 FROM doc_label l "
  "WHERE l.doc_id = s.doc_id AND l.seq = s.seq)) SELECT 1 FROM own"};

// Rows that one clean-up deletes: some milliseconds.
constexpr statement clean_up_slice{
  "clean_up_slice",
  "WITH next AS (SELECT d.doc_id FROM doc_head d WHERE d.state = 'deleting' LIMIT 1), "
  "slice AS (SELECT l.doc_id, l.seq FROM op_log l JOIN next USING(doc_id) ORDER BY l.seq LIMIT 2000), "
  "gone AS (DELETE FROM op_log l USING slice WHERE l.doc_id = slice.doc_id AND l.seq = slice.seq RETURNING 1), "
  "finished AS (UPDATE doc_head d SET state = 'deleted', owner_id = NULL, owner_inc = NULL FROM next "
  "WHERE d.doc_id = next.doc_id AND NOT EXISTS(SELECT 1 FROM slice) RETURNING d.doc_id) "
  "SELECT EXISTS(SELECT 1 FROM next), (SELECT count(*) FROM gone), n.organisation, n.name "
  "FROM (VALUES(1)) one LEFT JOIN finished ON true LEFT JOIN document n USING(doc_id)"};

// The newest generation's row stays: it remembers the generation.
constexpr statement forget_generations{
  "forget_generations",
  "WITH old AS (DELETE FROM document n USING doc_head d WHERE n.doc_id = d.doc_id AND d.state = 'deleted' "
  "AND n.organisation = $1::text AND n.name = $2::text AND EXISTS(SELECT 1 FROM document m "
  "WHERE m.organisation = $1::text AND m.name = $2::text AND m.generation > n.generation) RETURNING n.doc_id) "
  "DELETE FROM doc_head d USING old WHERE d.doc_id = old.doc_id"};

// Of what can be done again whether it was done or not.
error repeatable(const error& what) {
  return {what.code == errc::commit_in_doubt ? errc::store_unavailable : what.code, what.detail};
}

acquired acquired_in(const answer& found, const document_name& document) {
  acquired newest{{{}, document, generation(1), {}, {}}, false, epoch(1), revision(0)};
  if (found.rows() == 0)
    return newest;
  newest.info.generation = generation(static_cast<std::uint32_t>(found.number(0, 1)));
  if (found.truth(0, 4)) {
    newest.info.generation = newest.info.generation.next();
    newest.epoch = epoch(found.number(0, 5)).next();
    return newest;
  }
  newest.exists = true;
  newest.info.id = found.id<document_id_tag>(0, 0);
  newest.info.type = found.text(0, 2);
  newest.info.created = found.time(0, 3);
  newest.epoch = epoch(found.number(0, 6));
  newest.head = revision(found.number(0, 7));
  return newest;
}

}  // namespace

void writer::warm_up() {
  if (link_.use() == link::purpose::writes)
    return lane_.warm_up();
  static_cast<void>(run(acquire_document, std::string_view(), std::string_view()));
}

result<std::vector<result<void>>> writer::append(std::span<const append_request> requests) {
  return lane_.append(requests);
}

result<acquired> writer::acquire(const document_name& document) {
  clean_up();
  std::optional<epoch> refused_at;
  for (int tries = 0; tries < tries_max; ++tries) {
    const auto found = run(acquire_document, document.organisation, document.name);
    if (!found)
      // An epoch that was raised without our knowing does no harm: the next acquisition raises it again.
      return tl::unexpected(repeatable(found.error()));
    const bool is_live = found->rows() > 0 && !found->truth(0, 4);
    if (!is_live || !found->is_null(0, 6))
      return acquired_in(*found, document);
    // The row was read before another's change to it was waited for: only twice the same is an owner.
    if (refused_at == epoch(found->number(0, 5)))
      return fail(errc::stale_epoch, "another node owns the document");
    refused_at = epoch(found->number(0, 5));
  }
  return fail(errc::store_unavailable, "its row changes all the time");
}

result<void> writer::check_owner(const document_id& document, epoch under, std::optional<revision> head) {
  const auto row = run(read_owner, document);
  if (!row)
    return tl::unexpected(row.error());
  if (row->rows() == 0)
    return fail(errc::not_found, "no such document");
  if (const epoch now(row->number(0, 0)); now != under)
    return fail(errc::stale_epoch,
                "the epoch is " + std::to_string(now.value()) + ", not " + std::to_string(under.value()));
  if (!row->truth(0, 1))
    return fail(errc::stale_epoch, row->is_null(0, 3) ? "nobody owns the document" : "another node owns the document");
  if (const revision at(row->number(0, 2)); head && at != *head)
    return fail(errc::stale_epoch,
                "the head is " + std::to_string(at.value()) + ", not " + std::to_string(head->value()));
  return {};
}

result<void> writer::release(const document_id& document, epoch under) {
  const auto done = run_as_owner(release_document, document, under, std::nullopt);
  if (!done)
    return tl::unexpected(repeatable(done.error()));
  return {};
}

result<epoch> writer::hand_over(const document_id& document, epoch under, revision head, const owner& to) {
  const auto done = run_as_owner(hand_over_document, document, under, head, head, to.node, to.incarnation);
  if (!done)
    return tl::unexpected(repeatable(done.error()));
  return epoch(done->number(0, 0));
}

result<void> writer::remove(const document_id& document, epoch under) {
  if (const auto done = run_as_owner(delete_document, document, under, std::nullopt); !done)
    return tl::unexpected(done.error());
  has_deletions_ = true;
  clean_up();
  return {};
}

result<void> writer::write_snapshot(const document_id& document, epoch under, const snapshot& taken) {
  if (taken.body.size() > limits::snapshot_bytes_max)
    return fail(errc::document_too_large, "the snapshot has " + std::to_string(taken.body.size()) + " bytes");
  const auto place = run_as_owner(read_place, document, under, std::nullopt, taken.revision);
  if (!place)
    return tl::unexpected(place.error());
  if (const revision head(place->number(0, 0)); taken.revision > head)
    return fail(errc::future_revision, "the head is " + std::to_string(head.value()));
  if (!place->is_null(0, 2) && taken.revision <= revision(place->number(0, 2)))
    return {};
  if (place->is_null(0, 1))
    return fail(errc::document_damaged, "the log has no row for revision " + std::to_string(taken.revision.value()));
  const auto sealed = seal(taken, place->number(0, 1));
  if (!sealed)
    return tl::unexpected(sealed.error());
  const auto made = run_as_owner(insert_snapshot, document, under, std::nullopt, sealed->revision, sealed->format,
                                 sealed->chain, sealed->seal, sealed->body);
  if (!made)
    return tl::unexpected(made.error());
  // Appends go by other connections, so that they can not pay for what is trimmed: each snapshot does, twice over for
  // what its document has had since the last.
  const auto before = place->is_null(0, 2) ? revision(0) : revision(place->number(0, 2));
  trim_a_part(std::max(slice, 2 * (taken.revision.value() - before.value())));
  return {};
}

void writer::clean_up() {
  trim_a_part();
  const auto db = has_deletions_ ? link_.get() : result<connection*>(nullptr);
  if (!db || *db == nullptr)
    return;
  const auto done = (*db)->run(clean_up_slice, {});
  if (!done)
    return;
  has_deletions_ = done->truth(0, 0);
  if (!done->is_null(0, 2))
    static_cast<void>((*db)->run(forget_generations, parameters::of(done->text(0, 2), done->text(0, 3))));
}

}  // namespace quire::storage::postgresql
