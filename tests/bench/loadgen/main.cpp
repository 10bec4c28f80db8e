#include "tests/bench/loadgen/run.hpp"

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <sys/resource.h>

namespace {

using namespace quire;
using namespace quire::bench;

/// Thousands of connections need thousands of descriptors: as many as one may have.
void allow_many_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
}

std::string names() {
  std::string out;
  for (const auto& each : standard_scenarios())
    out.append(out.empty() ? "" : ", ").append(each.name);
  return out;
}

/// The command line.
struct arguments {
  run_options options;
  std::string scenario = "S1";
  std::string protocol = "quire";
  std::string json_file;
  std::string part = "write";
  double seconds = 2;
  double warming = 0.5;
};

void declare(CLI::App& app, arguments& to) {
  scenario& what = to.options.what;
  app.add_option("--scenario", to.scenario, "One of " + names() + "; the options below change it")
    ->capture_default_str();
  app.add_option("--protocol", to.protocol, "What the server speaks")
    ->check(CLI::IsMember({"quire", "floor"}))
    ->capture_default_str();
  app.add_option("--address", to.options.server.address, "The server's IPv4 address")->capture_default_str();
  app.add_option("--port", to.options.server.port, "The server's port")->required();
  app.add_option("--pid", to.options.processes, "The server's process: processor time and memory");
  app.add_option("--store-pid", to.options.store, "The parent of the store's processes: processor time");
  app.add_option("--seconds", to.seconds, "How long to measure")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--warming", to.warming, "Seconds of load before that")
    ->check(CLI::NonNegativeNumber)
    ->capture_default_str();
  app.add_option("--edits", to.options.edits_each, "Instead of a time: edits of each writer");
  app.add_option("--documents", what.documents, "Documents");
  app.add_option("--clients", what.clients, "Clients of each document");
  app.add_option("--writers", what.writers, "How many of them write");
  app.add_option("--rate", what.rate, "Edits a second of each writer; 0: the next when the own one came back");
  app.add_option("--window", what.window, "Edits of a writer under way");
  app.add_option("--history", what.history, "Edits in a document before the clients of S7, S10 and S11 come");
  app.add_option("--part", to.part, "Of S10 and S11: write the documents, or open them after the server's restart")
    ->check(CLI::IsMember({"write", "open"}))
    ->capture_default_str();
  app.add_option("--run", to.options.number, "The number that both parts have; it names the documents");
  app.add_option("--json", to.json_file, "Write the figures there, too, as one line of JSON");
}

/// The scenario by its name, where the options do not say otherwise.
bool settle(const CLI::App& app, arguments& given) {
  const scenario* standard = find_scenario(given.scenario);
  if (standard == nullptr)
    return false;
  scenario& what = given.options.what;
  const scenario options = std::exchange(what, *standard);
  const auto take = [&](const char* option, auto scenario::*member) {
    if (app.count(option) > 0)
      what.*member = options.*member;
  };
  take("--documents", &scenario::documents);
  take("--clients", &scenario::clients);
  take("--writers", &scenario::writers);
  take("--rate", &scenario::rate);
  take("--window", &scenario::window);
  take("--history", &scenario::history);
  return true;
}

int report_on(const arguments& given) {
  const auto found = run(given.options);
  if (!found) {
    std::cerr << "quire-loadgen: " << found.error().detail << '\n';
    return 2;
  }
  std::cout << to_text(*found);
  if (!given.json_file.empty() && !(std::ofstream(given.json_file) << to_json(*found) << '\n')) {
    std::cerr << "quire-loadgen: cannot write " << given.json_file << '\n';
    return 2;
  }
  return found->is_good() ? 0 : 1;
}

std::chrono::milliseconds to_milliseconds(double seconds) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::duration<double>(seconds));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Puts a load on a Quire server, or on one of the floors, and checks all that it delivers.");
  arguments given;
  declare(app, given);
  CLI11_PARSE(app, argc, argv);
  if (!settle(app, given)) {
    std::cerr << "quire-loadgen: no scenario " << given.scenario << "; there are " << names() << '\n';
    return 2;
  }
  given.options.kind = given.protocol == "quire" ? server_kind::quire : server_kind::floor;
  given.options.part = given.part == "write" ? load_part::write : load_part::open;
  given.options.measured = to_milliseconds(given.seconds);
  given.options.warming = to_milliseconds(given.warming);
  allow_many_descriptors();
  return report_on(given);
}
