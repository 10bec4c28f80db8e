#pragma once

#include "protocol/messages.hpp"

#include <vector>

namespace quire::bench {

/// What a load needs of an edit it is shown.
struct scanned_edit {
  client_id client;
  client_sequence sequence;
  bytes_view operation;  ///< In the frame.
};

/// What a load needs of an `edits` message.
struct scanned_edits {
  document_number document;
  revision first;
  std::vector<scanned_edit> run;  ///< Filled anew by each scan, so that it is allocated once.
};

enum class scan : std::uint8_t {
  edits,  ///< Taken off the frame.
  other,  ///< Another message comes first; the frame is as it was.
  broken,
};

/// Takes an `edits` message off the front of `frame`, if one is there. The codec does it too, but owns what it gives:
/// an allocation an edit and receiver is too much where one process is hundreds of receivers.
[[nodiscard]] scan scan_edits(bytes_view& frame, scanned_edits& out);

}  // namespace quire::bench
