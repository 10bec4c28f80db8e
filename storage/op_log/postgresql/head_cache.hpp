#pragma once

#include "storage/checksum.hpp"

#include <optional>
#include <unordered_map>

namespace quire::storage::postgresql {

/// The checksums of the heads of documents that were appended to lately, so that an append reads nothing first. A wrong
/// one does no harm: the statement that appends compares it.
class head_cache {
 public:
  /// The checksum at `head`, if it is known.
  [[nodiscard]] std::optional<checksum> find(const document_id& document, epoch under, revision head) const {
    const auto found = known_.find(document);
    if (found == known_.end() || found->second.under != under || found->second.head != head)
      return std::nullopt;
    return found->second.chain;
  }

  /// Full it forgets everything, which costs each document that is still written to one read.
  void set(const document_id& document, epoch under, revision head, checksum chain) {
    if (known_.size() >= documents_max)
      known_.clear();
    known_[document] = {under, head, chain};
  }

  void forget(const document_id& document) { known_.erase(document); }

 private:
  static constexpr std::size_t documents_max = 65'536;

  struct place {
    epoch under;
    revision head;
    checksum chain = 0;
  };
  std::unordered_map<document_id, place> known_;
};

}  // namespace quire::storage::postgresql
