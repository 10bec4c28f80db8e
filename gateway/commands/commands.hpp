#pragma once

#include <span>
#include <string>

/// The subcommands of `quire`. Each takes the arguments after its name and returns the process's exit code.
namespace quire::gateway::commands {

int serve(std::span<const std::string> arguments);
int config(std::span<const std::string> arguments);
int migrate(std::span<const std::string> arguments);
int verify(std::span<const std::string> arguments);
int replay(std::span<const std::string> arguments);
int export_documents(std::span<const std::string> arguments);
int import_documents(std::span<const std::string> arguments);
int version();
int help();

}  // namespace quire::gateway::commands
