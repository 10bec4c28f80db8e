#pragma once

#include "protocol/result.hpp"

#include <string>
#include <string_view>

namespace quire::gateway::http {

/// Decodes `%xx`. Errors: malformed_message for anything else after a `%`, and for a decoded NUL.
[[nodiscard]] result<std::string> percent_decode(std::string_view text);

/// The same for a path that is a name and was perhaps never encoded: what is no `%xx` stands for itself.
[[nodiscard]] std::string percent_decode_name(std::string_view text);

/// Encodes all but RFC 3986's unreserved characters: what results is one segment of a path.
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace quire::gateway::http
