#include "storage/op_log/sqlite/restorer.hpp"

namespace quire::storage::sqlite {

restorer::restorer(connection opened, std::shared_ptr<file_lock> lock)
  : lock_(std::move(lock)),
    db_(std::move(opened)),
    transactions_(db_),
    deletion_(db_),
    find_newest_(db_,
                 "SELECT doc_id, generation, epoch, state = 'live' FROM document "
                 "WHERE organisation = ? AND name = ? ORDER BY generation DESC LIMIT 1"),
    insert_document_(db_,
                     "INSERT INTO document(doc_id, organisation, name, generation, type, created, identity, state, "
                     "epoch, head, chain, modified, floor, floor_chain) "
                     "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING number"),
    insert_label_(db_, "INSERT INTO label VALUES(?, ?, ?, ?, ?, ?)"),
    insert_row_(db_, "INSERT INTO op_log VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    insert_snapshot_(db_, "INSERT INTO snapshot VALUES(?, ?, ?, ?, ?, ?)"),
    set_chain_(db_, "UPDATE document SET chain = ?2 WHERE number = ?1") {}

result<std::optional<known_generation>> restorer::find(const document_name& document) {
  auto found = find_newest_.query(document.organisation, document.name);
  const auto row = found.step();
  if (!row)
    return tl::unexpected(row.error());
  if (!*row)
    return std::nullopt;
  return known_generation{found.id<document_id_tag>(0), generation(static_cast<std::uint32_t>(found.number(1))),
                          epoch(found.number(2)), found.integer(3) != 0};
}

result<void> restorer::begin_transaction() {
  if (has_begun_)
    return {};
  auto begun = transactions_.begin();
  has_begun_ = begun.has_value();
  return begun;
}

result<void> restorer::begin(const archived_document& document) {
  const auto& info = document.info;
  auto ready = begin_transaction().and_then([&] { return transactions_.begin_part(); }).and_then([&] {
    return deletion_.forget(info.document.organisation, info.document.name);
  });
  if (!ready)
    return ready;
  auto inserted =
    insert_document_.query(info.id, info.document.organisation, info.document.name, info.generation, info.type,
                           info.created, document.identity, document.state, document.epoch, document.head,
                           document.chain, document.modified, document.floor, document.floor_chain);
  const auto row = inserted.step();
  if (!row && row.error().code == errc::already_exists)
    return fail(errc::already_exists, "the store has a document with its name or its id");
  if (!row)
    return tl::unexpected(row.error());
  number_ = inserted.integer(0);
  return {};
}

result<void> restorer::add(const archived_label& label) {
  const auto& made = label.made;
  return insert_label_.run(number_, made.name, made.at, made.author, made.set, label.seal);
}

result<void> restorer::add(std::span<const archived_entry> rows) {
  for (const auto& row : rows) {
    const auto& entry = row.entry;
    auto inserted = insert_row_.run(number_, entry.revision, row.epoch, entry.client, entry.sequence, entry.author,
                                    entry.at, entry.encoding, *entry.operation, row.chain);
    if (!inserted && inserted.error().code == errc::already_exists)
      return fail(errc::sequence_reused, "revision " + std::to_string(entry.revision.value()) +
                                           ": its client's edit of that number is there already");
    if (!inserted)
      return inserted;
  }
  return {};
}

result<void> restorer::add(const archived_snapshot& snapshot) {
  const auto& sealed = snapshot.sealed;
  return insert_snapshot_.run(number_, sealed.revision, sealed.format, sealed.chain, sealed.seal, sealed.body);
}

result<void> restorer::end(checksum chain) {
  return set_chain_.run(number_, chain).and_then([&] { return transactions_.keep_part(); });
}

result<void> restorer::withdraw() {
  return transactions_.undo_part();
}

result<void> restorer::commit() {
  return has_begun_ ? transactions_.commit() : result<void>();
}

}  // namespace quire::storage::sqlite
