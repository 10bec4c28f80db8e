#pragma once

#include "protocol/bytes.hpp"
#include "protocol/names.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace quire::actors {

/// A connection of this process, never used again after it ends. The gateway gives it out.
using connection_id = strong<std::uint64_t, struct connection_id_tag>;
using connection_list = std::vector<connection_id>;

inline const std::shared_ptr<const connection_list>& nobody() {
  static const auto empty = std::make_shared<const connection_list>();
  return empty;
}

inline std::shared_ptr<const connection_list> only(connection_id one) {
  return std::make_shared<const connection_list>(1, one);
}

/// What a relay calls an I/O thread's outlet.
using outlet_key = strong<std::uint32_t, struct outlet_key_tag>;

/// Edits of one connection that are answered: its credit comes back.
struct credit_return {
  connection_id to;
  std::uint32_t edits = 0;
  std::uint32_t operation_bytes = 0;
};

/// One encoded frame for many connections of one I/O thread.
struct delivery {
  document_number document;  ///< A connection that has it open no more, or must resync it, is passed over. 0: none's.
  shared_bytes frame;        ///< One or more protocol messages. Null: only credit comes back.
  std::shared_ptr<const connection_list> to;  ///< Never null.
  std::vector<credit_return> settled;
  std::uint32_t edits = 0;  ///< How many edits the frame carries, for the metrics.
  /// Part of an answer to an open, or of an edit larger than what may wait: counted apart in the send queue.
  bool is_bulk = false;

  /// Whether it brings new edits to those who have the document open.
  [[nodiscard]] bool is_broadcast() const noexcept { return frame && edits != 0 && !is_bulk; }
};

}  // namespace quire::actors
