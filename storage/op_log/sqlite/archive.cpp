#include "storage/op_log/sqlite/archive.hpp"

#include "storage/op_log/sqlite/log_rows.hpp"

namespace quire::storage::sqlite {

namespace {

constexpr std::string_view document_columns =
  "SELECT doc_id, organisation, name, generation, type, created, identity, state, epoch, head, chain, modified, "
  "floor, floor_chain, trimming "
  "FROM document ";

archived_document document_in(const rows& row) {
  return {{row.id<document_id_tag>(0),
           {std::string(row.text(1)), std::string(row.text(2))},
           generation(static_cast<std::uint32_t>(row.number(3))),
           std::string(row.text(4)),
           row.time(5)},
          row.number(6),
          std::string(row.text(7)),
          epoch(row.number(8)),
          revision(row.number(9)),
          row.number(10),
          row.time(11),
          revision(row.number(12)),
          row.number(13),
          row.integer(14) == 1,
          {}};
}

// All rows that a query gives, each as `read` reads it.
template <class Read>
auto all_of(rows found, const Read& read) -> result<std::vector<decltype(read(found))>> {
  std::vector<decltype(read(found))> all;
  for (;;) {
    const auto row = found.step();
    if (!row)
      return tl::unexpected(row.error());
    if (!*row)
      return all;
    all.push_back(read(found));
  }
}

archived_entry row_in(const rows& row) {
  return {entry_in(row), epoch_in(row), chain_in(row)};
}

}  // namespace

archive::archive(connection opened)
  : db_(std::move(opened)),
    documents_(db_, std::string(document_columns) + "WHERE doc_id > ? ORDER BY doc_id LIMIT ?"),
    find_(db_, std::string(document_columns) + "WHERE organisation = ? AND name = ? ORDER BY generation DESC LIMIT 1"),
    entries_(db_, "SELECT " QUIRE_LOG_COLUMNS
                  " FROM op_log WHERE document = (SELECT number FROM document WHERE doc_id = ?) AND revision > ? "
                  "ORDER BY revision LIMIT ?"),
    snapshots_(db_,
               "SELECT revision, format, chain, seal, body FROM snapshot "
               "WHERE document = (SELECT number FROM document WHERE doc_id = ?) ORDER BY revision"),
    labels_(db_, "SELECT " QUIRE_LABEL_COLUMNS
                 " FROM label WHERE document = (SELECT number FROM document WHERE doc_id = ?) ORDER BY revision, name"),
    strays_(db_,
            "SELECT 'op_log has ' || count(*) || ' rows of the document ' || document || ', which is not there' "
            "FROM op_log WHERE document NOT IN (SELECT number FROM document) GROUP BY document UNION ALL "
            "SELECT 'snapshot has ' || count(*) || ' rows of the document ' || document || ', which is not there' "
            "FROM snapshot WHERE document NOT IN (SELECT number FROM document) GROUP BY document UNION ALL "
            "SELECT 'label has ' || count(*) || ' rows of the document ' || document || ', which is not there' "
            "FROM label WHERE document NOT IN (SELECT number FROM document) GROUP BY document") {}

result<std::vector<archived_document>> archive::documents(const document_id& after, std::size_t count) {
  return all_of(documents_.query(after, count), document_in);
}

result<archived_document> archive::find(const document_name& document) {
  auto found = find_.query(document.organisation, document.name);
  const auto row = found.step();
  if (!row)
    return tl::unexpected(row.error());
  if (!*row)
    return fail(errc::not_found, "no such document");
  return document_in(found);
}

result<std::vector<archived_entry>> archive::entries(const document_id& document, revision after, std::size_t count) {
  return all_of(entries_.query(document, after, count), row_in);
}

result<std::vector<archived_entry>> archive::entries_within(const document_id& document, revision after,
                                                            std::size_t count, std::size_t bytes_max) {
  auto found = entries_.query(document, after, count);
  std::vector<archived_entry> page;
  for (std::size_t bytes = 0; bytes <= bytes_max;) {
    const auto row = found.step();
    if (!row)
      return tl::unexpected(row.error());
    if (!*row)
      break;
    page.push_back(row_in(found));
    bytes += page.back().entry.operation->size() + page.back().entry.author.size();
  }
  return page;
}

result<std::vector<archived_snapshot>> archive::snapshots(const document_id& document) {
  return all_of(snapshots_.query(document), [](const rows& row) {
    const auto body = row.blob(4);
    return archived_snapshot{{revision(row.number(0)), static_cast<std::uint16_t>(row.number(1)), row.number(2),
                              row.number(3), bytes(body.begin(), body.end())},
                             std::nullopt};
  });
}

result<std::vector<archived_label>> archive::labels(const document_id& document) {
  return all_of(labels_.query(document), [](const rows& row) { return archived_label{label_in(row), row.number(4)}; });
}

result<std::vector<std::string>> archive::strays() {
  return all_of(strays_.query(), [](const rows& row) { return std::string(row.text(0)); });
}

}  // namespace quire::storage::sqlite
