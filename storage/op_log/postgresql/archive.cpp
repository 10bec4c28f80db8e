#include "storage/op_log/postgresql/archive.hpp"

#include "storage/op_log/postgresql/log_rows.hpp"
#include "storage/slot.hpp"

namespace quire::storage::postgresql {

namespace {

// The last five are this store's own: slot, whether owner and incarnation are both there or both not, snap_seq, the
// newest snapshot's revision, and whether a move is noted without one.
#define QUIRE_DOCUMENTS                                                                                              \
  "SELECT n.doc_id, n.organisation, n.name, n.generation, n.type, n.created, n.identity, d.state, d.epoch, "         \
  "d.head_seq, d.chain, d.modified, d.slot, (d.owner_id IS NULL) = (d.owner_inc IS NULL), d.snap_seq, "              \
  "coalesce((SELECT max(s.seq) FROM doc_snapshot s WHERE s.doc_id = n.doc_id), 0), "                                 \
  "(d.moved_to IS NULL) = (d.state <> 'moved'), coalesce(d.owner_inc <= (SELECT last_value FROM node_incarnation), " \
  "true), d.touched >= 0, d.floor_seq, d.floor_chain, d.trimming FROM document n JOIN doc_head d USING(doc_id) "

constexpr statement read_documents{"read_documents",
                                   QUIRE_DOCUMENTS "WHERE n.doc_id > $1::uuid ORDER BY n.doc_id LIMIT $2::bigint"};

constexpr statement find_document{
  "find_document",
  QUIRE_DOCUMENTS "WHERE n.organisation = $1::text AND n.name = $2::text ORDER BY n.generation DESC LIMIT 1"};

constexpr statement read_rows{"read_rows", "SELECT " QUIRE_LOG_COLUMNS
                                           " FROM op_log WHERE doc_id = $1::uuid AND seq > $2::bigint ORDER BY seq "
                                           "LIMIT $3::bigint"};

// Sizes are known without the contents: rows that do not fit are not sent.
constexpr statement read_rows_within{
  "read_rows_within",
  "SELECT " QUIRE_LOG_COLUMNS
  " FROM (SELECT *, sum(length(body) + length(author)) OVER (ORDER BY seq) - length(body) - length(author) AS before "
  "FROM (SELECT * FROM op_log WHERE doc_id = $1::uuid AND seq > $2::bigint ORDER BY seq LIMIT $3::bigint) bounded) "
  "numbered WHERE before <= $4::bigint ORDER BY seq"};

constexpr statement read_snapshots{
  "read_snapshots",
  "SELECT seq, format, chain, seal, epoch, body FROM doc_snapshot WHERE doc_id = $1::uuid ORDER BY seq"};

constexpr statement read_labels{
  "read_labels", "SELECT " QUIRE_LABEL_COLUMNS " FROM doc_label WHERE doc_id = $1::uuid ORDER BY seq, name"};

constexpr statement read_strays{
  "read_strays",
  "SELECT 'document ' || n.doc_id || ' has no row in doc_head' FROM document n "
  "WHERE NOT EXISTS(SELECT 1 FROM doc_head d WHERE d.doc_id = n.doc_id) UNION ALL "
  "SELECT 'doc_head ' || d.doc_id || ' has no row in document' FROM doc_head d "
  "WHERE NOT EXISTS(SELECT 1 FROM document n WHERE n.doc_id = d.doc_id) UNION ALL "
  "SELECT 'op_log has ' || count(*) || ' rows of ' || l.doc_id || ', which is no document' FROM op_log l "
  "WHERE NOT EXISTS(SELECT 1 FROM document n WHERE n.doc_id = l.doc_id) GROUP BY l.doc_id UNION ALL "
  "SELECT 'doc_snapshot has ' || count(*) || ' rows of ' || s.doc_id || ', which is no document' FROM doc_snapshot s "
  "WHERE NOT EXISTS(SELECT 1 FROM document n WHERE n.doc_id = s.doc_id) GROUP BY s.doc_id UNION ALL "
  "SELECT 'doc_label has ' || count(*) || ' rows of ' || b.doc_id || ', which is no document' FROM doc_label b "
  "WHERE NOT EXISTS(SELECT 1 FROM document n WHERE n.doc_id = b.doc_id) GROUP BY b.doc_id"};

archived_document document_in(const answer& rows, int row) {
  archived_document made{{rows.id<document_id_tag>(row, 0),
                          {std::string(rows.text(row, 1)), std::string(rows.text(row, 2))},
                          generation(static_cast<std::uint32_t>(rows.number(row, 3))),
                          std::string(rows.text(row, 4)),
                          rows.time(row, 5)},
                         rows.number(row, 6),
                         std::string(rows.text(row, 7)),
                         epoch(rows.number(row, 8)),
                         revision(rows.number(row, 9)),
                         rows.number(row, 10),
                         rows.time(row, 11),
                         revision(rows.number(row, 19)),
                         rows.number(row, 20),
                         rows.truth(row, 21),
                         {}};
  const auto note = [&](bool is_right, const char* what) {
    if (!is_right)
      made.oddities.emplace_back(what);
  };
  note(rows.integer(row, 12) == slot_of(made.info.document), "doc_head.slot is not that of its name");
  note(rows.truth(row, 13), "doc_head has one of owner_id and owner_inc without the other");
  note(rows.integer(row, 14) == rows.integer(row, 15) || made.state != "live",
       "doc_head.snap_seq is not the newest snapshot's");
  note(rows.truth(row, 16), "doc_head.moved_to and doc_head.state contradict each other");
  note(rows.truth(row, 17), "doc_head.owner_inc was never given to a node");
  note(rows.truth(row, 18), "doc_head.touched is negative");
  return made;
}

result<std::vector<archived_entry>> rows_of(const result<answer>& rows) {
  if (!rows)
    return tl::unexpected(rows.error());
  std::vector<archived_entry> page;
  for (int row = 0; row < rows->rows(); ++row)
    page.push_back({entry_in(*rows, row), epoch_in(*rows, row), chain_in(*rows, row)});
  return page;
}

}  // namespace

#undef QUIRE_DOCUMENTS

result<answer> archive::run(const statement& what, const parameters& with) {
  const auto db = link_.get();
  if (!db)
    return tl::unexpected(db.error());
  auto done = (*db)->run(what, with);
  if (!done && done.error().code == errc::commit_in_doubt)  // a read changes nothing
    done.error().code = errc::store_unavailable;
  return done;
}

result<std::vector<archived_document>> archive::documents(const document_id& after, std::size_t count) {
  const auto rows = run(read_documents, parameters::of(after, count));
  if (!rows)
    return tl::unexpected(rows.error());
  std::vector<archived_document> page;
  for (int row = 0; row < rows->rows(); ++row)
    page.push_back(document_in(*rows, row));
  return page;
}

result<archived_document> archive::find(const document_name& document) {
  const auto rows = run(find_document, parameters::of(document.organisation, document.name));
  if (!rows)
    return tl::unexpected(rows.error());
  if (rows->rows() == 0)
    return fail(errc::not_found, "no such document");
  return document_in(*rows, 0);
}

result<std::vector<archived_entry>> archive::entries(const document_id& document, revision after, std::size_t count) {
  return rows_of(run(read_rows, parameters::of(document, after, count)));
}

result<std::vector<archived_entry>> archive::entries_within(const document_id& document, revision after,
                                                            std::size_t count, std::size_t bytes_max) {
  return rows_of(run(read_rows_within, parameters::of(document, after, count, bytes_max)));
}

result<std::vector<archived_snapshot>> archive::snapshots(const document_id& document) {
  const auto rows = run(read_snapshots, parameters::of(document));
  if (!rows)
    return tl::unexpected(rows.error());
  std::vector<archived_snapshot> all;
  for (int row = 0; row < rows->rows(); ++row) {
    const auto body = rows->blob(row, 5);
    all.push_back({{revision(rows->number(row, 0)), static_cast<std::uint16_t>(rows->number(row, 1)),
                    rows->number(row, 2), rows->number(row, 3), bytes(body.begin(), body.end())},
                   epoch(rows->number(row, 4))});
  }
  return all;
}

result<std::vector<archived_label>> archive::labels(const document_id& document) {
  const auto rows = run(read_labels, parameters::of(document));
  if (!rows)
    return tl::unexpected(rows.error());
  std::vector<archived_label> all;
  for (int row = 0; row < rows->rows(); ++row)
    all.push_back({label_in(*rows, row), rows->number(row, 4)});
  return all;
}

result<std::vector<std::string>> archive::strays() {
  const auto rows = run(read_strays, {});
  if (!rows)
    return tl::unexpected(rows.error());
  std::vector<std::string> found;
  for (int row = 0; row < rows->rows(); ++row)
    found.emplace_back(rows->text(row, 0));
  return found;
}

}  // namespace quire::storage::postgresql
