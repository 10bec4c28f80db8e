#pragma once

#include "storage/op_log.hpp"
#include "storage/op_log/postgresql/answer.hpp"

/// The columns of a log row in the order in which every statement that reads them has them.
#define QUIRE_LOG_COLUMNS "seq, epoch, client_id, client_seq, author, at, encoding, body, chain"

/// Likewise of a label.
#define QUIRE_LABEL_COLUMNS "name, seq, author, at, seal"

namespace quire::storage::postgresql {

[[nodiscard]] inline log_entry entry_in(const answer& rows, int row) {
  const auto operation = rows.blob(row, 7);
  return {revision(rows.number(row, 0)),
          rows.id<client_id_tag>(row, 2),
          client_sequence(static_cast<std::uint32_t>(rows.number(row, 3))),
          std::string(rows.text(row, 4)),
          rows.time(row, 5),
          static_cast<std::uint16_t>(rows.number(row, 6)),
          share(bytes(operation.begin(), operation.end()))};
}

[[nodiscard]] inline epoch epoch_in(const answer& rows, int row) {
  return epoch(rows.number(row, 1));
}

[[nodiscard]] inline std::uint64_t chain_in(const answer& rows, int row) {
  return rows.number(row, 8);
}

[[nodiscard]] inline label label_in(const answer& rows, int row) {
  return {std::string(rows.text(row, 0)), revision(rows.number(row, 1)), std::string(rows.text(row, 2)),
          rows.time(row, 3)};
}

}  // namespace quire::storage::postgresql
