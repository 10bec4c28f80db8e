#pragma once

#include "protocol/bytes.hpp"

#include <string_view>

namespace quire::actors::types {

/// Appends `text`, valid UTF-8, as it stands between the quotes of a JSON string.
void append_json_escaped(std::string_view text, bytes& out);

}  // namespace quire::actors::types
