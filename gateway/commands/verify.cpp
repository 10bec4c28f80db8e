#include "actors/replay.hpp"
#include "gateway/commands/commands.hpp"
#include "gateway/commands/store_arguments.hpp"

#include <iostream>

namespace quire::gateway::commands {

namespace {

constexpr const char* program = "quire verify";
constexpr std::size_t documents_at_once = 256;

/// Checks documents and says what it finds, a line each.
class verifier {
 public:
  explicit verifier(storage::archive& from) : from_(from) {}

  result<void> check(const storage::archived_document& document) {
    const auto done = storage::verify(from_, document, actors::document_replay::begin);
    if (!done)
      return tl::unexpected(done.error());
    const auto name = document.info.document.organisation + "/" + document.info.document.name;
    if (done->floor != revision(0))
      std::cout << name << ": the log begins after revision " << done->floor.value() << "\n";
    ++documents_;
    revisions_ += done->head.value();
    snapshots_ += done->snapshots;
    for (const auto& finding : done->findings)
      find(name + ": " + finding);
    return {};
  }

  result<void> check_all() {
    const auto strays = from_.strays();
    if (!strays)
      return tl::unexpected(strays.error());
    for (const auto& stray : *strays)
      find(stray);
    document_id after;
    for (;;) {
      const auto page = from_.documents(after, documents_at_once);
      if (!page)
        return tl::unexpected(page.error());
      for (const auto& document : *page)
        if (auto checked = check(document); !checked)
          return checked;
      if (page->size() < documents_at_once)
        return {};
      after = page->back().info.id;
    }
  }

  /// The code to exit with: 0 if all is sound, else 3.
  int sum_up() const {
    std::cout << "checked: documents " << documents_ << ", revisions " << revisions_ << ", snapshots " << snapshots_
              << "; found: " << findings_ << "\n";
    return findings_ == 0 ? 0 : 3;
  }

 private:
  void find(const std::string& what) {
    ++findings_;
    std::cout << what << "\n";
  }

  storage::archive& from_;
  std::uint64_t documents_ = 0;
  std::uint64_t revisions_ = 0;
  std::uint64_t snapshots_ = 0;
  std::uint64_t findings_ = 0;
};

result<void> check(storage::archive& from, verifier& with, const std::optional<document_name>& document) {
  if (!document)
    return with.check_all();
  const auto found = from.find(*document);
  if (!found)
    return tl::unexpected(found.error());
  return with.check(*found);
}

}  // namespace

int verify(std::span<const std::string> arguments) {
  store_arguments given;
  bool is_all = false;
  const auto line = parse(program,
                          "Checks what a store has of a document, or of all: that each row fits to the one before, and "
                          "that each snapshot is what the operations lead to. Changes nothing. Exits with 3 when it "
                          "finds something.",
                          arguments, given, [&](CLI::App& app) { app.add_flag("--all", is_all, "Every document"); });
  if (line.is_done)
    return line.exit_code;
  if (is_all == given.document.has_value())
    return report(program, {errc::invalid_configuration, "name a DOCUMENT, or --all"});
  const auto from = storage::open_archive(given.store);
  if (!from)
    return report(program, from.error());
  verifier with(**from);
  if (auto done = check(**from, with, given.document); !done)
    return report(program, done.error());
  return with.sum_up();
}

}  // namespace quire::gateway::commands
