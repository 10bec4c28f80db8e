#pragma once

#include "protocol/bytes.hpp"

namespace quire::actors::types::yjs {

/// Appends `data` in base64 (RFC 4648, padded).
void append_base64(bytes_view data, bytes& out);

}  // namespace quire::actors::types::yjs
