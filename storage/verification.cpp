#include "storage/verification.hpp"

#include <algorithm>

namespace quire::storage {

namespace {

constexpr std::size_t rows_at_once = 4'096;

std::string number(std::uint64_t value) {
  return std::to_string(value);
}

/// Goes once along a document's log.
class verifying {
 public:
  verifying(archive& from, const archived_document& document, const replay_of& begin_replay)
    : from_(&from), document_(&document), chain_(document.identity), modified_(document.info.created) {
    done_.head = document.head;
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
    if (!is_live) {
      if (!snapshots->empty())
        find("snapshot: a deleted document has some");
      return check_deleted();
    }
    snapshots_ = std::move(*snapshots);
    done_.snapshots = snapshots_.size();
    check_snapshots_here();
    for (bool is_more = true; is_more;) {
      const auto page = from_->entries(document_->info.id, at_, rows_at_once);
      if (!page)
        return tl::unexpected(page.error());
      for (const auto& row : *page)
        check_row(row);
      is_more = page->size() == rows_at_once;
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
    if (document_->modified != modified_)
      find("document: modified is not the time of the last edit");
    for (const auto& each : snapshots_)
      if (each.sealed.revision > at_)
        find("snapshot: revision " + number(each.sealed.revision.value()) + ": it is past the log");
  }

  archive* from_;
  const archived_document* document_;
  std::unique_ptr<replay> replay_;  // Null once it makes no sense any more.
  std::vector<archived_snapshot> snapshots_;
  row_chain rows_;
  revision at_;
  checksum chain_;
  epoch epoch_;
  server_time modified_;
  verified_document done_;
};

}  // namespace

result<verified_document> verify(archive& from, const archived_document& document, const replay_of& begin_replay) {
  return verifying(from, document, begin_replay).run();
}

}  // namespace quire::storage
