#pragma once

#include "actors/types/text/operation.hpp"

namespace quire::actors::types::text {

/// Joins two operations in a row into one.
/// Law:  apply(s, compose(a, b)) == apply(apply(s, a), b)
/// Cost: O(|first| + |second|).
[[nodiscard]] operation compose(operation first, const operation& second);

}  // namespace quire::actors::types::text
