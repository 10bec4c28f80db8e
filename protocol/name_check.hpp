#pragma once

#include "protocol/names.hpp"
#include "protocol/result.hpp"

#include <string_view>

namespace quire {

/// Whether a document may be called so: both parts not empty, within their limits, UTF-8 without control characters.
/// Errors: invalid_name.
[[nodiscard]] result<void> check_name(const document_name& document);

/// The same of the name of a label.
[[nodiscard]] result<void> check_label(std::string_view name);

}  // namespace quire
