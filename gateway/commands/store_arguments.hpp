#pragma once

#include "protocol/names.hpp"
#include "protocol/result.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <optional>
#include <span>
#include <string>

namespace quire::gateway::commands {

/// What help says of a DOCUMENT.
inline constexpr const char* document_form = "ORGANISATION/NAME, or the NAME of one of the organisation default";

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

/// The document that a command line names: `ORGANISATION/NAME`, or the NAME of one of `default`.
/// Errors: invalid_name.
[[nodiscard]] result<document_name> document_in(const std::string& text);

/// Reads a command line with a store and what `add_more` declares; says on stdout or stderr what is asked for or wrong.
[[nodiscard]] parsed parse(const std::string& program, const std::string& purpose,
                           std::span<const std::string> arguments, std::string& store,
                           const std::function<void(CLI::App&)>& add_more);

/// The same with one DOCUMENT, which may be missing. What `add_more` declares must outlive the call.
[[nodiscard]] parsed parse(const std::string& program, const std::string& purpose,
                           std::span<const std::string> arguments, store_arguments& into,
                           const std::function<void(CLI::App&)>& add_more);

/// Prints an error and gives the code to exit with: 2 for what the command line named wrongly, else 1.
[[nodiscard]] int report(const std::string& program, const error& what);

}  // namespace quire::gateway::commands
