#include "storage/op_log/sqlite/deletion.hpp"

namespace quire::storage::sqlite {

namespace {

// Rows that a transaction deletes beside its own work: a millisecond or two.
constexpr std::int64_t slice = 256;

}  // namespace

deletion::deletion(connection& db)
  : mark_(db, "UPDATE document SET state = 'deleting', trimming = 0 WHERE number = ?"),
    drop_snapshots_(db, "DELETE FROM snapshot WHERE document = ?"),
    next_(db,
          "SELECT number, (SELECT revision FROM op_log WHERE document = number ORDER BY revision LIMIT 1) "
          "FROM document WHERE state = 'deleting' LIMIT 1"),
    drop_slice_(db, "DELETE FROM op_log WHERE document = ? AND revision < ?"),
    finish_(db, "UPDATE document SET state = 'deleted' WHERE number = ?"),
    forget_(db, "DELETE FROM document WHERE organisation = ? AND name = ? AND state = 'deleted'"),
    forget_superseded_(db,
                       "DELETE FROM document WHERE number = ? AND EXISTS(SELECT 1 FROM document AS newer "
                       "WHERE newer.organisation = document.organisation AND newer.name = document.name "
                       "AND newer.generation > document.generation)") {}

result<void> deletion::mark(std::int64_t number) {
  if (auto marked = mark_.run(number); !marked)
    return marked;
  return drop_snapshots_.run(number);
}

result<void> deletion::proceed() {
  auto next = next_.query();
  const auto is_any = next.step();
  if (!is_any)
    return tl::unexpected(is_any.error());
  if (!*is_any)
    return {};
  const auto number = next.integer(0);
  return next.is_null(1) ? finish(number) : drop_slice_.run(number, next.integer(1) + slice);
}

// The newest generation's row stays: it remembers the generation.
result<void> deletion::finish(std::int64_t number) {
  if (auto finished = finish_.run(number); !finished)
    return finished;
  return forget_superseded_.run(number);
}

result<void> deletion::forget(std::string_view organisation, std::string_view name) {
  return forget_.run(organisation, name);
}

}  // namespace quire::storage::sqlite
