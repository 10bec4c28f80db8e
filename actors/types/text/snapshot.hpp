#pragma once

#include "actors/types/text/history.hpp"
#include "actors/types/text/rope.hpp"
#include "protocol/bytes.hpp"
#include "protocol/result.hpp"

#include <string_view>
#include <vector>

namespace quire::actors::types::text {

/// What a snapshot holds. Both refer to its bytes.
struct snapshot_content {
  std::string_view content;
  std::vector<bytes_view> operations;  ///< The last ones, encoded, the oldest first.
};

/// Appends snapshot format 1: a MessagePack array of the content (a string) and the last operations (each a bin).
void write_snapshot(const rope& content, const history& operations, bytes& out);

/// Errors: document_damaged if it is not what `write_snapshot` wrote.
[[nodiscard]] result<snapshot_content> read_snapshot(bytes_view snapshot);

}  // namespace quire::actors::types::text
