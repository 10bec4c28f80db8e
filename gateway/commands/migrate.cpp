#include "gateway/commands/commands.hpp"
#include "gateway/configuration.hpp"
#include "storage/op_log.hpp"

#include <iostream>

namespace quire::gateway::commands {

int migrate(std::span<const std::string> arguments) {
  const auto asked = configure("quire migrate", "Brings the store's tables to what this build needs.", arguments);
  if (!asked) {
    std::cerr << "quire migrate: " << asked.error().detail << "\n";
    return 2;
  }
  if (const auto* const text = std::get_if<help_text>(&*asked)) {
    std::cout << text->text;
    return 0;
  }
  if (const auto done = storage::migrate_store(std::get<configured>(*asked).values.store); !done) {
    std::cerr << "quire migrate: " << done.error().detail << "\n";
    return done.error().code == errc::invalid_configuration ? 2 : 1;
  }
  std::cout << "quire: the store's tables are those of this build\n";
  return 0;
}

}  // namespace quire::gateway::commands
