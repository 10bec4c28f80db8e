#pragma once

#include "actors/retention.hpp"
#include "gateway/logging.hpp"
#include "protocol/limits.hpp"
#include "protocol/result.hpp"

#include <chrono>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace quire::gateway {

/// Everything that can be configured, as it is in force. Each is a flag, a variable QUIRE_* and a key of the file.
struct configuration {
  std::string listen = "127.0.0.1:1234";
  std::string admin_listen;  ///< Empty: on loopback, at the port after that of `listen`, or any if that is taken.
  std::string store = "sqlite:quire.db";
  std::string static_dir;
  std::vector<std::string> allow_origin;
  std::string tls_certificate;
  std::string tls_key;
  bool insecure = false;

  std::size_t io_threads = 1;
  std::size_t worker_threads = 1;
  std::size_t connections_max = limits::connections_max;
  std::size_t handshakes_max = limits::handshakes_max;
  std::size_t send_queue_bytes_max = limits::send_queue_bytes_max;
  std::size_t snapshot_after_operations = limits::snapshot_after_operations;
  std::size_t snapshot_after_bytes = limits::snapshot_after_bytes;
  std::string retain = "all";
  std::vector<std::string> retain_for;  ///< ORGANISATION=WHAT, as `retain`.
  std::size_t document_bytes_max = limits::document_bytes_max;

  using milliseconds = std::chrono::milliseconds;
  milliseconds hello_timeout = limits::hello_timeout;
  milliseconds keepalive_interval = limits::keepalive_interval;
  milliseconds silence_max = limits::silence_max;
  milliseconds send_queue_age_max = limits::send_queue_age_max;
  milliseconds document_idle = limits::document_idle;
  milliseconds relay_idle = limits::relay_idle;
  milliseconds reconnect_spread = limits::reconnect_spread;
  milliseconds shutdown_patience = limits::shutdown_patience;

  gateway::log_format log_format = gateway::log_format::text;
  std::string log_level = "info";
};

/// One line of `quire config`.
struct configured_value {
  std::string name;
  std::string value;
  std::string origin;  ///< `flag`, `environment`, `file` or `default`.
};

struct configured {
  configuration values;
  std::vector<configured_value> listed;
};

/// What a command line asks for instead of a run: the help text.
struct help_text {
  std::string text;
};

/// Reads the command line after `program`'s name, the environment and the file that `--config` names; the former go
/// before the latter.
/// Errors: invalid_configuration, saying what is wrong with which key, or which variable QUIRE_* is unknown.
[[nodiscard]] result<std::variant<configured, help_text>> configure(const std::string& program,
                                                                    const std::string& purpose,
                                                                    std::span<const std::string> arguments);

/// Refuses variables QUIRE_* that are no setting, as `configure` does: for whoever reads only one of them.
/// Errors: invalid_configuration; see `check_variables`.
[[nodiscard]] result<void> check_environment();
/// What `retain` and `retain-for` say. Errors: invalid_configuration.
[[nodiscard]] result<actors::retention> retention_of(const configuration& values);

}  // namespace quire::gateway
