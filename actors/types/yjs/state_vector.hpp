#pragma once

#include "actors/types/yjs/id_range.hpp"
#include "protocol/result.hpp"

#include <vector>

namespace quire::actors::types::yjs {

/// How far somebody knows each client: the clock of the first unit that they lack. Each client once, descending.
using state_vector = std::vector<id>;

/// Errors: malformed_operation; operation_too_large with more than `clients_max` clients.
[[nodiscard]] result<state_vector> decode_state_vector(bytes_view encoded, std::size_t clients_max);

/// Appends it. `known` must have each client once and be sorted, descending.
void encode_state_vector(const state_vector& known, bytes& out);

/// The clock it has for `client`, or 0.  Cost: logarithmic.
[[nodiscard]] std::uint64_t clock_of(const state_vector& known, std::uint64_t client) noexcept;

}  // namespace quire::actors::types::yjs
