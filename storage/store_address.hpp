#pragma once

#include <string>
#include <string_view>

namespace quire::storage {

/// A store's address as logs and people may see it: without a password.
[[nodiscard]] std::string without_password(std::string_view address);

}  // namespace quire::storage
