#include "gateway/commands/commands.hpp"

#include <iostream>
#include <string>
#include <vector>

int main(int count, char** words) {
  namespace commands = quire::gateway::commands;
  const std::vector<std::string> arguments(words + 1, words + count);
  const std::string command = arguments.empty() ? "help" : arguments.front();
  const auto rest = std::span(arguments).subspan(arguments.empty() ? 0 : 1);
  if (command == "serve")
    return commands::serve(rest);
  if (command == "config")
    return commands::config(rest);
  if (command == "migrate")
    return commands::migrate(rest);
  if (command == "verify")
    return commands::verify(rest);
  if (command == "replay")
    return commands::replay(rest);
  if (command == "export")
    return commands::export_documents(rest);
  if (command == "import")
    return commands::import_documents(rest);
  if (command == "version" || command == "--version")
    return commands::version();
  commands::help();
  if (command == "help" || command == "--help")
    return 0;
  std::cerr << "\nquire: there is no command " << command << "\n";
  return 2;
}
