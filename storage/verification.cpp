#include "storage/verification.hpp"

#include "storage/log_walk.hpp"

#include <algorithm>

namespace quire::storage {

namespace {

constexpr std::size_t rows_at_once = 4'096;
/// How often a document is looked at again that an engine changed meanwhile.
constexpr int tries_max = 8;

std::string number(std::uint64_t value) {
  return std::to_string(value);
}

/// Goes once along a document's log.
class verifying {
 public:
  verifying(archive& from, const archived_document& document, const replay_of& begin_replay)
    : from_(&from),
      document_(&document),
      begin_replay_(begin_replay),
      chain_(document.identity),
      modified_(document.info.created) {
    done_.head = document.head;
    done_.floor = document.floor;
    done_.findings = document.oddities;
    if (document_checksum(document.info) != document.identity)
      find("document: the row does not match its checksum");
    auto begun = begin_replay(document.info);
    if (begun)
      replay_ = std::move(*begun);
    else
      find("document: " + begun.error().detail);
  }

  result<verified_document> run() {
    if (document_->state == "importing")
      return std::move(done_);  // Nobody can open it; what it has is not whole.
    const bool is_live = document_->state == "live";
    auto snapshots = from_->snapshots(document_->info.id);
    if (!snapshots)
      return tl::unexpected(snapshots.error());
    const auto labels = from_->labels(document_->info.id);
    if (!labels)
      return tl::unexpected(labels.error());
    if (!is_live) {
      if (!snapshots->empty())
        find("snapshot: a deleted document has some");
      if (!labels->empty())
        find("label: a deleted document has some");
      return check_deleted();
    }
    snapshots_ = std::move(*snapshots);
    done_.snapshots = snapshots_.size();
    check_labels(*labels);
    if (auto begun = begin_at_floor(*labels); !begun)
      return tl::unexpected(begun.error());
    check_snapshots_here();
    for (bool is_more = true; is_more;) {
      const auto page = from_->entries(document_->info.id, at_, rows_at_once);
      if (!page)
        return tl::unexpected(page.error());
      is_more = page->size() == rows_at_once;
      for (const auto& row : *page) {
        if (row.entry.revision > document_->head && has_gone_on(row.entry.revision)) {
          is_more = false;
          break;
        }
        check_row(row);
      }
    }
    check_end();
    return std::move(done_);
  }

 private:
  void find(std::string what) { done_.findings.push_back(std::move(what)); }
  void find_at(revision at, const std::string& what) { find("op_log: revision " + number(at.value()) + ": " + what); }

  result<verified_document> check_deleted() {
    if (document_->state != "deleted")
      return std::move(done_);
    const auto rows = from_->entries(document_->info.id, revision(0), 1);
    if (!rows)
      return tl::unexpected(rows.error());
    if (!rows->empty())
      find("document: it is deleted, and op_log has rows of it");
    return std::move(done_);
  }

  // Whether a row past the head that was read came later.
  [[nodiscard]] bool has_gone_on(revision at) {
    const auto now = from_->find(document_->info.document);
    return now && now->info.id == document_->info.id && now->head >= at;
  }

  void check_labels(const std::vector<archived_label>& labels) {
    for (const auto& [made, seal] : labels) {
      const auto place = "label: '" + made.name + "': ";
      if (label_checksum(document_->identity, made) != seal)
        find(place + "the row does not match its checksum");
      if (made.at > document_->head)
        find(place + "revision " + number(made.at.value()) + " is past the head");
    }
  }

  [[nodiscard]] const archived_snapshot* snapshot_of(revision at) const {
    const auto found = std::ranges::find(snapshots_, at, [](const auto& each) { return each.sealed.revision; });
    return found == snapshots_.end() ? nullptr : &*found;
  }

  // Where the log was trimmed to, a snapshot stands for all before it.
  result<void> begin_at_floor(const std::vector<archived_label>& labels) {
    const auto floor = document_->floor;
    if (floor == revision(0)) {
      if (document_->floor_chain != 0 || document_->is_trimming)
        find("document: its log is whole, and it has what belongs to a floor");
      return {};
    }
    if (auto checked = check_rows_before_floor(); !checked)
      return checked;
    chain_ = document_->floor_chain;
    at_ = floor;
    if (const auto* const stored = snapshot_of(floor))
      start_replay(*stored);
    else
      find("document: there is no snapshot of its floor, revision " + number(floor.value()));
    check_snapshots_before_floor(labels);
    return {};
  }

  void start_replay(const archived_snapshot& stored) {
    const auto opened = unseal(stored.sealed);
    if (!opened || !replay_)  // a seal that does not match is found where all snapshots are checked
      return replay_.reset();
    if (auto started = replay_->start(*opened); !started) {
      find("snapshot: revision " + number(stored.sealed.revision.value()) + ": " + started.error().detail);
      replay_.reset();
    }
  }

  // While they are being deleted, from the first on, those that are left are a chain that ends at the floor.
  result<void> check_rows_before_floor() {
    const auto floor = document_->floor;
    std::optional<log_place> last;
    for (bool is_more = true; is_more;) {
      const auto page = from_->entries(document_->info.id, last ? last->at : revision(0), rows_at_once);
      if (!page)
        return tl::unexpected(page.error());
      is_more = page->size() == rows_at_once && page->back().entry.revision < floor;
      for (const auto& [entry, under, chain] : *page) {
        if (entry.revision > floor)
          break;
        if (!document_->is_trimming) {
          find_at(entry.revision, "it is before the floor, and trimming is finished");
          return {};
        }
        if (last && (entry.revision != last->at.next() || rows_.next(last->chain, entry, under) != chain))
          find_at(entry.revision, "the row does not follow the one before");
        last = {entry.revision, chain};
      }
    }
    if (document_->is_trimming && (!last || last->at != floor || last->chain != document_->floor_chain))
      find("document: trimming is under way, and the rows left do not end at the floor");
    return {};
  }

  void check_snapshots_before_floor(const std::vector<archived_label>& labels) {
    for (const auto& [made, seal] : labels)
      if (made.at < document_->floor && made.at != revision(0) && snapshot_of(made.at) == nullptr)
        find("label: '" + made.name + "': there is no snapshot of revision " + number(made.at.value()) +
             ", which is before the floor");
    for (const auto& each : snapshots_) {
      if (each.sealed.revision >= document_->floor)
        continue;
      const auto place = "snapshot: revision " + number(each.sealed.revision.value()) + ": ";
      if (each.epoch && *each.epoch > document_->epoch)
        find(place + "its epoch " + number(each.epoch->value()) + " was none of the document's there");
      const auto opened = unseal(each.sealed);
      if (!opened) {
        find(place + opened.error().detail);
      } else if (auto alone = begin_replay_(document_->info)) {
        if (auto started = (*alone)->start(*opened); !started)
          find(place + started.error().detail);
      }
    }
  }

  void check_row(const archived_entry& row) {
    const auto at = row.entry.revision;
    if (at > at_.next())
      find_at(at_.next(), at == at_.next().next() ? "the row is missing"
                                                  : "the rows up to " + number(at.value() - 1) + " are missing");
    if (at > document_->head)
      find_at(at, "it is past the head, which is " + number(document_->head.value()));
    if (row.epoch < epoch_)
      find_at(at, "epoch " + number(row.epoch.value()) + " after epoch " + number(epoch_.value()));
    const bool follows = at == at_.next();
    if (follows && rows_.next(chain_, row.entry, row.epoch) != row.chain)
      find_at(at, "the row does not match its checksum");
    if (!follows)
      replay_ = nullptr;
    epoch_ = std::max(epoch_, row.epoch);
    chain_ = row.chain;  // So that one row that is wrong is one finding.
    at_ = at;
    modified_ = std::max(modified_, row.entry.at);
    if (replay_)
      if (auto applied = replay_->apply(row.entry); !applied) {
        find_at(at, applied.error().detail);
        replay_ = nullptr;  // what follows would only say so again
      }
    check_snapshots_here();
  }

  // The snapshots of the revision that the walk is at.
  void check_snapshots_here() {
    for (const auto& each : snapshots_)
      if (each.sealed.revision == at_)
        check_snapshot(each);
  }

  void check_snapshot(const archived_snapshot& stored) {
    const auto place = "snapshot: revision " + number(stored.sealed.revision.value()) + ": ";
    if (stored.sealed.chain != chain_)
      find(place + "its chain is not that of the log there");
    if (stored.epoch && (*stored.epoch < epoch_ || *stored.epoch > document_->epoch))
      find(place + "its epoch " + number(stored.epoch->value()) + " was none of the document's there");
    const auto opened = unseal(stored.sealed);
    if (!opened)
      return find(place + opened.error().detail);
    if (!replay_)
      return;
    if (auto compared = replay_->compare(*opened); !compared)
      find(place + compared.error().detail);
  }

  void check_end() {
    if (at_ < document_->head)
      find_at(at_.next(), "the head is " + number(document_->head.value()) + ", and there are no rows from here on");
    if (at_ == document_->head && chain_ != document_->chain)
      find("document: the head's checksum is not that of the log's last row");
    if (document_->epoch < epoch_)
      find("document: its epoch " + number(document_->epoch.value()) + " is below " + number(epoch_.value()) +
           ", which the log has");
    const bool is_whole = document_->floor == revision(0);
    if (is_whole ? document_->modified != modified_ : document_->modified < modified_)
      find("document: modified is not the time of the last edit");
    for (const auto& each : snapshots_)
      if (each.sealed.revision > at_)
        find("snapshot: revision " + number(each.sealed.revision.value()) + ": it is past the log");
  }

  archive* from_;
  const archived_document* document_;
  replay_of begin_replay_;
  std::unique_ptr<replay> replay_;  // Null once it makes no sense any more.
  std::vector<archived_snapshot> snapshots_;
  row_chain rows_;
  revision at_;
  checksum chain_;
  epoch epoch_;
  server_time modified_;
  verified_document done_;
};

bool are_same(const archived_document& a, const archived_document& b) {
  return a.info.id == b.info.id && a.state == b.state && a.epoch == b.epoch && a.head == b.head && a.chain == b.chain &&
         a.modified == b.modified && a.floor == b.floor && a.is_trimming == b.is_trimming;
}

}  // namespace

// What does not fit together may be of two moments: then the document's row has changed.
result<verified_document> verify(archive& from, const archived_document& document, const replay_of& begin_replay) {
  auto now = document;
  for (int tries = 1;; ++tries) {
    auto done = verifying(from, now, begin_replay).run();
    if (!done || done->findings.empty() || tries == tries_max)
      return done;
    auto again = from.find(now.info.document);
    if (!again && again.error().code != errc::not_found)
      return tl::unexpected(again.error());
    if (!again || are_same(*again, now))
      return done;
    now = std::move(*again);
  }
}

}  // namespace quire::storage
