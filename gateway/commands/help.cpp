#include "gateway/commands/commands.hpp"

#include <iostream>

namespace quire::gateway::commands {

int version() {
  std::cout << "quire " QUIRE_VERSION "\n";
  return 0;
}

int help() {
  std::cout << "quire: a real-time collaborative document engine\n\n"
               "  quire serve     Serve documents\n"
               "  quire config    Print the configuration in force, and where each value is from\n"
               "  quire migrate   Bring the store's tables to what this build needs\n"
               "  quire verify    Check what is stored: rows, chains, snapshots\n"
               "  quire replay    Print a document as it was at a revision\n"
               "  quire export    Write documents of a store into a file\n"
               "  quire import    Put the documents of such a file into a store\n"
               "  quire version   Print the version\n\n"
               "Each takes --help.\n";
  return 0;
}

}  // namespace quire::gateway::commands
