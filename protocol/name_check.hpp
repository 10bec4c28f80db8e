#pragma once

#include "protocol/names.hpp"
#include "protocol/result.hpp"

namespace quire {

/// Whether a document may be called so: both parts not empty, within their limits, UTF-8 without control characters.
/// Errors: invalid_name.
[[nodiscard]] result<void> check_name(const document_name& document);

}  // namespace quire
