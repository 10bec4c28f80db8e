#include "gateway/commands/commands.hpp"
#include "gateway/configuration.hpp"

#include <iomanip>
#include <iostream>

namespace quire::gateway::commands {

int config(std::span<const std::string> arguments) {
  const auto asked =
    configure("quire config", "Prints the configuration in force, and where each value is from.", arguments);
  if (!asked) {
    std::cerr << "quire config: " << asked.error().detail << "\n";
    return 2;
  }
  if (const auto* const text = std::get_if<help_text>(&*asked)) {
    std::cout << text->text;
    return 0;
  }
  for (const configured_value& one : std::get<configured>(*asked).listed)
    std::cout << std::left << std::setw(26) << one.name << std::setw(12) << one.origin << one.value << "\n";
  return 0;
}

}  // namespace quire::gateway::commands
