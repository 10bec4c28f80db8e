#pragma once

#include "protocol/messages.hpp"

#include <span>
#include <vector>

namespace quire::actors {

/// One message as a frame that many share.
[[nodiscard]] shared_bytes to_frame(const protocol::server_message& message);

/// A run of edits as frames: one, unless it is longer than `limits::run_edits_max` or a piece of a join.
[[nodiscard]] std::vector<shared_bytes> to_frames(document_number document, revision first,
                                                  std::span<const protocol::committed_edit> run);

/// A state in pieces of `limits::snapshot_part_bytes`.
[[nodiscard]] std::vector<shared_bytes> to_frames(document_number document, revision at, bytes_view content);

}  // namespace quire::actors
