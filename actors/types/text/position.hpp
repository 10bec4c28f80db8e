#pragma once

#include "actors/types/text/operation.hpp"

#include <cstddef>
#include <optional>

namespace quire::actors::types::text {

/// Where a position is after `op`. An insert moves it only if it lies strictly after the place.
/// Units: code points.
[[nodiscard]] std::size_t transform_position(std::size_t position, const operation& op) noexcept;

/// Where an editor leaves its cursor after making `op`: at the end of its last change. None if it changes nothing.
/// Units: code points.
[[nodiscard]] std::optional<std::size_t> end_of_last_change(const operation& op) noexcept;

}  // namespace quire::actors::types::text
