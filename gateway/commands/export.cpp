#include "gateway/commands/commands.hpp"
#include "gateway/commands/store_arguments.hpp"
#include "storage/archive_file/exporting.hpp"
#include "storage/archive_file/files.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <set>

namespace quire::gateway::commands {

namespace {

namespace archive_file = storage::archive_file;

constexpr const char* program = "quire export";
constexpr const char* standard_output = "-";

struct asked {
  std::string store;
  std::vector<std::string> documents;
  bool is_all = false;
  std::string output = standard_output;
};

result<std::vector<document_name>> named_in(const std::vector<std::string>& documents) {
  std::vector<document_name> names;
  std::set<document_name> seen;
  for (const auto& each : documents) {
    auto name = document_in(each);
    if (!name)
      return tl::unexpected(name.error());
    if (!seen.insert(*name).second)
      return fail(errc::invalid_configuration, each + " is named twice");
    names.push_back(std::move(*name));
  }
  return names;
}

/// Without names: all there are.
result<void> copy(archive_file::exporting& with, const std::vector<document_name>& names) {
  if (names.empty())
    return with.add_all();
  for (const auto& name : names)
    if (auto added = with.add(name); !added)
      return fail(added.error().code, name.organisation + "/" + name.name + ": " + added.error().detail);
  return {};
}

/// How many documents were left out.
result<std::uint64_t> run(const asked& what, const std::vector<document_name>& names) {
  const auto from = storage::open_archive(what.store);
  if (!from)
    return tl::unexpected(from.error());
  auto file = archive_file::output_file::create(what.output);
  if (!file)
    return tl::unexpected(file.error());
  archive_file::writer to(**file);
  archive_file::exporting with(**from, to,
                               [](const std::string& line) { std::cerr << program << ": " << line << "\n"; });
  auto done = copy(with, names).and_then([&] { return to.finish(); }).and_then([&] { return (*file)->finish(); });
  if (!done)
    return tl::unexpected(done.error());
  const auto& counts = to.counts();
  (what.output == standard_output ? std::cerr : std::cout)
    << "exported: documents " << counts.documents << ", revisions " << counts.rows << ", snapshots " << counts.snapshots
    << ", labels " << counts.labels << "; left out: " << counts.withdrawn << "\n";
  return counts.withdrawn;
}

}  // namespace

int export_documents(std::span<const std::string> arguments) {
  asked what;
  const auto line = parse(
    program,
    "Writes documents with their whole history into a file, for quire import. Changes nothing, and may run beside "
    "an engine. Exits with 3 when it left out a document that is damaged, or was deleted meanwhile.",
    arguments, what.store, [&](CLI::App& app) {
      app.add_option("DOCUMENT", what.documents, document_form);
      app.add_flag("--all", what.is_all, "Every document, and what is remembered of deleted ones");
      app.add_option("--output", what.output, "The file; - is stdout")->capture_default_str();
    });
  if (line.is_done)
    return line.exit_code;
  if (what.is_all != what.documents.empty())
    return report(program, {errc::invalid_configuration, "name a DOCUMENT, or --all"});
  if (what.output == standard_output && ::isatty(STDOUT_FILENO) == 1)
    return report(program, {errc::invalid_configuration, "an archive is nothing for a terminal: say --output FILE"});
  const auto names = named_in(what.documents);
  if (!names)
    return report(program, names.error());
  const auto done = run(what, *names);
  if (!done)
    return report(program, done.error());
  return *done == 0 ? 0 : 3;
}

}  // namespace quire::gateway::commands
