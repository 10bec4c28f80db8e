#include "storage/log_walk.hpp"

#include <algorithm>

namespace quire::storage {

tl::unexpected<error> damaged(const document_info& info, const std::string& what) {
  return fail(errc::document_damaged, name_of(info) + ": " + what);
}

tl::unexpected<error> damaged_at(const document_info& info, revision at, const std::string& what) {
  return damaged(info, "revision " + std::to_string(at.value()) + ": " + what);
}

std::string name_of(const document_info& info) {
  return info.document.organisation + "/" + info.document.name + " (generation " +
         std::to_string(info.generation.value()) + ")";
}

result<void> check_past(revision head, revision at) {
  if (at > head)
    return fail(errc::future_revision, "the head is " + std::to_string(head.value()));
  return {};
}

result<void> check_distance(revision from, revision at, const replay_bounds& bounds) {
  if (at.value() - from.value() > bounds.operations_max)
    return too_far(at);
  return {};
}

tl::unexpected<error> too_far(revision at) {
  return fail(errc::too_costly,
              "revision " + std::to_string(at.value()) + " is too many edits after what is stored whole");
}

result<void> check_identity(const checked_document& document) {
  if (document_checksum(document.info) != document.identity)
    return damaged(document.info, "its row does not match its checksum");
  return {};
}

tl::unexpected<error> trimmed(revision floor) {
  return fail(errc::history_trimmed, "what came before revision " + std::to_string(floor.value()) + " is not kept");
}

result<void> check_floor(const checked_document& document, revision start, revision at) {
  const auto floor = document.floor.at;
  if (at < floor && at != start)
    return trimmed(floor);
  if (at >= floor && start < floor)
    return damaged_at(document.info, floor, "the snapshot where the log begins is missing");
  return {};
}

result<label> checked_label(const checked_document& document, label read, checksum seal) {
  if (label_checksum(document.identity, read) != seal)
    return damaged(document.info, "the label '" + read.name + "' does not match its checksum");
  return read;
}

result<bool> log_walk::take(log_entry entry, epoch under, checksum chain) {
  bytes_read_ += entry.operation->size();
  if (bytes_read_ > bytes_max_ && !page_.entries.empty()) {
    page_.is_complete = false;
    return false;
  }
  if (entry.revision != at_.at.next())
    return damaged_at(document_->info, at_.at.next(), "the log's row is missing");
  if (entry.revision > document_->head.at)
    return damaged_at(document_->info, entry.revision, "a row of the log past the head");
  at_ = {entry.revision, rows_.next(at_.chain, entry, under)};
  if (at_.chain != chain)
    return damaged_at(document_->info, entry.revision, "the log's row does not match its checksum");
  page_.entries.push_back(std::move(entry));
  return true;
}

result<void> log_walk::finish() const {
  if (!page_.is_complete)
    return {};
  if (at_.at < std::min(to_, document_->head.at))
    return damaged_at(document_->info, at_.at.next(), "the log's row is missing");
  if (at_.at == document_->head.at && at_.chain != document_->head.chain)
    return damaged_at(document_->info, document_->head.at, "the head's checksum is not that of the log's last row");
  return {};
}

}  // namespace quire::storage
