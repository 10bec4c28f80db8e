#pragma once

#include "protocol/result.hpp"

#include <string_view>

namespace quire::gateway::http {

/// Checks the raw head of a request, up to and including the empty line, for shapes that two parsers may read
/// differently: bare CR or LF, NUL, folded lines, space before a colon, two lengths, a length beside a transfer coding,
/// a coding other than `chunked`, no Host or two. What passes goes to Beast's parser.
/// Errors: malformed_message.  Source: RFC 9112, sections 2.2, 3.2, 5.1, 5.2, 6.1, 6.3, 11.2.
[[nodiscard]] result<void> check_head(std::string_view head);

}  // namespace quire::gateway::http
