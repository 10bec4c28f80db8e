#pragma once

#include "protocol/names.hpp"
#include "protocol/result.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <optional>
#include <span>
#include <string>

namespace quire::gateway::commands {

/// What the commands that work on a store at rest take.
struct store_arguments {
  std::string store;
  std::optional<document_name> document;  ///< `ORGANISATION/NAME`; a bare name is one of `default`.
};

/// How far a command line got.
struct parsed {
  bool is_done = false;  ///< There is nothing more to do, but to exit with `exit_code`.
  int exit_code = 0;
};

/// Reads a command line; says on stdout or stderr what is asked for or wrong. `add_more` declares options of the
/// command's own, which must outlive the call.
[[nodiscard]] parsed parse(const std::string& program, const std::string& purpose,
                           std::span<const std::string> arguments, store_arguments& into,
                           const std::function<void(CLI::App&)>& add_more);

/// Prints an error and gives the code to exit with: 2 for what the command line named wrongly, else 1.
[[nodiscard]] int report(const std::string& program, const error& what);

}  // namespace quire::gateway::commands
