#pragma once

#include "protocol/names.hpp"

#include <cstdint>

namespace quire::storage {

/// In which of this many slots a document lies; slots are spread over databases.
inline constexpr std::uint64_t slots = 1024;

/// The key by which a document is placed: XXH64 of organisation, a zero byte, and name.
[[nodiscard]] std::uint64_t placement_key(const document_name& document);

[[nodiscard]] inline std::int32_t slot_of(const document_name& document) {
  return static_cast<std::int32_t>(placement_key(document) % slots);
}

}  // namespace quire::storage
