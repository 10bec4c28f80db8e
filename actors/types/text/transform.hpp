#pragma once

#include "actors/types/text/operation.hpp"

namespace quire::actors::types::text {

/// Who goes first where two insert at one place.
enum class side : std::uint8_t { left, right };

/// Rewrites `op` so that it applies after `other`; both were made on the same text.
/// Law:  apply(apply(s, a), transform(b, a, side::right)) == apply(apply(s, b), transform(a, b, side::left))
/// Cost: O(|op| + |other|) parts; texts are moved, and copied only where erased text is cut.
[[nodiscard]] operation transform(operation op, const operation& other, side tie);

}  // namespace quire::actors::types::text
