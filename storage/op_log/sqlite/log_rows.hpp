#pragma once

#include "storage/op_log.hpp"
#include "storage/op_log/sqlite/statement.hpp"

/// The columns of a log row in the order in which every statement that reads them has them.
#define QUIRE_LOG_COLUMNS "revision, epoch, client_id, client_sequence, author, at, encoding, operation, chain"

/// Likewise of a label.
#define QUIRE_LABEL_COLUMNS "name, revision, author, at, seal"

namespace quire::storage::sqlite {

[[nodiscard]] inline log_entry entry_in(const rows& row) {
  const auto operation = row.blob(7);
  return {revision(row.number(0)),
          row.id<client_id_tag>(2),
          client_sequence(static_cast<std::uint32_t>(row.number(3))),
          std::string(row.text(4)),
          row.time(5),
          static_cast<std::uint16_t>(row.number(6)),
          share(bytes(operation.begin(), operation.end()))};
}

[[nodiscard]] inline epoch epoch_in(const rows& row) {
  return epoch(row.number(1));
}

[[nodiscard]] inline std::uint64_t chain_in(const rows& row) {
  return row.number(8);
}

[[nodiscard]] inline label label_in(const rows& row) {
  return {std::string(row.text(0)), revision(row.number(1)), std::string(row.text(2)), row.time(3)};
}

}  // namespace quire::storage::sqlite
