#include "storage/op_log/postgresql/append_statements.hpp"

#include <string>

namespace quire::storage::postgresql {

namespace {

// `IS TRUE` hides the owners' index from the planner, which would walk all documents of a node.
#define QUIRE_IS_OWNED "(d.owner_id = $1::text AND d.owner_inc = $2::bigint) IS TRUE"

// An UPDATE that meets a row which changed since its snapshot waits, and checks its WHERE again on the newest version:
// two owners cannot both append.
constexpr const char* advance_heads =
  "WITH want AS (SELECT * FROM unnest($3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], "
  "$8::bigint[], $9::timestamptz[]) w(doc_id, epoch, base, base_chain, head, chain, at)), "
  "advanced AS (UPDATE doc_head d SET head_seq = w.head, chain = w.chain, modified = greatest(d.modified, w.at) "
  "FROM want w WHERE d.doc_id = w.doc_id AND d.state = 'live' AND d.epoch = w.epoch AND " QUIRE_IS_OWNED
  " AND d.head_seq = w.base AND d.chain = w.base_chain RETURNING d.doc_id, d.epoch), ";

constexpr const char* create_documents =
  "fresh AS (SELECT * FROM unnest($19::uuid[], $20::text[], $21::text[], $22::bigint[], $23::text[], "
  "$24::timestamptz[], $25::bigint[], $26::bigint[], $27::bigint[], $28::bigint[], $29::timestamptz[], $30::bigint[]) "
  "f(doc_id, organisation, name, generation, type, created, identity, slot, epoch, head, at, chain)), "
  "made AS (INSERT INTO document(doc_id, organisation, name, generation, type, created, identity) "
  "SELECT f.doc_id, f.organisation, f.name, f.generation, f.type, f.created, f.identity FROM fresh f "
  "WHERE f.generation = 1 + coalesce((SELECT max(d.generation) FROM document d "
  "WHERE d.organisation = f.organisation AND d.name = f.name), 0) "
  "AND NOT EXISTS(SELECT 1 FROM document d JOIN doc_head h USING(doc_id) "
  "WHERE d.organisation = f.organisation AND d.name = f.name "
  "AND (h.state NOT IN ('deleting', 'deleted') OR h.epoch > f.epoch)) "
  "ON CONFLICT DO NOTHING RETURNING doc_id), "
  "made_heads AS (INSERT INTO doc_head(doc_id, slot, epoch, owner_id, owner_inc, head_seq, chain, modified) "
  "SELECT f.doc_id, f.slot, f.epoch, $1::text, $2::bigint, f.head, f.chain, greatest(f.created, f.at) "
  "FROM made JOIN fresh f USING(doc_id) RETURNING doc_id, epoch), ";

constexpr const char* insert_rows =
  "inserted AS (INSERT INTO op_log(doc_id, seq, epoch, client_id, client_seq, at, chain, encoding, author, body) "
  "SELECT e.doc_id, e.seq, ok.epoch, e.client_id, e.client_seq, e.at, e.chain, e.encoding, e.author, e.body "
  "FROM unnest($10::uuid[], $11::bigint[], $12::uuid[], $13::bigint[], $14::timestamptz[], $15::bigint[], "
  "$16::bigint[], $17::bytea[], $18::bytea[]) "
  "e(doc_id, seq, client_id, client_seq, at, chain, encoding, author, body) JOIN ok USING(doc_id)) "
  "SELECT doc_id FROM ok";

}  // namespace

const statement& read_heads() noexcept {
  static constexpr statement made{"read_heads",
                                  "SELECT d.doc_id, d.state = 'live', d.epoch, " QUIRE_IS_OWNED
                                  ", d.head_seq, d.chain FROM doc_head d WHERE d.doc_id = ANY($3::uuid[])"};
  return made;
}

const statement& read_newest() noexcept {
  static constexpr statement made{
    "read_newest", "SELECT n.doc_id, n.generation, d.state IN ('deleting', 'deleted'), d.epoch, " QUIRE_IS_OWNED
                   ", d.head_seq FROM document n JOIN doc_head d USING(doc_id) "
                   "WHERE n.organisation = $3::text AND n.name = $4::text ORDER BY n.generation DESC LIMIT 1"};
  return made;
}

const statement& append_rows() noexcept {
  static const auto sql = std::string(advance_heads) + "ok AS (SELECT * FROM advanced), " + insert_rows;
  static const statement made{"append_rows", sql.c_str()};
  return made;
}

const statement& create_and_append_rows() noexcept {
  static const auto sql = std::string(advance_heads) + create_documents +
                          "ok AS (SELECT * FROM advanced UNION ALL SELECT * FROM made_heads), " + insert_rows;
  static const statement made{"create_and_append_rows", sql.c_str()};
  return made;
}

const statement& read_edits() noexcept {
  static constexpr statement made{
    "read_edits", "SELECT client_id, client_seq FROM op_log WHERE doc_id = $1::uuid AND seq > $2::bigint ORDER BY seq"};
  return made;
}

const statement& touch_heads() noexcept {
  static constexpr statement made{
    "touch_heads",
    "UPDATE doc_head d SET touched = touched + 1 FROM unnest($3::uuid[], $4::bigint[], $5::bigint[]) "
    "w(doc_id, epoch, head) WHERE d.doc_id = w.doc_id AND d.state = 'live' AND d.epoch = w.epoch "
    "AND d.head_seq = w.head AND " QUIRE_IS_OWNED " RETURNING d.doc_id"};
  return made;
}

#undef QUIRE_IS_OWNED

}  // namespace quire::storage::postgresql
