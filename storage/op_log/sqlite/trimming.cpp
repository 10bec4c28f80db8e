#include "storage/op_log/sqlite/trimming.hpp"

#include <algorithm>

namespace quire::storage::sqlite {

namespace {

// Rows that a transaction deletes beside its own work: a millisecond or two.
constexpr std::int64_t slice = 256;

}  // namespace

trimming::trimming(connection& db)
  : place_(db,
           "SELECT (SELECT chain FROM snapshot WHERE document = ?1 AND revision = ?2), "
           "(SELECT name FROM label AS l WHERE l.document = ?1 AND l.revision BETWEEN 1 AND ?2 - 1 AND NOT EXISTS("
           "SELECT 1 FROM snapshot AS s WHERE s.document = ?1 AND s.revision = l.revision) LIMIT 1)"),
    mark_(db, "UPDATE document SET floor = ?2, floor_chain = ?3, trimming = 1 WHERE number = ?1"),
    drop_snapshots_(db,
                    "DELETE FROM snapshot WHERE document = ?1 "
                    "AND revision < (SELECT floor FROM document WHERE number = ?1) "
                    "AND revision NOT IN (SELECT revision FROM label WHERE document = ?1)"),
    next_(db,
          "SELECT number, floor, (SELECT revision FROM op_log WHERE document = number ORDER BY revision LIMIT 1) "
          "FROM document WHERE trimming = 1 LIMIT 1"),
    drop_slice_(db, "DELETE FROM op_log WHERE document = ? AND revision <= ?"),
    finish_(db, "UPDATE document SET trimming = 0 WHERE number = ?") {}

result<void> trimming::mark(std::int64_t document, revision floor, checksum chain) {
  if (auto checked = check(document, floor, chain); !checked)
    return checked;
  if (auto marked = mark_.run(document, floor, chain); !marked)
    return marked;
  return drop_snapshots(document);
}

result<void> trimming::check(std::int64_t document, revision floor, checksum chain) {
  auto place = place_.query(document, floor);
  const auto row = place.step();
  if (!row)
    return tl::unexpected(row.error());
  if (place.is_null(0))
    return fail(errc::precondition_failed, "there is no snapshot of the floor");
  if (place.number(0) != chain)
    return fail(errc::document_damaged, "the snapshot of the floor is of another log");
  if (!place.is_null(1))
    return fail(errc::precondition_failed, "there is no snapshot of the label '" + std::string(place.text(1)) + "'");
  return {};
}

result<void> trimming::proceed() {
  std::int64_t number = 0;
  revision floor;
  revision end;
  {
    auto next = next_.query();
    const auto is_any = next.step();
    if (!is_any)
      return tl::unexpected(is_any.error());
    if (!*is_any)
      return {};
    number = next.integer(0);
    floor = revision(next.number(1));
    end = next.is_null(2) ? floor : std::min(floor, revision(next.number(2) + slice - 1));
  }
  if (auto dropped = drop_slice_.run(number, end); !dropped)
    return dropped;
  return end == floor ? finish_.run(number) : result<void>();
}

}  // namespace quire::storage::sqlite
