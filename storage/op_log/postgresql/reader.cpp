#include "storage/op_log/postgresql/reader.hpp"

#include "storage/op_log/postgresql/log_rows.hpp"
#include "storage/snapshot_seal.hpp"

#include <algorithm>
#include <limits>

namespace quire::storage::postgresql {

namespace {

// Rows that one page looks at.
constexpr std::uint64_t page_rows_max = 65'536;

constexpr statement begin{"begin", "BEGIN"};
constexpr statement commit{"commit", "COMMIT"};

constexpr statement read_document{
  "read_document",
  "SELECT n.organisation, n.name, n.generation, n.type, n.created, n.identity, d.head_seq, d.chain, d.floor_seq, "
  "d.floor_chain "
  "FROM document n JOIN doc_head d USING(doc_id) WHERE n.doc_id = $1::uuid AND d.state = 'live'"};

constexpr statement read_newest_snapshot{
  "read_newest_snapshot",
  "SELECT seq, format, chain, seal, body FROM doc_snapshot WHERE doc_id = $1::uuid ORDER BY seq DESC LIMIT 1"};

// All after the newest snapshot: a row past the head must be found.
constexpr statement read_tail{"read_tail", "SELECT " QUIRE_LOG_COLUMNS
                                           " FROM op_log WHERE doc_id = $1::uuid AND seq > coalesce((SELECT max(s.seq) "
                                           "FROM doc_snapshot s WHERE s.doc_id = $1::uuid), 0) "
                                           "ORDER BY seq"};

// The sizes decide how many rows travel: as many as fit, and the one that does not; the first always fits.
constexpr statement read_page{"read_page",
                              "SELECT " QUIRE_LOG_COLUMNS
                              " FROM (SELECT *, "
                              "sum(length(body)) OVER (ORDER BY seq) - length(body) AS before, "
                              "row_number() OVER (ORDER BY seq) AS place FROM op_log "
                              "WHERE doc_id = $1::uuid AND seq > $2::bigint AND seq <= $3::bigint "
                              "ORDER BY seq) numbered WHERE before <= $4::bigint OR place <= 2 ORDER BY seq"};

constexpr statement read_chain{"read_chain", "SELECT chain FROM op_log WHERE doc_id = $1::uuid AND seq = $2::bigint"};

constexpr statement read_snapshot_until{
  "read_snapshot_until",
  "SELECT seq, format, chain, seal, body FROM doc_snapshot WHERE doc_id = $1::uuid AND seq <= $2::bigint "
  "ORDER BY seq DESC LIMIT 1"};

#define QUIRE_SNAPSHOT_UNTIL "(SELECT max(s.seq) FROM doc_snapshot s WHERE s.doc_id = $1::uuid AND s.seq <= $2::bigint)"

// The row where that snapshot was taken.
constexpr statement read_chain_until{
  "read_chain_until", "SELECT chain FROM op_log WHERE doc_id = $1::uuid AND seq = " QUIRE_SNAPSHOT_UNTIL};

// The rows from there on, not more than may be and of not more bytes: the one over it tells that there are more.
constexpr statement read_tail_until{
  "read_tail_until",
  "SELECT " QUIRE_LOG_COLUMNS
  " FROM (SELECT *, "
  "sum(length(body)) OVER (ORDER BY seq) - length(body) AS before, "
  "row_number() OVER (ORDER BY seq) AS place FROM (SELECT * FROM op_log "
  "WHERE doc_id = $1::uuid AND seq > coalesce(" QUIRE_SNAPSHOT_UNTIL
  ", 0) AND seq <= $2::bigint "
  "ORDER BY seq LIMIT $3::bigint) bounded) numbered WHERE before <= $4::bigint OR place <= 2 ORDER BY seq"};

constexpr statement read_snapshot_places{"read_snapshot_places",
                                         "SELECT seq FROM doc_snapshot WHERE doc_id = $1::uuid ORDER BY seq"};

constexpr statement read_first_since{
  "read_first_since",
  "SELECT (SELECT l.seq FROM op_log l WHERE l.doc_id = $1::uuid AND l.seq > d.floor_seq AND l.at >= $2::timestamptz "
  "ORDER BY l.seq LIMIT 1) FROM doc_head d WHERE d.doc_id = $1::uuid AND d.state = 'live'"};

constexpr statement read_labels{
  "read_labels", "SELECT " QUIRE_LABEL_COLUMNS " FROM doc_label WHERE doc_id = $1::uuid ORDER BY seq, name"};

constexpr statement find_document{
  "find_document",
  "SELECT n.name, n.doc_id, n.generation, n.type, n.created, d.head_seq, d.modified, d.floor_seq "
  "FROM document n JOIN doc_head d USING(doc_id) WHERE n.organisation = $1::text AND n.name = $2::text "
  "AND d.state = 'live'"};

constexpr statement list_documents{
  "list_documents",
  "SELECT n.name, n.doc_id, n.generation, n.type, n.created, d.head_seq, d.modified, d.floor_seq "
  "FROM document n JOIN doc_head d USING(doc_id) WHERE n.organisation = $1::text AND n.name > $2::text "
  "AND d.state = 'live' ORDER BY n.name LIMIT $3::bigint"};

#undef QUIRE_SNAPSHOT_UNTIL

result<checked_document> document_in(const document_id& document, const answer& rows) {
  if (rows.rows() == 0)
    return fail(errc::not_found, "no such document");
  checked_document read{{document,
                         {std::string(rows.text(0, 0)), std::string(rows.text(0, 1))},
                         generation(static_cast<std::uint32_t>(rows.number(0, 2))),
                         std::string(rows.text(0, 3)),
                         rows.time(0, 4)},
                        rows.number(0, 5),
                        {revision(rows.number(0, 6)), rows.number(0, 7)},
                        {revision(rows.number(0, 8)), rows.number(0, rows.number(0, 8) == 0 ? 5 : 9)}};
  if (auto checked = check_identity(read); !checked)
    return tl::unexpected(checked.error());
  return read;
}

// What a store has at `row`; moves `start` there.
result<std::optional<snapshot>> snapshot_in(const checked_document& document, const answer& rows, log_place& start) {
  if (rows.rows() == 0)
    return std::nullopt;
  const auto body = rows.blob(0, 4);
  const sealed_snapshot sealed{revision(rows.number(0, 0)), static_cast<std::uint16_t>(rows.number(0, 1)),
                               rows.number(0, 2), rows.number(0, 3), bytes(body.begin(), body.end())};
  if (sealed.revision > document.head.at)
    return damaged_at(document.info, sealed.revision, "a snapshot past the head");
  auto opened = unseal(sealed);
  if (!opened)
    return damaged_at(document.info, sealed.revision, opened.error().detail);
  start = {sealed.revision, sealed.chain};
  return std::move(*opened);
}

document_summary summary_in(const answer& rows, int row, std::string_view organisation) {
  return {{rows.id<document_id_tag>(row, 1),
           {std::string(organisation), std::string(rows.text(row, 0))},
           generation(static_cast<std::uint32_t>(rows.number(row, 2))),
           std::string(rows.text(row, 3)),
           rows.time(row, 4)},
          revision(rows.number(row, 5)),
          rows.time(row, 6),
          revision(rows.number(row, 7))};
}

std::int64_t as_bigint(std::size_t bound) {
  return static_cast<std::int64_t>(
    std::min<std::size_t>(bound, static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max())));
}

// A snapshot is sealed with the log's checksum where it was taken: the row there must have it.
result<void> check_start(const checked_document& document, log_place start, const answer& chain) {
  if (start.at == document.floor.at)
    return start.chain == document.floor.chain ? result<void>()
                                               : damaged_at(document.info, start.at, "the snapshot is of another log");
  if (chain.rows() == 0)
    return damaged_at(document.info, start.at, "the log's row is missing");
  if (chain.number(0, 0) != start.chain)
    return damaged_at(document.info, start.at, "the snapshot is of another log");
  return {};
}

result<void> walk_along(log_walk& walk, const answer& rows) {
  for (int row = 0; row < rows.rows(); ++row) {
    const auto is_taken = walk.take(entry_in(rows, row), epoch_in(rows, row), chain_in(rows, row));
    if (!is_taken)
      return tl::unexpected(is_taken.error());
    if (!*is_taken)
      break;
  }
  return walk.finish();
}

}  // namespace

result<std::vector<answer>> reader::in_transaction(std::vector<call> calls) {
  calls.insert(calls.begin(), {&begin, {}});
  calls.push_back({&commit, {}});
  const auto db = link_.get();
  if (!db)
    return tl::unexpected(db.error());
  auto answers = (*db)->run(calls);
  if (!answers) {
    if (!(*db)->is_lost())
      static_cast<void>((*db)->run("ROLLBACK"));
    if (answers.error().code == errc::commit_in_doubt)  // a read changes nothing
      answers.error().code = errc::store_unavailable;
    return answers;
  }
  answers->erase(answers->begin());
  answers->pop_back();
  return answers;
}

result<loaded> reader::load(const document_id& document) {
  const auto answers = in_transaction({{&read_document, parameters::of(document)},
                                       {&read_newest_snapshot, parameters::of(document)},
                                       {&read_tail, parameters::of(document)}});
  if (!answers)
    return tl::unexpected(answers.error());
  const auto found = document_in(document, answers->at(0));
  if (!found)
    return tl::unexpected(found.error());
  log_place start{revision(0), found->identity};
  auto newest = snapshot_in(*found, answers->at(1), start);
  if (!newest)
    return tl::unexpected(newest.error());
  if (auto kept = check_floor(*found, start.at, found->head.at); !kept)
    return tl::unexpected(kept.error());
  log_walk walk(*found, start, found->head.at, log_walk::no_limit);
  if (auto walked = walk_along(walk, answers->at(2)); !walked)
    return tl::unexpected(walked.error());
  return loaded{std::move(*newest), std::move(walk.page().entries)};
}

result<history_page> reader::read(const document_id& document, revision from, revision to, std::size_t bytes_max) {
  const auto until = to;
  to = std::min(to, from.plus(page_rows_max));
  const auto answers = in_transaction({{&read_document, parameters::of(document)},
                                       {&read_chain, parameters::of(document, from)},
                                       {&read_page, parameters::of(document, from, to, as_bigint(bytes_max))}});
  if (!answers)
    return tl::unexpected(answers.error());
  const auto found = document_in(document, answers->at(0));
  if (!found)
    return tl::unexpected(found.error());
  if (from < found->floor.at)
    return trimmed(found->floor.at);
  to = std::min(to, found->head.at);
  if (from >= to)
    return history_page{};
  const auto& chain = answers->at(1);
  if (chain.rows() == 0 && from != found->floor.at)
    return damaged_at(found->info, from, "the log's row is missing");
  log_walk walk(*found, {from, from == found->floor.at ? found->floor.chain : chain.number(0, 0)}, to, bytes_max);
  if (auto walked = walk_along(walk, answers->at(2)); !walked)
    return tl::unexpected(walked.error());
  walk.page().is_complete = walk.page().is_complete && to == std::min(until, found->head.at);
  return std::move(walk.page());
}

result<loaded> reader::state_at(const document_id& document, revision at, const replay_bounds& bounds) {
  const auto answers = in_transaction(
    {{&read_document, parameters::of(document)},
     {&read_snapshot_until, parameters::of(document, at)},
     {&read_chain_until, parameters::of(document, at)},
     {&read_tail_until, parameters::of(document, at, as_bigint(bounds.operations_max), as_bigint(bounds.bytes_max))}});
  if (!answers)
    return tl::unexpected(answers.error());
  const auto found = document_in(document, answers->at(0));
  if (!found)
    return tl::unexpected(found.error());
  if (auto checked = check_past(found->head.at, at); !checked)
    return tl::unexpected(checked.error());
  log_place start{revision(0), found->identity};
  auto newest = snapshot_in(*found, answers->at(1), start);
  if (!newest)
    return tl::unexpected(newest.error());
  if (auto kept = check_floor(*found, start.at, at); !kept)
    return tl::unexpected(kept.error());
  if (at < found->floor.at)
    return loaded{std::move(*newest), {}};
  log_walk walk(*found, start, at, bounds.bytes_max);
  auto checked = check_start(*found, start, answers->at(2))
                   .and_then([&] { return check_distance(start.at, at, bounds); })
                   .and_then([&] { return walk_along(walk, answers->at(3)); });
  if (!checked)
    return tl::unexpected(checked.error());
  if (!walk.page().is_complete)
    return too_far(at);
  return loaded{std::move(*newest), std::move(walk.page().entries)};
}

result<std::vector<label>> reader::labels(const document_id& document) {
  return extent(document).map([](log_extent found) { return std::move(found.labels); });
}

result<log_extent> reader::extent(const document_id& document) {
  const auto answers = in_transaction({{&read_document, parameters::of(document)},
                                       {&read_labels, parameters::of(document)},
                                       {&read_snapshot_places, parameters::of(document)}});
  if (!answers)
    return tl::unexpected(answers.error());
  const auto found = document_in(document, answers->at(0));
  if (!found)
    return tl::unexpected(found.error());
  log_extent all{found->floor.at, found->head.at, {}, {}};
  const auto& rows = answers->at(1);
  for (int row = 0; row < rows.rows(); ++row) {
    auto checked = checked_label(*found, label_in(rows, row), rows.number(row, 4));
    if (!checked)
      return tl::unexpected(checked.error());
    all.labels.push_back(std::move(*checked));
  }
  for (int row = 0; row < answers->at(2).rows(); ++row)
    all.snapshots.emplace_back(answers->at(2).number(row, 0));
  return all;
}

result<std::optional<revision>> reader::first_since(const document_id& document, server_time since) {
  const auto answers = in_transaction({{&read_first_since, parameters::of(document, since)}});
  if (!answers)
    return tl::unexpected(answers.error());
  const auto& rows = answers->front();
  if (rows.rows() == 0)
    return fail(errc::not_found, "no such document");
  return rows.is_null(0, 0) ? std::nullopt : std::optional(revision(rows.number(0, 0)));
}

result<document_summary> reader::find(const document_name& document) {
  const auto answers = in_transaction({{&find_document, parameters::of(document.organisation, document.name)}});
  if (!answers)
    return tl::unexpected(answers.error());
  if (answers->front().rows() == 0)
    return fail(errc::not_found, "no such document");
  return summary_in(answers->front(), 0, document.organisation);
}

result<std::vector<document_summary>> reader::list(std::string_view organisation, std::string_view after,
                                                   std::size_t count) {
  const auto answers = in_transaction({{&list_documents, parameters::of(organisation, after, count)}});
  if (!answers)
    return tl::unexpected(answers.error());
  const auto& rows = answers->front();
  std::vector<document_summary> page;
  for (int row = 0; row < rows.rows(); ++row)
    page.push_back(summary_in(rows, row, organisation));
  return page;
}

}  // namespace quire::storage::postgresql
