// The part of the writer that lets logs begin later.

#include "protocol/limits.hpp"
#include "storage/log_walk.hpp"
#include "storage/op_log/postgresql/writer.hpp"
#include "storage/snapshot_seal.hpp"

#include <algorithm>

namespace quire::storage::postgresql {

namespace {

// As many as a floor rises by at once. Deleting them takes about as long as inserting them did.
constexpr std::uint64_t slice_max = limits::trim_replay_operations_max;

// The checksum of the log at a revision, that of the snapshot there, and a label before it that has no snapshot.
constexpr statement read_trim_place{
  "read_trim_place",
  "SELECT d.head_seq, d.floor_seq, CASE WHEN d.head_seq = $5::bigint THEN d.chain "
  "WHEN d.floor_seq = $5::bigint AND $5::bigint > 0 THEN d.floor_chain WHEN $5::bigint = 0 THEN n.identity "
  "ELSE (SELECT l.chain FROM op_log l WHERE l.doc_id = d.doc_id AND l.seq = $5::bigint) END, "
  "(SELECT s.chain FROM doc_snapshot s WHERE s.doc_id = d.doc_id AND s.seq = $5::bigint), "
  "(SELECT b.name FROM doc_label b WHERE b.doc_id = d.doc_id AND b.seq > 0 AND b.seq < $5::bigint AND NOT EXISTS("
  "SELECT 1 FROM doc_snapshot s WHERE s.doc_id = b.doc_id AND s.seq = b.seq) LIMIT 1) "
  "FROM doc_head d JOIN document n USING(doc_id) "
  "WHERE d.doc_id = $3::uuid AND d.epoch = $4::bigint AND d.state = 'live' AND " QUIRE_IS_OWNED};

constexpr statement add_old_snapshot{
  "add_old_snapshot",
  "WITH own AS (SELECT d.doc_id, d.epoch FROM doc_head d WHERE d.doc_id = $3::uuid AND d.epoch = $4::bigint "
  "AND d.state = 'live' AND d.head_seq >= $5::bigint AND " QUIRE_IS_OWNED
  " FOR NO KEY UPDATE), "
  "made AS (INSERT INTO doc_snapshot(doc_id, seq, epoch, format, chain, seal, body) "
  "SELECT doc_id, $5::bigint, epoch, $6::bigint, $7::bigint, $8::bigint, $9::bytea FROM own "
  "ON CONFLICT(doc_id, seq) DO NOTHING), "
  // The newest snapshot is the newest, whichever way it came.
  "noted AS (UPDATE doc_head d SET snap_seq = $5::bigint FROM own WHERE d.doc_id = own.doc_id "
  "AND d.snap_seq < $5::bigint) SELECT 1 FROM own"};

constexpr statement set_floor{
  "set_floor",
  "WITH own AS (UPDATE doc_head d SET floor_seq = $5::bigint, floor_chain = $6::bigint, trimming = true "
  "WHERE d.doc_id = $3::uuid AND d.epoch = $4::bigint AND d.state = 'live' AND " QUIRE_IS_OWNED
  " AND d.floor_seq < $5::bigint AND EXISTS(SELECT 1 FROM doc_snapshot s WHERE s.doc_id = d.doc_id "
  "AND s.seq = $5::bigint AND s.chain = $6::bigint) RETURNING d.doc_id), "
  "dropped AS (DELETE FROM doc_snapshot s USING own WHERE s.doc_id = own.doc_id AND s.seq < $5::bigint "
  "AND NOT EXISTS(SELECT 1 FROM doc_label l WHERE l.doc_id = s.doc_id AND l.seq = s.seq)) SELECT 1 FROM own"};

// `trimming` is true exactly as long as there are rows up to the floor.
constexpr statement trim_slice{
  "trim_slice",
  "WITH next AS (SELECT d.doc_id, d.floor_seq FROM doc_head d WHERE d.trimming LIMIT 1), "
  "slice AS (SELECT l.doc_id, l.seq FROM op_log l JOIN next USING(doc_id) WHERE l.seq <= next.floor_seq "
  "ORDER BY l.seq LIMIT $1::bigint), "
  "gone AS (DELETE FROM op_log l USING slice WHERE l.doc_id = slice.doc_id AND l.seq = slice.seq), "
  "finished AS (UPDATE doc_head d SET trimming = false FROM next WHERE d.doc_id = next.doc_id AND d.trimming "
  "AND d.floor_seq = next.floor_seq AND coalesce((SELECT max(s.seq) FROM slice s), next.floor_seq) = next.floor_seq) "
  "SELECT EXISTS(SELECT 1 FROM next)"};

}  // namespace

result<void> writer::add_snapshot(const document_id& document, epoch under, const snapshot& taken) {
  if (taken.body.size() > limits::snapshot_bytes_max)
    return fail(errc::document_too_large, "the snapshot has " + std::to_string(taken.body.size()) + " bytes");
  const auto place = run_as_owner(read_trim_place, document, under, std::nullopt, taken.revision);
  if (!place)
    return tl::unexpected(place.error());
  if (const revision head(place->number(0, 0)); taken.revision > head)
    return fail(errc::future_revision, "the head is " + std::to_string(head.value()));
  if (!place->is_null(0, 3))
    return {};
  if (const revision floor(place->number(0, 1)); taken.revision < floor)
    return trimmed(floor);
  if (place->is_null(0, 2))
    return fail(errc::document_damaged, "the log has no row for revision " + std::to_string(taken.revision.value()));
  const auto sealed = seal(taken, place->number(0, 2));
  if (!sealed)
    return tl::unexpected(sealed.error());
  const auto made = run_as_owner(add_old_snapshot, document, under, std::nullopt, sealed->revision, sealed->format,
                                 sealed->chain, sealed->seal, sealed->body);
  if (!made)
    return tl::unexpected(made.error());
  return {};
}

result<void> writer::trim(const document_id& document, epoch under, revision floor) {
  const auto place = run_as_owner(read_trim_place, document, under, std::nullopt, floor);
  if (!place)
    return tl::unexpected(place.error());
  if (floor <= revision(place->number(0, 1)))
    return {};
  if (place->is_null(0, 3))
    return fail(errc::precondition_failed, "there is no snapshot of the floor");
  if (!place->is_null(0, 4))
    return fail(errc::precondition_failed,
                "there is no snapshot of the label '" + std::string(place->text(0, 4)) + "'");
  if (place->is_null(0, 2) || place->number(0, 2) != place->number(0, 3))
    return fail(errc::document_damaged, "the snapshot of the floor is of another log");
  const auto set = run_as_owner(set_floor, document, under, std::nullopt, floor, place->number(0, 2));
  if (!set)
    return tl::unexpected(set.error());
  has_trimmings_ = true;
  trim_a_part();
  return {};
}

void writer::trim_a_part(std::uint64_t rows) {
  const auto db = has_trimmings_ ? link_.get() : result<connection*>(nullptr);
  if (!db || *db == nullptr)
    return;
  if (const auto done = (*db)->run(trim_slice, parameters::of(std::min(rows, slice_max))))
    has_trimmings_ = done->truth(0, 0);
}

}  // namespace quire::storage::postgresql
