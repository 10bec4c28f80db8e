#pragma once

#include "actors/types/text/operation.hpp"

#include <nlohmann/json.hpp>

/// Text operations in JSON, as ot-text-unicode has them, for tools.
namespace quire::tools {

/// Puts it in normal form if it is not.
/// Throws what nlohmann-json throws, or std::invalid_argument, if it is no operation.
[[nodiscard]] actors::types::text::operation to_operation(const nlohmann::json& parts);

[[nodiscard]] nlohmann::json to_json(const actors::types::text::operation& op);

}  // namespace quire::tools
