#include "storage/op_log/sqlite/writer.hpp"

#include "protocol/limits.hpp"
#include "storage/log_walk.hpp"
#include "storage/snapshot_seal.hpp"

#include <algorithm>

namespace quire::storage::sqlite {

namespace {

// The newest, and the one before it for whoever has to repair.
constexpr int snapshots_kept = 2;

bool is_without_gap(const append_request& request) {
  auto expected = request.base;
  return std::ranges::all_of(request.entries, [&](const log_entry& entry) {
    expected = expected.next();
    return entry.revision == expected && entry.operation != nullptr;
  });
}

// Whether an error is the store's, and so that of every document; the others are one document's own.
bool is_of_the_store(const error& what) {
  return what.code == errc::store_unavailable;
}

error head_is(revision head, revision expected) {
  return {errc::stale_epoch,
          "the head is " + std::to_string(head.value()) + ", not " + std::to_string(expected.value())};
}

tl::unexpected<error> pass(const error& what) {
  return tl::unexpected(what);
}

}  // namespace

writer::writer(connection opened, std::shared_ptr<file_lock> lock)
  : lock_(std::move(lock)),
    db_(std::move(opened)),
    transactions_(db_),
    deletion_(db_),
    labels_(db_),
    trimming_(db_),
    find_(db_,
          "SELECT number, epoch, head, chain, floor, floor_chain FROM document WHERE doc_id = ? AND state = 'live'"),
    find_newest_(db_,
                 "SELECT state = 'live', epoch, head, generation, doc_id, type, created FROM document "
                 "WHERE organisation = ? AND name = ? ORDER BY generation DESC LIMIT 1"),
    raise_epoch_(db_, "UPDATE document SET epoch = epoch + 1 WHERE doc_id = ?"),
    create_(db_,
            "INSERT INTO document(doc_id, organisation, name, generation, type, created, identity, state, epoch, head, "
            "chain, modified) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, 'live', ?8, 0, ?7, ?6) RETURNING number"),
    insert_(db_, "INSERT INTO op_log VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    advance_(db_, "UPDATE document SET head = ?2, chain = ?3, modified = max(modified, ?4) WHERE number = ?1"),
    newest_snapshot_(db_, "SELECT max(revision) FROM snapshot WHERE document = ?"),
    has_snapshot_(db_, "SELECT 1 FROM snapshot WHERE document = ? AND revision = ?"),
    identity_(db_, "SELECT identity FROM document WHERE number = ?"),
    chain_at_(db_, "SELECT chain FROM op_log WHERE document = ? AND revision = ?"),
    insert_snapshot_(db_, "INSERT INTO snapshot VALUES(?, ?, ?, ?, ?, ?)"),
    drop_old_snapshots_(db_,
                        "DELETE FROM snapshot WHERE document = ?1 AND revision <= (SELECT revision FROM snapshot "
                        "WHERE document = ?1 ORDER BY revision DESC LIMIT 1 OFFSET ?2) "
                        "AND revision <> (SELECT floor FROM document WHERE number = ?1) "
                        "AND revision NOT IN (SELECT revision FROM label WHERE document = ?1)") {}

// Nearly every refusal comes before the document's first row, and needs nothing undone. Only when a later row is
// refused is all of it done again with a part of the transaction for each document: parts always would cost a third
// more.
result<std::vector<result<void>>> writer::append(std::span<const append_request> requests) {
  bool is_half_done = false;
  auto done = transactions_.run([&]() -> result<std::vector<result<void>>> {
    std::vector<result<void>> outcomes;
    for (const auto& request : requests) {
      const auto changes = db_.changes();
      outcomes.push_back(append_one(request));
      if (outcomes.back())
        continue;
      const bool is_of_all = is_of_the_store(outcomes.back().error());
      is_half_done = !is_of_all && db_.changes() != changes;
      if (is_of_all || is_half_done)
        return pass(outcomes.back().error());
    }
    return finish(std::move(outcomes));
  });
  return is_half_done ? append_in_parts(requests) : done;
}

result<std::vector<result<void>>> writer::append_in_parts(std::span<const append_request> requests) {
  return transactions_.run([&]() -> result<std::vector<result<void>>> {
    std::vector<result<void>> outcomes;
    for (const auto& request : requests) {
      if (auto begun = transactions_.begin_part(); !begun)
        return pass(begun.error());
      outcomes.push_back(append_one(request));
      const auto& outcome = outcomes.back();
      if (!outcome && is_of_the_store(outcome.error()))
        return pass(outcome.error());
      if (auto ended = outcome ? transactions_.keep_part() : transactions_.undo_part(); !ended)
        return pass(ended.error());
    }
    return finish(std::move(outcomes));
  });
}

result<std::vector<result<void>>> writer::finish(std::vector<result<void>> outcomes) {
  auto proceeded = deletion_.proceed().and_then([&] { return trimming_.proceed(); });
  if (!proceeded && is_of_the_store(proceeded.error()))
    return pass(proceeded.error());
  return outcomes;
}

// An append without entries writes all the same: it is a barrier.
result<void> writer::append_one(const append_request& request) {
  if (!is_without_gap(request))
    return fail(errc::internal, "an append whose entries do not follow its base");
  const auto row = request.creates ? create(request) : find_owned(request.document.id, request.epoch);
  if (!row)
    return pass(row.error());
  if (row->head != request.base)
    return pass(head_is(row->head, request.base));
  auto chain = row->chain;
  for (const auto& entry : request.entries) {
    chain = rows_.next(chain, entry, request.epoch);
    auto inserted = insert_.run(row->number, entry.revision, request.epoch, entry.client, entry.sequence, entry.author,
                                entry.at, entry.encoding, *entry.operation, chain);
    if (!inserted && inserted.error().code == errc::already_exists)
      return fail(errc::sequence_reused, inserted.error().detail);
    if (!inserted)
      return inserted;
  }
  const auto modified = request.entries.empty() ? server_time{} : request.entries.back().at;
  return advance_.run(row->number, request.base.plus(request.entries.size()), chain, modified);
}

// What was deleted keeps its generation and epoch: the newer one must be above both.
result<writer::head_row> writer::create(const append_request& request) {
  const auto& document = request.document;
  const auto newest = find_newest(document.document);
  if (!newest)
    return pass(newest.error());
  if (newest->exists)
    return fail(errc::already_exists, "it has been created");
  if (document.generation != newest->info.generation || request.epoch < newest->epoch)
    return fail(errc::stale_epoch, "another generation of it has been there");
  if (auto forgotten = deletion_.forget(document.document.organisation, document.document.name); !forgotten)
    return pass(forgotten.error());

  const auto chain = document_checksum(document);
  auto created = create_.query(document.id, document.document.organisation, document.document.name, document.generation,
                               document.type, document.created, chain, request.epoch);
  const auto row = created.step();
  if (!row)
    return pass(row.error());
  return head_row{created.integer(0), request.epoch, revision(0), chain, revision(0), 0};
}

result<writer::head_row> writer::find_owned(const document_id& document, epoch under) {
  auto found = find_.query(document);
  const auto row = found.step();
  if (!row)
    return pass(row.error());
  if (!*row)
    return fail(errc::not_found, "no such document");
  if (epoch(found.number(1)) != under)
    return fail(errc::stale_epoch,
                "the epoch is " + std::to_string(found.number(1)) + ", not " + std::to_string(under.value()));
  return head_row{found.integer(0),          under,          revision(found.number(2)), found.number(3),
                  revision(found.number(4)), found.number(5)};
}

result<acquired> writer::acquire(const document_name& document) {
  return transactions_.run([&]() -> result<acquired> {
    auto newest = find_newest(document);
    if (newest && newest->exists)
      if (auto raised = raise_epoch_.run(newest->info.id); !raised)
        return pass(raised.error());
    return newest;
  });
}

// As `acquire` answers: with the epoch to come.
result<acquired> writer::find_newest(const document_name& document) {
  auto found = find_newest_.query(document.organisation, document.name);
  const auto row = found.step();
  if (!row)
    return pass(row.error());
  acquired newest{{{}, document, generation(1), {}, {}}, false, epoch(1), revision(0)};
  if (!*row)
    return newest;
  newest.epoch = epoch(found.number(1)).next();
  newest.info.generation = generation(static_cast<std::uint32_t>(found.number(3)));
  newest.exists = found.integer(0) != 0;
  if (!newest.exists) {
    newest.info.generation = newest.info.generation.next();
    return newest;
  }
  newest.head = revision(found.number(2));
  newest.info.id = found.id<document_id_tag>(4);
  newest.info.type = found.text(5);
  newest.info.created = found.time(6);
  return newest;
}

result<void> writer::release(const document_id& document, epoch under) {
  return transactions_.run([&]() -> result<void> {
    if (const auto row = find_owned(document, under); !row)
      return pass(row.error());
    return raise_epoch_.run(document);
  });
}

result<epoch> writer::hand_over(const document_id& document, epoch under, revision head, const owner& /*to*/) {
  return transactions_.run([&]() -> result<epoch> {
    const auto row = find_owned(document, under);
    if (!row)
      return pass(row.error());
    if (row->head != head)
      return pass(head_is(row->head, head));
    if (auto raised = raise_epoch_.run(document); !raised)
      return pass(raised.error());
    return under.next();
  });
}

result<void> writer::remove(const document_id& document, epoch under) {
  return transactions_.run([&]() -> result<void> {
    const auto row = find_owned(document, under);
    if (!row)
      return pass(row.error());
    if (auto marked = deletion_.mark(row->number); !marked)
      return marked;
    if (auto dropped = labels_.drop(row->number); !dropped)
      return dropped;
    return deletion_.proceed();
  });
}

result<void> writer::write_snapshot(const document_id& document, epoch under, const snapshot& taken) {
  if (taken.body.size() > limits::snapshot_bytes_max)
    return fail(errc::document_too_large, "the snapshot has " + std::to_string(taken.body.size()) + " bytes");
  return transactions_.run([&]() -> result<void> {
    const auto row = find_owned(document, under);
    if (!row)
      return pass(row.error());
    if (taken.revision > row->head)
      return fail(errc::future_revision, "the head is " + std::to_string(row->head.value()));
    const auto is_wanted = is_newer_than_snapshots(*row, taken.revision);
    if (!is_wanted)
      return pass(is_wanted.error());
    if (!*is_wanted)
      return {};
    return insert_snapshot(*row, taken).and_then([&] { return drop_old_snapshots_.run(row->number, snapshots_kept); });
  });
}

result<void> writer::add_snapshot(const document_id& document, epoch under, const snapshot& taken) {
  if (taken.body.size() > limits::snapshot_bytes_max)
    return fail(errc::document_too_large, "the snapshot has " + std::to_string(taken.body.size()) + " bytes");
  return transactions_.run([&]() -> result<void> {
    const auto row = find_owned(document, under);
    if (!row)
      return pass(row.error());
    if (taken.revision > row->head)
      return fail(errc::future_revision, "the head is " + std::to_string(row->head.value()));
    const auto is_there = has_snapshot(*row, taken.revision);
    if (!is_there)
      return pass(is_there.error());
    return *is_there ? result<void>() : insert_snapshot(*row, taken);
  });
}

result<void> writer::trim(const document_id& document, epoch under, revision floor) {
  return transactions_.run([&]() -> result<void> {
    const auto row = find_owned(document, under);
    if (!row)
      return pass(row.error());
    if (floor <= row->floor)
      return {};
    if (floor > row->head)
      return fail(errc::precondition_failed, "there is no snapshot of the floor");
    const auto chain = chain_at(*row, floor);
    if (!chain)
      return pass(chain.error());
    return trimming_.mark(row->number, floor, *chain).and_then([&] { return trimming_.proceed(); });
  });
}

result<bool> writer::set_label(const document_id& document, epoch under, const label& made, bool shall_be_new) {
  return transactions_.run([&]() -> result<bool> {
    const auto row = find_owned(document, under);
    if (!row)
      return pass(row.error());
    if (made.at > row->head)
      return fail(errc::future_revision, "the head is " + std::to_string(row->head.value()));
    if (made.at < row->floor && made.at != revision(0)) {
      const auto is_kept = has_snapshot(*row, made.at);
      if (!is_kept)
        return pass(is_kept.error());
      if (!*is_kept)
        return trimmed(row->floor);
    }
    auto set = labels_.set(row->number, made, shall_be_new);
    if (auto dropped = set ? trimming_.drop_snapshots(row->number) : result<void>(); !dropped)
      return pass(dropped.error());
    return set;
  });
}

result<void> writer::remove_label(const document_id& document, epoch under, std::string_view name) {
  return transactions_.run([&]() -> result<void> {
    const auto row = find_owned(document, under);
    if (!row)
      return pass(row.error());
    return labels_.remove(row->number, name).and_then([&] { return trimming_.drop_snapshots(row->number); });
  });
}

result<bool> writer::is_newer_than_snapshots(const head_row& row, revision taken) {
  auto newest = newest_snapshot_.query(row.number);
  const auto read = newest.step();
  if (!read)
    return pass(read.error());
  return newest.is_null(0) || taken > revision(newest.number(0));
}

result<void> writer::insert_snapshot(const head_row& row, const snapshot& taken) {
  const auto chain = chain_at(row, taken.revision);
  if (!chain)
    return pass(chain.error());
  const auto sealed = seal(taken, *chain);
  if (!sealed)
    return pass(sealed.error());
  return insert_snapshot_.run(row.number, sealed->revision, sealed->format, sealed->chain, sealed->seal, sealed->body);
}

result<bool> writer::has_snapshot(const head_row& row, revision at) {
  auto found = has_snapshot_.query(row.number, at);
  return found.step();
}

result<checksum> writer::chain_at(const head_row& row, revision at) {
  if (at == row.head)
    return row.chain;
  if (at < row.floor)
    return trimmed(row.floor);
  if (at == row.floor && at != revision(0))
    return row.floor_chain;
  auto found = at == revision(0) ? identity_.query(row.number) : chain_at_.query(row.number, at);
  const auto read = found.step();
  if (!read)
    return pass(read.error());
  if (!*read)
    return fail(errc::document_damaged, "the log has no row for revision " + std::to_string(at.value()));
  return found.number(0);
}

}  // namespace quire::storage::sqlite
