#pragma once

#include "protocol/bytes.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// JSON as the formats of embeds, attributes and old array elements carry it: texts that peers hand to JSON.parse.
namespace quire::actors::types::yjs {

/// Whether `text`, which must be UTF-8, is JSON (RFC 8259) with at most nesting_max arrays and objects within each
/// other. Cost: linear, no recursion.
[[nodiscard]] bool is_json(std::string_view text) noexcept;

/// Whether it is null.
[[nodiscard]] bool is_json_null(std::string_view json) noexcept;

/// Appends valid JSON as JavaScript's String() prints the value parsed from it.
void write_json_as_text(std::string_view json, bytes& out);

/// The members of a JSON object in the order of their keys, keys unescaped, values as they stand, of those with the
/// same key the last; of anything else none.
[[nodiscard]] std::vector<std::pair<std::string, std::string_view>> members_of(std::string_view json);

}  // namespace quire::actors::types::yjs
