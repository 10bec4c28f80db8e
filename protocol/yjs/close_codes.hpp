#pragma once

#include "protocol/dialect.hpp"
#include "protocol/result.hpp"

#include <cstdint>

namespace quire::protocol::yjs {

/// Whether another attempt of a provider's client would end as this one did.
[[nodiscard]] bool is_permanent(errc why) noexcept;

/// The code that a provider's connection is closed with for `why`, as its client understands it (docs/providers.md).
/// y-websocket: 4400 to 4499 stop the client for good, so that they are only for what another attempt does not mend.
/// Hocuspocus: 1009, 4401, 4403, 4408 are its own; 4205 asks the client to sync anew.
/// Pre: `of` is a provider's.
[[nodiscard]] std::uint16_t close_code(errc why, dialect of) noexcept;

}  // namespace quire::protocol::yjs
