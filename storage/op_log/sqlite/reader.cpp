#include "storage/op_log/sqlite/reader.hpp"

#include "storage/op_log/sqlite/log_rows.hpp"
#include "storage/snapshot_seal.hpp"

#include <algorithm>
#include <limits>

namespace quire::storage::sqlite {

namespace {

// A row past the head must be found, so that the read asks for all there are.
constexpr revision last_possible{static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())};

// An error of SQLite's while it read a document: a damaged page says nothing of whose it is.
tl::unexpected<error> unreadable(const document_info& info, const error& what) {
  return fail(what.code, name_of(info) + ": " + what.detail);
}

document_summary summary_in(const rows& row, std::string_view organisation) {
  return {{row.id<document_id_tag>(1),
           {std::string(organisation), std::string(row.text(0))},
           generation(static_cast<std::uint32_t>(row.number(2))),
           std::string(row.text(3)),
           row.time(4)},
          revision(row.number(5)),
          row.time(6),
          revision(row.number(7))};
}

}  // namespace

reader::reader(connection opened, std::shared_ptr<file_lock> lock)
  : lock_(std::move(lock)),
    db_(std::move(opened)),
    begin_(db_, "BEGIN"),
    end_(db_, "COMMIT"),
    find_(db_,
          "SELECT number, organisation, name, generation, type, created, identity, head, chain, floor, floor_chain "
          "FROM document "
          "WHERE doc_id = ? AND state = 'live'"),
    newest_snapshot_(db_,
                     "SELECT revision, format, chain, seal, body FROM snapshot WHERE document = ? AND revision <= ? "
                     "ORDER BY revision DESC LIMIT 1"),
    chain_at_(db_, "SELECT chain FROM op_log WHERE document = ? AND revision = ?"),
    entries_(db_, "SELECT " QUIRE_LOG_COLUMNS
                  " FROM op_log WHERE document = ? AND revision > ? AND revision <= ? ORDER BY revision"),
    snapshots_(db_, "SELECT revision FROM snapshot WHERE document = ? ORDER BY revision"),
    first_since_(db_,
                 "SELECT (SELECT l.revision FROM op_log AS l WHERE l.document = d.number AND l.revision > d.floor "
                 "AND l.at >= ?2 ORDER BY l.revision LIMIT 1) FROM document AS d "
                 "WHERE d.doc_id = ?1 AND d.state = 'live'"),
    labels_(db_, "SELECT " QUIRE_LABEL_COLUMNS " FROM label WHERE document = ? ORDER BY revision, name"),
    find_named_(db_,
                "SELECT name, doc_id, generation, type, created, head, modified, floor FROM document "
                "WHERE organisation = ? AND name = ? AND state = 'live'"),
    list_(db_,
          "SELECT name, doc_id, generation, type, created, head, modified, floor FROM document "
          "WHERE organisation = ? AND name > ? AND state = 'live' ORDER BY name LIMIT ?") {}

// One transaction, so that a commit between two statements is not half seen.
template <class Work>
auto reader::in_transaction(const Work& work) -> decltype(work()) {
  if (auto begun = begin_.run(); !begun)
    return tl::unexpected(begun.error());
  auto done = work();
  if (auto ended = end_.run(); !ended && done)
    return tl::unexpected(ended.error());
  return done;
}

result<loaded> reader::load(const document_id& document) {
  return in_transaction([&]() -> result<loaded> {
    const auto found = row_of(document);
    if (!found)
      return tl::unexpected(found.error());
    log_place start{revision(0), found->identity};
    auto newest = newest_snapshot(*found, last_possible, start);
    if (!newest)
      return tl::unexpected(newest.error());
    if (auto kept = check_floor(*found, start.at, found->head.at); !kept)
      return tl::unexpected(kept.error());
    auto tail = read_rows(*found, start, last_possible, log_walk::no_limit);
    if (!tail)
      return tl::unexpected(tail.error());
    return loaded{std::move(*newest), std::move(tail->entries)};
  });
}

result<history_page> reader::read(const document_id& document, revision from, revision to, std::size_t bytes_max) {
  return in_transaction([&]() -> result<history_page> {
    const auto found = row_of(document);
    if (!found)
      return tl::unexpected(found.error());
    if (from < found->floor.at)
      return trimmed(found->floor.at);
    to = std::min(to, found->head.at);
    if (from >= to)
      return history_page{};
    const auto start = place_at(*found, from);
    if (!start)
      return tl::unexpected(start.error());
    return read_rows(*found, *start, to, bytes_max);
  });
}

// A snapshot is sealed with the log's checksum where it was taken: the row there must have it.
result<void> reader::check_start(const document_row& document, log_place start) {
  const auto stored = place_at(document, start.at);
  if (!stored)
    return tl::unexpected(stored.error());
  if (stored->chain != start.chain)
    return damaged_at(document.info, start.at, "the snapshot is of another log");
  return {};
}

result<loaded> reader::state_at(const document_id& document, revision at, const replay_bounds& bounds) {
  return in_transaction([&]() -> result<loaded> {
    const auto found = row_of(document);
    if (!found)
      return tl::unexpected(found.error());
    if (auto checked = check_past(found->head.at, at); !checked)
      return tl::unexpected(checked.error());
    log_place start{revision(0), found->identity};
    auto newest = newest_snapshot(*found, at, start);
    if (!newest)
      return tl::unexpected(newest.error());
    if (auto kept = check_floor(*found, start.at, at); !kept)
      return tl::unexpected(kept.error());
    if (at < found->floor.at)
      return loaded{std::move(*newest), {}};
    auto checked = check_start(*found, start).and_then([&] { return check_distance(start.at, at, bounds); });
    if (!checked)
      return tl::unexpected(checked.error());
    auto tail = read_rows(*found, start, at, bounds.bytes_max);
    if (!tail)
      return tl::unexpected(tail.error());
    if (!tail->is_complete)
      return too_far(at);
    return loaded{std::move(*newest), std::move(tail->entries)};
  });
}

result<std::vector<label>> reader::labels(const document_id& document) {
  return in_transaction([&]() -> result<std::vector<label>> {
    const auto found = row_of(document);
    if (!found)
      return tl::unexpected(found.error());
    return labels_of(*found);
  });
}

result<log_extent> reader::extent(const document_id& document) {
  return in_transaction([&]() -> result<log_extent> {
    const auto found = row_of(document);
    if (!found)
      return tl::unexpected(found.error());
    auto labels = labels_of(*found);
    if (!labels)
      return tl::unexpected(labels.error());
    log_extent all{found->floor.at, found->head.at, {}, std::move(*labels)};
    auto stored = snapshots_.query(found->number);
    for (;;) {
      const auto row = stored.step();
      if (!row)
        return unreadable(found->info, row.error());
      if (!*row)
        return all;
      all.snapshots.emplace_back(stored.number(0));
    }
  });
}

result<std::optional<revision>> reader::first_since(const document_id& document, server_time since) {
  auto found = first_since_.query(document, since);
  const auto row = found.step();
  if (!row)
    return tl::unexpected(row.error());
  if (!*row)
    return fail(errc::not_found, "no such document");
  return found.is_null(0) ? std::nullopt : std::optional(revision(found.number(0)));
}

result<std::vector<label>> reader::labels_of(const document_row& document) {
  auto stored = labels_.query(document.number);
  std::vector<label> all;
  for (;;) {
    const auto row = stored.step();
    if (!row)
      return unreadable(document.info, row.error());
    if (!*row)
      return all;
    auto checked = checked_label(document, label_in(stored), stored.number(4));
    if (!checked)
      return tl::unexpected(checked.error());
    all.push_back(std::move(*checked));
  }
}

result<document_summary> reader::find(const document_name& document) {
  auto found = find_named_.query(document.organisation, document.name);
  const auto row = found.step();
  if (!row)
    return tl::unexpected(row.error());
  if (!*row)
    return fail(errc::not_found, "no such document");
  return summary_in(found, document.organisation);
}

result<std::vector<document_summary>> reader::list(std::string_view organisation, std::string_view after,
                                                   std::size_t count) {
  auto found = list_.query(organisation, after, count);
  std::vector<document_summary> page;
  for (;;) {
    const auto row = found.step();
    if (!row)
      return tl::unexpected(row.error());
    if (!*row)
      return page;
    page.push_back(summary_in(found, organisation));
  }
}

result<reader::document_row> reader::row_of(const document_id& document) {
  auto found = find_.query(document);
  const auto row = found.step();
  if (!row)
    return tl::unexpected(row.error());
  if (!*row)
    return fail(errc::not_found, "no such document");
  document_info info{document,
                     {std::string(found.text(1)), std::string(found.text(2))},
                     generation(static_cast<std::uint32_t>(found.number(3))),
                     std::string(found.text(4)),
                     found.time(5)};
  const revision floor(found.number(9));
  const log_place begin{floor, floor == revision(0) ? found.number(6) : found.number(10)};
  document_row read{{std::move(info), found.number(6), {revision(found.number(7)), found.number(8)}, begin},
                    found.integer(0)};
  if (auto checked = check_identity(read); !checked)
    return tl::unexpected(checked.error());
  return read;
}

result<std::optional<snapshot>> reader::newest_snapshot(const document_row& document, revision until,
                                                        log_place& start) {
  auto found = newest_snapshot_.query(document.number, until);
  const auto row = found.step();
  if (!row)
    return unreadable(document.info, row.error());
  if (!*row)
    return std::nullopt;
  const auto body = found.blob(4);
  const sealed_snapshot sealed{revision(found.number(0)), static_cast<std::uint16_t>(found.number(1)), found.number(2),
                               found.number(3), bytes(body.begin(), body.end())};
  if (sealed.revision > document.head.at)
    return damaged_at(document.info, sealed.revision, "a snapshot past the head");
  auto opened = unseal(sealed);
  if (!opened)
    return damaged_at(document.info, sealed.revision, opened.error().detail);
  start = {sealed.revision, sealed.chain};
  return std::move(*opened);
}

result<log_place> reader::place_at(const document_row& document, revision at) {
  if (at == document.floor.at)
    return document.floor;
  auto found = chain_at_.query(document.number, at);
  const auto row = found.step();
  if (!row)
    return unreadable(document.info, row.error());
  if (!*row)
    return damaged_at(document.info, at, "the log's row is missing");
  return log_place{at, found.number(0)};
}

result<history_page> reader::read_rows(const document_row& document, log_place from, revision to,
                                       std::size_t bytes_max) {
  log_walk walk(document, from, to, bytes_max);
  auto found = entries_.query(document.number, from.at, to);
  for (;;) {
    const auto row = found.step();
    if (!row)
      return unreadable(document.info, row.error());
    if (!*row)
      break;
    const auto is_taken = walk.take(entry_in(found), epoch_in(found), chain_in(found));
    if (!is_taken)
      return tl::unexpected(is_taken.error());
    if (!*is_taken)
      break;
  }
  if (auto finished = walk.finish(); !finished)
    return tl::unexpected(finished.error());
  return std::move(walk.page());
}

}  // namespace quire::storage::sqlite
