// The part of the writer that names revisions.

#include "protocol/limits.hpp"
#include "storage/log_walk.hpp"
#include "storage/op_log/postgresql/writer.hpp"

namespace quire::storage::postgresql {

namespace {

constexpr statement read_label_place{
  "read_label_place",
  "SELECT d.head_seq, n.identity, (SELECT count(*) FROM doc_label l WHERE l.doc_id = d.doc_id), "
  "EXISTS(SELECT 1 FROM doc_label l WHERE l.doc_id = d.doc_id AND l.name = $5::text)::int, d.floor_seq, "
  "EXISTS(SELECT 1 FROM doc_snapshot s WHERE s.doc_id = d.doc_id AND s.seq = $6::bigint)::int "
  "FROM doc_head d JOIN document n USING(doc_id) "
  "WHERE d.doc_id = $3::uuid AND d.epoch = $4::bigint AND d.state = 'live' AND " QUIRE_IS_OWNED};

// The lock of the head's row keeps another owner from taking the document meanwhile.
#define QUIRE_OWN_HEAD                                                                                                \
  "WITH own AS (SELECT d.doc_id, d.floor_seq FROM doc_head d WHERE d.doc_id = $3::uuid AND d.epoch = $4::bigint AND " \
  "d.state = 'live' AND " QUIRE_IS_OWNED " FOR NO KEY UPDATE)"

constexpr statement set_document_label{
  "set_document_label", QUIRE_OWN_HEAD
  " INSERT INTO doc_label(doc_id, name, seq, author, at, seal) "
  "SELECT doc_id, $5::text, $6::bigint, $7::bytea, $8::timestamptz, $9::bigint FROM own "
  "ON CONFLICT(doc_id, name) DO UPDATE SET seq = excluded.seq, author = excluded.author, at = excluded.at, "
  "seal = excluded.seal RETURNING 1"};

constexpr statement remove_document_label{"remove_document_label", QUIRE_OWN_HEAD
                                          ", gone AS (DELETE FROM doc_label l USING own "
                                          "WHERE l.doc_id = own.doc_id AND l.name = $5::text RETURNING 1) "
                                          "SELECT EXISTS(SELECT 1 FROM gone)::int FROM own"};

// Before the floor a snapshot is kept for a label alone.
constexpr statement drop_unnamed{"drop_unnamed", QUIRE_OWN_HEAD
                                 " DELETE FROM doc_snapshot s USING own WHERE s.doc_id = own.doc_id "
                                 "AND s.seq < own.floor_seq AND NOT EXISTS(SELECT 1 FROM doc_label l "
                                 "WHERE l.doc_id = s.doc_id AND l.seq = s.seq)"};

}  // namespace

result<bool> writer::set_label(const document_id& document, epoch under, const label& made, bool shall_be_new) {
  const auto place = run_as_owner(read_label_place, document, under, std::nullopt, made.name, made.at);
  if (!place)
    return tl::unexpected(place.error());
  if (const revision head(place->number(0, 0)); made.at > head)
    return fail(errc::future_revision, "the head is " + std::to_string(head.value()));
  if (const revision floor(place->number(0, 4)); made.at < floor && made.at != revision(0) && !place->truth(0, 5))
    return trimmed(floor);
  const bool is_new = !place->truth(0, 3);
  if (!is_new && shall_be_new)
    return fail(errc::already_exists, "there is a label of that name");
  if (is_new && place->number(0, 2) >= limits::labels_a_document_max)
    return fail(errc::too_many_labels, "the document has as many labels as it may");
  const auto set = run_as_owner(set_document_label, document, under, std::nullopt, made.name, made.at,
                                as_bytes(made.author), made.set, label_checksum(place->number(0, 1), made));
  if (!set)
    return tl::unexpected(set.error());
  drop_unnamed_snapshots(document, under);
  return is_new;
}

result<void> writer::remove_label(const document_id& document, epoch under, std::string_view name) {
  const auto removed = run_as_owner(remove_document_label, document, under, std::nullopt, name);
  if (!removed)
    return tl::unexpected(removed.error());
  if (!removed->truth(0, 0))
    return fail(errc::not_found, "no such label");
  drop_unnamed_snapshots(document, under);
  return {};
}

// The label is durable by now, whatever becomes of this. What is left is dropped with the next label that changes, the
// next snapshot or the next trim.
void writer::drop_unnamed_snapshots(const document_id& document, epoch under) {
  static_cast<void>(run(drop_unnamed, document, under));
}

}  // namespace quire::storage::postgresql
