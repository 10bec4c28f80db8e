#pragma once

#include "actors/document/client_records.hpp"
#include "protocol/bytes.hpp"
#include "protocol/result.hpp"

#include <cstdint>

namespace quire::actors {

/// The version of the envelope's own form; the type's form has its number inside.
inline constexpr std::uint16_t envelope_format = 1;

/// What a stored snapshot holds: the type's state, and the clients whose edits are in it.
/// Form, all numbers little-endian: u16 type's format; u32 clients, each {16 octets id, u32 last sequence, u64
/// revision, u64 content hash, i64 milliseconds since 1970}; the rest is the type's state.
struct snapshot_envelope {
  std::uint16_t type_format = 0;
  client_records clients;
  bytes state;
};

[[nodiscard]] bytes seal(const snapshot_envelope& snapshot);

/// Errors: document_damaged.
[[nodiscard]] result<snapshot_envelope> open_envelope(bytes_view sealed);

}  // namespace quire::actors
