#pragma once

#include "storage/op_log.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace quire::storage::memory {

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

/// Errors: not_found.
[[nodiscard]] result<stored_document*> find_stored(contents& all, const document_id& document);
/// Errors: stale_epoch, too.
[[nodiscard]] result<stored_document*> find_owned(contents& all, const document_id& document, epoch under);
/// Where the next owner of a name begins, whether the document is there or not.
[[nodiscard]] acquired find_newest(const contents& all, const document_name& document);

}  // namespace quire::storage::memory
