#include "storage/op_log/memory/contents.hpp"

namespace quire::storage::memory {

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

}  // namespace quire::storage::memory
