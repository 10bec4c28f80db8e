#pragma once

#include "actors/types/text/operation.hpp"
#include "protocol/result.hpp"

namespace quire::actors::types::text {

class rope;

/// The operation that undoes `op`.
/// Law:    apply(apply(s, op), invert(op)) == s
/// Errors: malformed_operation if an erased stretch comes without its text.
[[nodiscard]] result<operation> invert(const operation& op);

/// `op` with the texts of all that it erases, which can be inverted. `before` is what it applies to; it must fit.
[[nodiscard]] operation make_invertible(const operation& op, const rope& before);

}  // namespace quire::actors::types::text
