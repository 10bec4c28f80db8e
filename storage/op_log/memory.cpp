#include "storage/op_log/memory.hpp"

#include "protocol/limits.hpp"
#include "storage/log_walk.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <unordered_map>

namespace quire::storage {

namespace {

constexpr std::size_t snapshots_kept = 2;

struct stored_document {
  document_info info;
  quire::epoch epoch;
  server_time modified;
  revision floor;
  std::vector<log_entry> entries;  // Revision r at index r - 1 - floor.
  std::set<std::pair<client_id, client_sequence>> edits;
  std::vector<snapshot> snapshots;  // By revision: the newest two, the floor's and those of labels.
  std::map<std::string, label> labels;

  [[nodiscard]] revision head() const { return floor.plus(entries.size()); }

  [[nodiscard]] bool is_labelled(revision at) const {
    return std::ranges::any_of(labels, [&](const auto& entry) { return entry.second.at == at; });
  }
  [[nodiscard]] bool has_snapshot(revision at) const {
    return std::ranges::any_of(snapshots, [&](const auto& kept) { return kept.revision == at; });
  }
  /// Drops what nothing needs of the snapshots before a revision.
  void drop_snapshots_before(revision at) {
    std::erase_if(snapshots, [&](const auto& kept) {
      return kept.revision < at && kept.revision != floor && !is_labelled(kept.revision);
    });
  }
};

/// What is left of a deleted document.
struct deleted_document {
  quire::generation generation;
  quire::epoch epoch;
};

/// Shared by both sides. One lock for all of it: it is for tests, not for speed.
struct contents {
  std::mutex lock;
  std::map<document_name, document_id> live;
  std::map<document_name, deleted_document> deleted;
  std::unordered_map<document_id, stored_document> documents;
};

result<stored_document*> find_stored(contents& all, const document_id& document) {
  const auto found = all.documents.find(document);
  if (found == all.documents.end())
    return fail(errc::not_found, "no such document");
  return &found->second;
}

result<stored_document*> find_owned(contents& all, const document_id& document, epoch under) {
  auto found = find_stored(all, document);
  if (found && (*found)->epoch != under)
    return fail(errc::stale_epoch, "the epoch is " + std::to_string((*found)->epoch.value()));
  return found;
}

acquired find_newest(const contents& all, const document_name& document) {
  if (const auto live = all.live.find(document); live != all.live.end()) {
    const auto& found = all.documents.at(live->second);
    return {found.info, true, found.epoch.next(), found.head()};
  }
  acquired absent{{{}, document, generation(1), {}, {}}, false, epoch(1), revision(0)};
  if (const auto deleted = all.deleted.find(document); deleted != all.deleted.end()) {
    absent.info.generation = deleted->second.generation.next();
    absent.epoch = deleted->second.epoch.next();
  }
  return absent;
}

class memory_log final : public op_log {
 public:
  explicit memory_log(std::shared_ptr<contents> all) : all_(std::move(all)) {}

  result<std::vector<result<void>>> append(std::span<const append_request> requests) override {
    const std::lock_guard guard(all_->lock);
    std::vector<result<void>> outcomes;
    for (const auto& request : requests)
      outcomes.push_back(append_one(request));
    return outcomes;
  }

  result<acquired> acquire(const document_name& document) override {
    const std::lock_guard guard(all_->lock);
    auto newest = find_newest(*all_, document);
    if (newest.exists)
      all_->documents.at(newest.info.id).epoch = newest.epoch;
    return newest;
  }

  result<void> release(const document_id& document, epoch under) override {
    const std::lock_guard guard(all_->lock);
    const auto found = find_owned(*all_, document, under);
    if (!found)
      return tl::unexpected(found.error());
    (*found)->epoch = under.next();
    return {};
  }

  result<epoch> hand_over(const document_id& document, epoch under, revision head, const owner& /*to*/) override {
    const std::lock_guard guard(all_->lock);
    const auto found = find_owned(*all_, document, under);
    if (!found)
      return tl::unexpected(found.error());
    if ((*found)->head() != head)
      return fail(errc::stale_epoch, "the head is " + std::to_string((*found)->head().value()));
    return (*found)->epoch = under.next();
  }

  result<void> remove(const document_id& document, epoch under) override {
    const std::lock_guard guard(all_->lock);
    const auto found = find_owned(*all_, document, under);
    if (!found)
      return tl::unexpected(found.error());
    const auto& info = (*found)->info;
    all_->deleted[info.document] = {info.generation, (*found)->epoch};
    all_->live.erase(info.document);
    all_->documents.erase(document_id(document));
    return {};
  }

  result<void> write_snapshot(const document_id& document, epoch under, const snapshot& taken) override {
    if (taken.body.size() > limits::snapshot_bytes_max)
      return fail(errc::document_too_large, "the snapshot has " + std::to_string(taken.body.size()) + " bytes");
    const std::lock_guard guard(all_->lock);
    const auto found = find_owned(*all_, document, under);
    if (!found)
      return tl::unexpected(found.error());
    if (taken.revision > (*found)->head())
      return fail(errc::future_revision, "the head is " + std::to_string((*found)->head().value()));
    auto& kept = (*found)->snapshots;
    if (!kept.empty() && taken.revision <= kept.back().revision)
      return {};
    kept.push_back(taken);
    if (kept.size() > snapshots_kept)
      (*found)->drop_snapshots_before(kept[kept.size() - snapshots_kept].revision);
    return {};
  }

  result<void> add_snapshot(const document_id& document, epoch under, const snapshot& taken) override {
    if (taken.body.size() > limits::snapshot_bytes_max)
      return fail(errc::document_too_large, "the snapshot has " + std::to_string(taken.body.size()) + " bytes");
    const std::lock_guard guard(all_->lock);
    const auto found = find_owned(*all_, document, under);
    if (!found)
      return tl::unexpected(found.error());
    auto& of = **found;
    if (taken.revision > of.head())
      return fail(errc::future_revision, "the head is " + std::to_string(of.head().value()));
    if (of.has_snapshot(taken.revision))
      return {};
    if (taken.revision < of.floor)
      return trimmed(of.floor);
    of.snapshots.insert(std::ranges::upper_bound(of.snapshots, taken.revision, {}, &snapshot::revision), taken);
    return {};
  }

  result<void> trim(const document_id& document, epoch under, revision floor) override {
    const std::lock_guard guard(all_->lock);
    const auto found = find_owned(*all_, document, under);
    if (!found)
      return tl::unexpected(found.error());
    auto& of = **found;
    if (floor <= of.floor)
      return {};
    if (!of.has_snapshot(floor))
      return fail(errc::precondition_failed, "there is no snapshot of the floor");
    for (const auto& [name, made] : of.labels)
      if (made.at < floor && made.at != revision(0) && !of.has_snapshot(made.at))
        return fail(errc::precondition_failed, "there is no snapshot of the label '" + name + "'");
    const auto end = of.entries.begin() + static_cast<std::ptrdiff_t>(floor.value() - of.floor.value());
    for (auto gone = of.entries.begin(); gone != end; ++gone)
      of.edits.erase({gone->client, gone->sequence});
    of.entries.erase(of.entries.begin(), end);
    of.floor = floor;
    of.drop_snapshots_before(floor);
    return {};
  }

  result<bool> set_label(const document_id& document, epoch under, const label& made, bool shall_be_new) override {
    const std::lock_guard guard(all_->lock);
    const auto found = find_owned(*all_, document, under);
    if (!found)
      return tl::unexpected(found.error());
    if (made.at > (*found)->head())
      return fail(errc::future_revision, "the head is " + std::to_string((*found)->head().value()));
    auto& labels = (*found)->labels;
    const bool is_new = !labels.contains(made.name);
    if (!is_new && shall_be_new)
      return fail(errc::already_exists, "there is a label of that name");
    if (is_new && labels.size() >= limits::labels_a_document_max)
      return fail(errc::too_many_labels, "the document has as many labels as it may");
    if (made.at < (*found)->floor && made.at != revision(0) && !(*found)->has_snapshot(made.at))
      return trimmed((*found)->floor);
    labels[made.name] = made;
    (*found)->drop_snapshots_before((*found)->floor);
    return is_new;
  }

  result<void> remove_label(const document_id& document, epoch under, std::string_view name) override {
    const std::lock_guard guard(all_->lock);
    const auto found = find_owned(*all_, document, under);
    if (!found)
      return tl::unexpected(found.error());
    if ((*found)->labels.erase(std::string(name)) == 0)
      return fail(errc::not_found, "no such label");
    (*found)->drop_snapshots_before((*found)->floor);
    return {};
  }

 private:
  // Everything is checked before anything is changed.
  result<void> append_one(const append_request& request) {
    if (auto checked = check_entries(request); !checked)
      return checked;
    if (request.creates)
      return create(request);
    const auto found = find_owned(*all_, request.document.id, request.epoch);
    if (!found)
      return tl::unexpected(found.error());
    if ((*found)->head() != request.base)
      return fail(errc::stale_epoch, "the head is " + std::to_string((*found)->head().value()));
    for (const auto& entry : request.entries)
      if ((*found)->edits.contains({entry.client, entry.sequence}))
        return fail(errc::sequence_reused, "an edit that the log has");
    add(**found, request);
    return {};
  }

  static result<void> check_entries(const append_request& request) {
    std::set<std::pair<client_id, client_sequence>> edits;
    auto expected = request.base;
    for (const auto& entry : request.entries) {
      expected = expected.next();
      if (entry.revision != expected || entry.operation == nullptr)
        return fail(errc::internal, "an append whose entries do not follow its base");
      if (!edits.emplace(entry.client, entry.sequence).second)
        return fail(errc::sequence_reused, "an edit twice in one append");
    }
    return {};
  }

  result<void> create(const append_request& request) {
    const auto& info = request.document;
    const auto newest = find_newest(*all_, info.document);
    if (newest.exists || all_->documents.contains(info.id))
      return fail(errc::already_exists, "it has been created");
    if (info.generation != newest.info.generation || request.epoch < newest.epoch)
      return fail(errc::stale_epoch, "another generation of it has been there");
    if (request.base != revision(0))
      return fail(errc::stale_epoch, "the head is 0");
    all_->deleted.erase(info.document);
    all_->live.emplace(info.document, info.id);
    auto& made = all_->documents[info.id];
    made.info = info;
    made.epoch = request.epoch;
    made.modified = info.created;
    add(made, request);
    return {};
  }

  static void add(stored_document& document, const append_request& request) {
    for (const auto& entry : request.entries) {
      document.edits.emplace(entry.client, entry.sequence);
      document.modified = std::max(document.modified, entry.at);
      document.entries.push_back(entry);
    }
  }

  std::shared_ptr<contents> all_;
};

class memory_history final : public history {
 public:
  explicit memory_history(std::shared_ptr<contents> all) : all_(std::move(all)) {}

  result<loaded> load(const document_id& document) override {
    const std::lock_guard guard(all_->lock);
    const auto found = find_stored(*all_, document);
    if (!found)
      return tl::unexpected(found.error());
    return since(newest_snapshot(**found, (*found)->head()), **found, (*found)->head());
  }

  result<loaded> state_at(const document_id& document, revision at, const replay_bounds& bounds) override {
    const std::lock_guard guard(all_->lock);
    const auto found = find_stored(*all_, document);
    if (!found)
      return tl::unexpected(found.error());
    if (auto checked = check_past((*found)->head(), at); !checked)
      return tl::unexpected(checked.error());
    auto newest = newest_snapshot(**found, at);
    if (auto kept = check_kept(**found, newest, at); !kept)
      return tl::unexpected(kept.error());
    if (at < (*found)->floor)
      return loaded{std::move(newest), {}};
    if (auto near = check_distance(newest ? newest->revision : revision(0), at, bounds); !near)
      return tl::unexpected(near.error());
    auto state = since(std::move(newest), **found, at);
    std::size_t size = 0;
    for (const auto& entry : state.tail)
      size += entry.operation->size();
    if (size > bounds.bytes_max && state.tail.size() > 1)
      return too_far(at);
    return state;
  }

  result<std::vector<label>> labels(const document_id& document) override {
    return extent(document).map([](log_extent found) { return std::move(found.labels); });
  }

  result<log_extent> extent(const document_id& document) override {
    const std::lock_guard guard(all_->lock);
    const auto found = find_stored(*all_, document);
    if (!found)
      return tl::unexpected(found.error());
    log_extent all{(*found)->floor, (*found)->head(), {}, {}};
    for (const auto& kept : (*found)->snapshots)
      all.snapshots.push_back(kept.revision);
    for (const auto& [name, made] : (*found)->labels)
      all.labels.push_back(made);
    std::ranges::stable_sort(all.labels, {}, &label::at);  // by name they are
    return all;
  }

  result<std::optional<revision>> first_since(const document_id& document, server_time since) override {
    const std::lock_guard guard(all_->lock);
    const auto found = find_stored(*all_, document);
    if (!found)
      return tl::unexpected(found.error());
    for (const auto& entry : (*found)->entries)
      if (entry.at >= since)
        return entry.revision;
    return std::nullopt;
  }

  result<document_summary> find(const document_name& document) override {
    const std::lock_guard guard(all_->lock);
    const auto live = all_->live.find(document);
    if (live == all_->live.end())
      return fail(errc::not_found, "no such document");
    const auto& found = all_->documents.at(live->second);
    return document_summary{found.info, found.head(), found.modified, found.floor};
  }

  result<history_page> read(const document_id& document, revision from, revision to, std::size_t bytes_max) override {
    const std::lock_guard guard(all_->lock);
    const auto found = find_stored(*all_, document);
    if (!found)
      return tl::unexpected(found.error());
    const auto floor = (*found)->floor;
    if (from < floor)
      return trimmed(floor);
    history_page page;
    std::size_t bytes_read = 0;
    for (auto at = from.value(); at < std::min(to, (*found)->head()).value(); ++at) {
      const auto& entry = (*found)->entries[at - floor.value()];
      bytes_read += entry.operation->size();
      if (bytes_read > bytes_max && !page.entries.empty()) {
        page.is_complete = false;
        break;
      }
      page.entries.push_back(entry);
    }
    return page;
  }

  result<std::vector<document_summary>> list(std::string_view organisation, std::string_view after,
                                             std::size_t count) override {
    const std::lock_guard guard(all_->lock);
    std::vector<document_summary> page;
    auto next = all_->live.upper_bound({std::string(organisation), std::string(after)});
    for (; next != all_->live.end() && next->first.organisation == organisation && page.size() < count; ++next) {
      const auto& document = all_->documents.at(next->second);
      page.push_back({document.info, document.head(), document.modified, document.floor});
    }
    return page;
  }

 private:
  static result<void> check_kept(const stored_document& document, const std::optional<snapshot>& newest, revision at) {
    return check_floor({document.info, 0, {}, {document.floor, 0}}, newest ? newest->revision : revision(0), at);
  }

  static std::optional<snapshot> newest_snapshot(const stored_document& document, revision not_after) {
    for (auto kept = document.snapshots.rbegin(); kept != document.snapshots.rend(); ++kept)
      if (kept->revision <= not_after)
        return *kept;
    return std::nullopt;
  }

  static loaded since(std::optional<snapshot> newest, const stored_document& document, revision to) {
    const auto from = newest ? newest->revision : revision(0);
    const auto at = [&](revision which) {
      return document.entries.begin() + static_cast<std::ptrdiff_t>(which.value() - document.floor.value());
    };
    return {std::move(newest), {at(from), at(to)}};
  }

  std::shared_ptr<contents> all_;
};

}  // namespace

store open_memory() {
  const auto all = std::make_shared<contents>();
  return {std::make_unique<memory_log>(all), {}, std::make_unique<memory_history>(all)};
}

}  // namespace quire::storage
