#include "storage/archive_file/exporting.hpp"

#include "storage/archive_file/document_check.hpp"

namespace quire::storage::archive_file {

namespace {

constexpr std::size_t documents_at_once = 256;
constexpr std::size_t rows_at_once = 2'048;
constexpr std::size_t bytes_at_once = 4 * 1024 * 1024;

bool is_of_the_store(const error& what) {
  return what.code == errc::store_unavailable;
}

/// A document as it is begun in a file; nothing for one that is none yet, or is elsewhere.
std::optional<document_begin> begin_of(const archived_document& document) {
  const bool is_live = document.state == "live";
  if (!is_live && document.state != "deleting" && document.state != "deleted")
    return std::nullopt;
  return document_begin{document.info,
                        document.identity,
                        is_live ? document_state::live : document_state::deleted,
                        document.epoch,
                        {document.head, document.chain},
                        document.modified,
                        {revision(0), document.identity}};
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
    if (auto copied = copy_snapshots_here(); !copied)
      return copied;
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

result<void> exporting::add_found(const archived_document& document) {
  const auto begun = begin_of(document);
  if (!begun)
    return {};
  if (auto written = to_->begin(*begun); !written)
    return written;
  auto copied = copy(*begun);
  if (!copied)
    return tl::unexpected(copied.error());
  if (*copied)
    return to_->end_document();
  const bool is_deleted = copied->error().code == errc::not_found;
  if (auto withdrawn = to_->withdraw(is_deleted ? withdrawal_reason::deleted : withdrawal_reason::damaged); !withdrawn)
    return withdrawn;
  say_(name_of(document.info) + ": left out: " + copied->error().detail);
  return {};
}

exporting::outcome exporting::copy(const document_begin& document) {
  copying each(*from_, *to_, document);
  auto copied = each.run();
  if (!copied && (each.has_file_failed() || is_of_the_store(copied.error())))
    return tl::unexpected(copied.error());
  if (document.state == document_state::deleted)
    return copied;
  const auto is_there = is_still_there(document);
  if (!is_there)
    return tl::unexpected(is_there.error());
  // Rows that are gone with the document are no damage.
  if (!*is_there)
    return result<void>(fail(errc::not_found, "it was deleted meanwhile"));
  if (!copied)
    copied.error().code = errc::document_damaged;
  return copied;
}

result<bool> exporting::is_still_there(const document_begin& document) {
  const auto found = from_->find(document.info.document);
  if (!found)
    return found.error().code == errc::not_found ? result<bool>(false) : tl::unexpected(found.error());
  return found->info.id == document.info.id && found->state == "live";
}

}  // namespace quire::storage::archive_file
