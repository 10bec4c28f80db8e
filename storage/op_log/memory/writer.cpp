#include "storage/op_log/memory/writer.hpp"

#include "protocol/limits.hpp"
#include "storage/log_walk.hpp"

#include <algorithm>
#include <utility>

namespace quire::storage::memory {

namespace {

constexpr std::size_t snapshots_kept = 2;

class memory_writer final : public op_log {
 public:
  explicit memory_writer(std::shared_ptr<contents> all) : all_(std::move(all)) {}

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

}  // namespace

std::unique_ptr<op_log> make_writer(std::shared_ptr<contents> all) {
  return std::make_unique<memory_writer>(std::move(all));
}

}  // namespace quire::storage::memory
