#pragma once

#include "actors/types/text/operation.hpp"
#include "protocol/bytes.hpp"

namespace quire::actors::types::text {

/// Appends `op` as JSON, for tools: the array that docs/types/text.md has, such as `[5,"hi",{"d":3}]`.
void write_json(const operation& op, bytes& out);

}  // namespace quire::actors::types::text
