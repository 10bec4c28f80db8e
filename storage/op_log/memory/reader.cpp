#include "storage/op_log/memory/reader.hpp"

#include "storage/log_walk.hpp"

#include <algorithm>
#include <utility>

namespace quire::storage::memory {

namespace {

class memory_reader final : public history {
 public:
  explicit memory_reader(std::shared_ptr<contents> all) : all_(std::move(all)) {}

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

std::unique_ptr<history> make_reader(std::shared_ptr<contents> all) {
  return std::make_unique<memory_reader>(std::move(all));
}

}  // namespace quire::storage::memory
