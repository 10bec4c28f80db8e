#include "actors/replay.hpp"
#include "gateway/commands/commands.hpp"
#include "gateway/commands/store_arguments.hpp"
#include "storage/log_walk.hpp"
#include "storage/snapshot_seal.hpp"

#include <algorithm>
#include <iostream>

namespace quire::gateway::commands {

namespace {

constexpr const char* program = "quire replay";
constexpr std::size_t rows_at_once = 4'096;

/// Where the rows begin that lead to `to`; of a log that was trimmed, at a snapshot.
result<storage::log_place> begin(storage::archive& from, const storage::archived_document& document, revision to,
                                 actors::document_replay& onto) {
  if (document.floor == revision(0) || to == revision(0))
    return storage::log_place{revision(0), document.identity};
  const auto at = std::min(document.floor, to);
  const auto snapshots = from.snapshots(document.info.id);
  if (!snapshots)
    return tl::unexpected(snapshots.error());
  for (const auto& [sealed, epoch] : *snapshots) {
    if (sealed.revision != at)
      continue;
    const auto opened = storage::unseal(sealed);
    if (!opened)
      return tl::unexpected(opened.error());
    if (auto started = onto.start(*opened); !started)
      return tl::unexpected(started.error());
    return storage::log_place{at, sealed.chain};
  }
  return storage::trimmed(document.floor);
}

/// Applies the rows up to `to`, each checked against the one before.
result<void> run(storage::archive& from, const storage::archived_document& document, revision to,
                 actors::document_replay& onto) {
  const storage::checked_document checked{document.info, document.identity, {document.head, document.chain}};
  if (auto sound = storage::check_identity(checked); !sound)
    return sound;
  const auto start = begin(from, document, to, onto);
  if (!start)
    return tl::unexpected(start.error());
  storage::log_walk walk(checked, *start, to, storage::log_walk::no_limit);
  while (onto.state().revision() < to) {
    const auto page = from.entries(document.info.id, onto.state().revision(), rows_at_once);
    if (!page)
      return tl::unexpected(page.error());
    if (page->empty())
      return walk.finish();
    for (const auto& row : *page) {
      if (row.entry.revision > to)
        break;
      if (auto taken = walk.take(row.entry, row.epoch, row.chain); !taken)
        return tl::unexpected(taken.error());
      if (auto applied = onto.apply(row.entry); !applied)
        return applied;
    }
    walk.page().entries.clear();
  }
  return {};
}

result<bytes> content_at(const std::string& store, const document_name& name, std::optional<std::uint64_t> to,
                         bool is_json) {
  const auto from = storage::open_archive(store);
  if (!from)
    return tl::unexpected(from.error());
  const auto document = (*from)->find(name);
  if (!document)
    return tl::unexpected(document.error());
  const revision until = to ? revision(*to) : document->head;
  if (until > document->head)
    return fail(errc::future_revision, "the document is at revision " + std::to_string(document->head.value()));
  const auto* type = actors::types::find_type(document->info.type);
  if (type == nullptr)
    return fail(errc::unknown_document_type, "this build has no document type '" + document->info.type + "'");
  actors::document_replay onto(*type);
  if (auto done = run(**from, *document, until, onto); !done)
    return tl::unexpected(done.error());
  bytes content;
  if (auto written = is_json ? onto.state().read_json(content) : onto.state().read_text(content); !written)
    return tl::unexpected(written.error());
  return content;
}

}  // namespace

int replay(std::span<const std::string> arguments) {
  store_arguments given;
  std::optional<std::uint64_t> to;
  bool is_json = false;
  const auto line = parse(program, "Prints a document as its operations lead to it, up to a revision.", arguments,
                          given, [&](CLI::App& app) {
                            app.add_option("--to", to, "The revision; without it the newest");
                            app.add_flag("--json", is_json, "Print JSON instead of text");
                          });
  if (line.is_done)
    return line.exit_code;
  if (!given.document)
    return report(program, {errc::invalid_configuration, "name a DOCUMENT"});
  const auto content = content_at(given.store, *given.document, to, is_json);
  if (!content)
    return report(program, content.error());
  std::cout << as_text(*content) << std::flush;
  return 0;
}

}  // namespace quire::gateway::commands
