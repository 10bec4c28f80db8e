#include "storage/op_log/sqlite/labels.hpp"

#include "protocol/limits.hpp"

namespace quire::storage::sqlite {

labels::labels(connection& db)
  : db_(&db),
    place_(db,
           "SELECT identity, (SELECT count(*) FROM label WHERE document = number), "
           "EXISTS(SELECT 1 FROM label WHERE document = number AND name = ?2) FROM document WHERE number = ?1"),
    set_(db, "INSERT OR REPLACE INTO label VALUES(?, ?, ?, ?, ?, ?)"),
    remove_(db, "DELETE FROM label WHERE document = ? AND name = ?"),
    drop_(db, "DELETE FROM label WHERE document = ?") {}

result<bool> labels::set(std::int64_t document, const label& made, bool shall_be_new) {
  checksum identity = 0;
  bool is_new = false;
  {
    auto place = place_.query(document, made.name);
    const auto row = place.step();
    if (!row)
      return tl::unexpected(row.error());
    identity = place.number(0);
    is_new = place.integer(2) == 0;
    if (!is_new && shall_be_new)
      return fail(errc::already_exists, "there is a label of that name");
    if (is_new && place.number(1) >= limits::labels_a_document_max)
      return fail(errc::too_many_labels, "the document has as many labels as it may");
  }
  if (auto stored = set_.run(document, made.name, made.at, made.author, made.set, label_checksum(identity, made));
      !stored)
    return tl::unexpected(stored.error());
  return is_new;
}

result<void> labels::remove(std::int64_t document, std::string_view name) {
  const auto changes = db_->changes();
  if (auto removed = remove_.run(document, name); !removed)
    return removed;
  if (db_->changes() == changes)
    return fail(errc::not_found, "no such label");
  return {};
}

}  // namespace quire::storage::sqlite
