#include "gateway/commands/commands.hpp"
#include "gateway/commands/store_arguments.hpp"
#include "storage/archive_file/files.hpp"
#include "storage/archive_file/importing.hpp"
#include "storage/archive_file/rehearsal.hpp"

#include <filesystem>
#include <iostream>

namespace quire::gateway::commands {

namespace {

namespace archive_file = storage::archive_file;

constexpr const char* program = "quire import";

struct asked {
  std::string store;
  std::string file;
  std::string as;
  bool is_dry_run = false;
  bool is_discard = false;
};

/// What documents are written into; for a dry run nothing is.
result<std::unique_ptr<storage::restorer>> open(const asked& what) {
  if (!what.is_dry_run)
    return storage::open_restorer(what.store);
  constexpr std::string_view sqlite = "sqlite:";
  const bool is_new = what.store.starts_with(sqlite) && !std::filesystem::exists(what.store.substr(sqlite.size()));
  if (is_new)
    return std::make_unique<archive_file::rehearsal>(nullptr);
  auto in = storage::open_archive(what.store);
  if (!in)
    return tl::unexpected(in.error());
  return std::make_unique<archive_file::rehearsal>(std::move(*in));
}

result<void> run(const asked& what, std::optional<document_name> as) {
  const auto file = archive_file::input_file::open(what.file);
  if (!file)
    return tl::unexpected(file.error());
  const auto to = open(what);
  if (!to)
    return tl::unexpected(to.error());
  archive_file::reader from(**file);
  const auto done = archive_file::importing(from, **to, std::move(as), [](const std::string& line) {
                      std::cerr << program << ": " << line << "\n";
                    }).run();
  if (!done && done.error().code == errc::commit_in_doubt)
    return fail(done.error().code, done.error().detail +
                                     ". It is not known whether the documents are there now: import again, which "
                                     "says so if they are");
  if (!done)
    return fail(done.error().code, what.file + ": " + done.error().detail);
  std::cout << (what.is_dry_run ? "would import" : "imported") << ": documents " << done->documents << ", revisions "
            << done->rows << ", snapshots " << done->snapshots << ", labels " << done->labels
            << "; withdrawn: " << done->withdrawn << "\n";
  return {};
}

result<void> discard(const std::string& store) {
  const auto opened = storage::open_restorer(store);  // which is all that it takes
  if (!opened)
    return tl::unexpected(opened.error());
  std::cout << "quire: nothing of an interrupted import is left\n";
  return {};
}

}  // namespace

int import_documents(std::span<const std::string> arguments) {
  asked what;
  const auto line = parse(
    program,
    "Puts the documents of a file that quire export wrote into a store: all of them, or none if anything is wrong. "
    "No engine may have an SQLite store open; into PostgreSQL it may be done beside one.",
    arguments, what.store, [&](CLI::App& app) {
      app.add_option("FILE", what.file, "The file; - is stdin");
      app.add_option("--as", what.as, "A new name for the file's one document: ORGANISATION/NAME");
      app.add_flag("--dry-run", what.is_dry_run, "Check the file, and that its names are free; write nothing");
      app.add_flag("--discard", what.is_discard, "Only remove what an interrupted import left");
    });
  if (line.is_done)
    return line.exit_code;
  if (what.is_discard != what.file.empty())
    return report(program, {errc::invalid_configuration, "name a FILE, or --discard"});
  if (what.is_discard) {
    const auto done = discard(what.store);
    return done ? 0 : report(program, done.error());
  }
  std::optional<document_name> as;
  if (!what.as.empty()) {
    auto name = document_in(what.as);
    if (!name)
      return report(program, name.error());
    as = std::move(*name);
  }
  const auto done = run(what, std::move(as));
  return done ? 0 : report(program, done.error());
}

}  // namespace quire::gateway::commands
