#pragma once

#include "protocol/names.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace quire::actors {

// Under which client a document logs the edits of Yjs providers, which have no client that numbers them. They are in no
// table of clients, which would grow with each owner.

/// Another one with every owner, so that each numbers its edits from 1. Range of the numbers: 2^32 - 1 an owner; then
/// the document ends, and the next one goes on.
[[nodiscard]] inline client_id own_author(epoch under) noexcept {
  client_id author;
  for (std::size_t i = 0; i < 8; ++i)
    author.octets[15 - i] = static_cast<std::uint8_t>(under.value() >> (8 * i));
  return author;
}

/// Whether a client id is one of the server's: they begin with eight zero octets, and a client is refused that comes
/// with one.
[[nodiscard]] inline bool is_own_author(const client_id& client) noexcept {
  return std::all_of(client.octets.begin(), client.octets.begin() + 8, [](std::uint8_t octet) { return octet == 0; });
}

}  // namespace quire::actors
