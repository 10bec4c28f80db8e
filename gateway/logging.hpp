#pragma once

#include "protocol/result.hpp"

#include <spdlog/logger.h>
#include <string_view>

namespace quire::gateway {

enum class log_format : std::uint8_t { text, json };

/// The process's log, on stderr. Never contents of documents, never tokens.
/// Affinity: any thread, after `start_logging`; before, nothing is written.
[[nodiscard]] spdlog::logger& log();

/// Begins to write.
/// Errors: invalid_configuration for a level that does not exist.
[[nodiscard]] result<void> start_logging(log_format format, std::string_view level);

}  // namespace quire::gateway
