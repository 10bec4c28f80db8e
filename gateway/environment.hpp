#pragma once

#include "protocol/result.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quire::gateway {

/// The variable of a setting: QUIRE_SILENCE_MAX of silence-max.
[[nodiscard]] std::string variable_of(std::string_view setting);

/// Refuses what begins with QUIRE_ and means nothing, perhaps because it is misspelt. Not refused are the variables of
/// the repository's own tools, and what Kubernetes puts there for a service whose name begins with `quire`: by the
/// names and the values that it gives them, so that QUIRE_PORT=8080 is refused and QUIRE_PORT=tcp://10.0.0.1:80 is not.
/// `settings`: the variables that mean something, at least one. `entries`: NAME=VALUE, as in `environ`.
/// Errors: invalid_configuration; it names each such variable and the setting's whose name is nearest to it.
/// Source: Kubernetes, "Service", environment variables.
[[nodiscard]] result<void> check_variables(std::span<const std::string> settings,
                                           std::span<const std::string_view> entries);

/// The process's own entries, as long as nobody changes them.
[[nodiscard]] std::vector<std::string_view> environment();

}  // namespace quire::gateway
