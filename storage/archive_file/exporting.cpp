#include "storage/archive_file/exporting.hpp"

#include "storage/archive_file/document_check.hpp"

#include <set>

namespace quire::storage::archive_file {

namespace {

constexpr std::size_t documents_at_once = 256;
constexpr std::size_t rows_at_once = 2'048;
constexpr std::size_t bytes_at_once = 4 * 1024 * 1024;

bool is_of_the_store(const error& what) {
  return what.code == errc::store_unavailable;
}

withdrawal_reason reason_of(const error& what) {
  switch (what.code) {
    case errc::not_found: return withdrawal_reason::deleted;
    case errc::history_trimmed: return withdrawal_reason::again;
    default: return withdrawal_reason::damaged;
  }
}

/// A document as it is begun in a file; nothing for one that is none yet, or is elsewhere.
std::optional<document_begin> begin_of(const archived_document& document) {
  const bool is_live = document.state == "live";
  if (!is_live && document.state != "deleting" && document.state != "deleted")
    return std::nullopt;
  const bool is_trimmed = is_live && document.floor != revision(0);
  return document_begin{
    document.info,
    document.identity,
    is_live ? document_state::live : document_state::deleted,
    document.epoch,
    {document.head, document.chain},
    document.modified,
    is_trimmed ? log_place{document.floor, document.floor_chain} : log_place{revision(0), document.identity}};
}

/// Goes once along a document of a store and writes it.
class copying {
 public:
  copying(archive& from, writer& to, const document_begin& document) : from_(from), to_(to), document_(document) {}

  result<void> run() {
    return check_.begin(document_)
      .and_then([&] { return document_.state == document_state::live ? copy_log() : result<void>(); })
      .and_then([&] { return check_.finish(); });
  }

  /// Whether the file, not the document, is what could not be gone on with.
  [[nodiscard]] bool has_file_failed() const noexcept { return has_file_failed_; }

 private:
  result<void> copy_log() {
    auto found = from_.snapshots(document_.info.id);
    if (!found)
      return tl::unexpected(found.error());
    snapshots_ = std::move(*found);
    auto begun = copy_labels().and_then([&] { return copy_snapshots_before_floor(); }).and_then([&] {
      return copy_snapshots_here();
    });
    if (!begun)
      return begun;
    while (check_.at() < document_.head.at) {
      const auto page = from_.entries_within(document_.info.id, check_.at(), rows_at_once, bytes_at_once);
      if (!page)
        return tl::unexpected(page.error());
      if (page->empty())
        return {};  // which the check's end tells
      for (const auto& row : *page)
        if (row.entry.revision <= document_.head.at)
          if (auto copied = copy_row(row); !copied)
            return copied;
    }
    return {};
  }

  // Read after the snapshots: one that is before the floor was then there for each of them.
  result<void> copy_labels() {
    const auto labels = from_.labels(document_.info.id);
    if (!labels)
      return tl::unexpected(labels.error());
    for (const auto& label : *labels) {
      if (label.made.at > document_.head.at)  // made later
        continue;
      auto copied = check_.take(label).and_then([&] { return written(to_.add(label)); });
      if (!copied)
        return copied;
      labelled_.insert(label.made.at);
    }
    return {};
  }

  // Of revision 0 none is needed, and one whose label went meanwhile means nothing.
  result<void> copy_snapshots_before_floor() {
    for (const auto& each : snapshots_) {
      const auto at = each.sealed.revision;
      if (at == revision(0) || at >= document_.floor.at || !labelled_.contains(at))
        continue;
      auto copied = check_.take(each.sealed).and_then([&] { return written(to_.add(each.sealed)); });
      if (!copied)
        return copied;
    }
    return {};
  }

  result<void> copy_row(const archived_entry& row) {
    return check_.take(row).and_then([&] { return written(to_.add(row)); }).and_then([&] {
      return copy_snapshots_here();
    });
  }

  // Those after the head were taken later, and are left out.
  result<void> copy_snapshots_here() {
    for (const auto& each : snapshots_) {
      if (each.sealed.revision != check_.at())
        continue;
      auto copied = check_.take(each.sealed).and_then([&] { return written(to_.add(each.sealed)); });
      if (!copied)
        return copied;
    }
    return {};
  }

  result<void> written(result<void> done) {
    has_file_failed_ = !done;
    return done;
  }

  archive& from_;
  writer& to_;
  const document_begin& document_;
  document_check check_;
  std::vector<archived_snapshot> snapshots_;
  std::set<revision> labelled_;
  bool has_file_failed_ = false;
};

}  // namespace

result<void> exporting::add(const document_name& document) {
  const auto found = from_->find(document);
  if (!found)
    return tl::unexpected(found.error());
  if (found->state != "live")
    return fail(errc::not_found, "no such document");
  return add_found(*found);
}

result<void> exporting::add_all() {
  document_id after;
  for (;;) {
    const auto page = from_->documents(after, documents_at_once);
    if (!page)
      return tl::unexpected(page.error());
    for (const auto& each : *page)
      if (auto added = add_if_newest(each.info.id, each.info.document); !added)
        return added;
    if (page->size() < documents_at_once)
      return {};
    after = page->back().info.id;
  }
}

// Read anew when its turn comes. Of generations that a newer one follows nothing need be remembered.
result<void> exporting::add_if_newest(const document_id& id, const document_name& name) {
  const auto newest = from_->find(name);
  if (!newest)
    return newest.error().code == errc::not_found ? result<void>() : tl::unexpected(newest.error());
  return newest->info.id == id ? add_found(*newest) : result<void>();
}

// Each time anew the log begins later.
result<void> exporting::add_found(const archived_document& document) {
  for (auto begun = begin_of(document); begun;) {
    if (auto written = to_->begin(*begun); !written)
      return written;
    auto now = document;
    auto copied = copy(*begun, now);
    if (!copied)
      return tl::unexpected(copied.error());
    if (*copied)
      return to_->end_document();
    const auto why = reason_of(copied->error());
    if (auto withdrawn = to_->withdraw(why); !withdrawn)
      return withdrawn;
    if (why != withdrawal_reason::again) {
      say_(name_of(document.info) + ": left out: " + copied->error().detail);
      return {};
    }
    begun = begin_of(now);
  }
  return {};
}

exporting::outcome exporting::copy(const document_begin& document, archived_document& now) {
  copying each(*from_, *to_, document);
  auto copied = each.run();
  if (!copied && (each.has_file_failed() || is_of_the_store(copied.error())))
    return tl::unexpected(copied.error());
  if (document.state == document_state::deleted)
    return copied;
  const auto found = from_->find(document.info.document);
  if (!found && found.error().code != errc::not_found)
    return tl::unexpected(found.error());
  // Rows that are gone with the document, or before its log's new beginning, are no damage.
  if (!found || found->info.id != document.info.id || found->state != "live")
    return result<void>(fail(errc::not_found, "it was deleted meanwhile"));
  now = *found;
  if (!copied && found->floor > document.floor.at)
    return result<void>(fail(errc::history_trimmed, "its log was trimmed meanwhile"));
  if (!copied)
    copied.error().code = errc::document_damaged;
  return copied;
}

}  // namespace quire::storage::archive_file
