#pragma once

#include "actors/types/text/operation.hpp"

#include <string_view>

namespace quire::actors::types::text {

/// The operation that turns `before` into `after`, both valid UTF-8: what lies between their common front and their
/// common end is replaced.
[[nodiscard]] operation difference(std::string_view before, std::string_view after);

}  // namespace quire::actors::types::text
