#include "storage/archive_file/importing.hpp"

#include <random>

namespace quire::storage::archive_file {

namespace {

// What is given to the store at once.
constexpr std::size_t rows_at_once = 2'048;
constexpr std::size_t bytes_at_once = 1024 * 1024;

document_id random_document_id() {
  std::random_device random;
  document_id made;
  for (auto& octet : made.octets)
    octet = static_cast<std::uint8_t>(random());
  return made;
}

}  // namespace

result<file_end> importing::run() {
  for (;;) {
    const auto next = from_->next();
    if (!next)
      return tl::unexpected(next.error());
    if (auto taken = take(*next); !taken)
      return from_->fail_here(taken.error());
    if (const auto* end = std::get_if<file_end>(&*next))
      return *end;
  }
}

result<void> importing::take(const record& next) {
  auto taken = std::visit([this](const auto& each) { return take(each); }, next);
  if (!taken && !std::holds_alternative<file_end>(next))
    taken.error().detail = name_of(document_.info) + ": " + taken.error().detail;
  return taken;
}

result<void> importing::take(const document_begin& document) {
  document_ = document;
  if (auto checked = check_.begin(document); !checked)
    return checked;
  if (document.state == document_state::live && ++live_documents_ > 1 && as_)
    return fail(errc::invalid_configuration, "a name for one document, and the archive has several");
  return begin(document);
}

result<void> importing::begin(const document_begin& document) {
  const bool is_live = document.state == document_state::live;
  const auto as = is_live ? as_ : std::nullopt;
  const auto known = to_->find(as.value_or(document.info.document));
  if (!known)
    return tl::unexpected(known.error());
  auto placed = place(document, *known, as, random_document_id());
  if (!placed)
    return tl::unexpected(placed.error());
  place_ = std::move(*placed);
  const bool is_trimmed = document.floor.at != revision(0);
  chain_ = place_.identity;
  if (is_trimmed)
    chain_ = place_.is_same(document) ? document.floor.chain : moved_checksum(place_.identity, document.floor.chain);
  if (!place_.is_needed)
    return {};
  if (!place_.is_same(document))
    say_(name_of(document.info) + ": becomes " + name_of(place_.info));
  return to_->begin({place_.info,
                     place_.identity,
                     is_live ? "live" : "deleted",
                     place_.epoch,
                     document.head.at,
                     document.head.chain,
                     document.modified,
                     document.floor.at,
                     is_trimmed ? chain_ : 0,
                     false,
                     {}});
}

result<void> importing::take(const archived_label& label) {
  return check_.take(label).and_then([&] {
    return to_->add(archived_label{label.made, label_checksum(place_.identity, label.made)});
  });
}

result<void> importing::take(const archived_entry& row) {
  if (auto checked = check_.take(row); !checked)
    return checked;
  chain_ = place_.is_same(document_) ? row.chain : rows_.next(chain_, row.entry, row.epoch);
  waiting_.push_back({row.entry, row.epoch, chain_});
  waiting_bytes_ += row.entry.operation->size() + row.entry.author.size();
  return waiting_.size() < rows_at_once && waiting_bytes_ < bytes_at_once ? result<void>() : write_waiting();
}

result<void> importing::take(const sealed_snapshot& snapshot) {
  return check_.take(snapshot).and_then([&] { return write_waiting(); }).and_then([&] {
    return to_->add(
      archived_snapshot{place_.is_same(document_) ? snapshot : resealed(snapshot, chain_of(snapshot)), check_.epoch()});
  });
}

// Before the floor there are no rows that it could be made of.
checksum importing::chain_of(const sealed_snapshot& snapshot) const {
  return snapshot.revision < document_.floor.at ? moved_checksum(place_.identity, snapshot.chain) : chain_;
}

result<void> importing::take(const document_end& /*counted*/) {
  return check_.finish().and_then([&] { return write_waiting(); }).and_then([&] {
    const bool is_live = document_.state == document_state::live;
    return place_.is_needed ? to_->end(is_live ? chain_ : document_.head.chain) : result<void>();
  });
}

result<void> importing::take(const withdrawal& withdrawn) {
  waiting_.clear();
  waiting_bytes_ = 0;
  if (document_.state == document_state::live)
    --live_documents_;
  if (withdrawn.reason != withdrawal_reason::again)
    say_(name_of(document_.info) + (withdrawn.reason == withdrawal_reason::deleted
                                      ? ": is not in the archive: it was deleted while it was exported"
                                      : ": is not in the archive: it was damaged where it was exported"));
  return place_.is_needed ? to_->withdraw() : result<void>();
}

result<void> importing::write_waiting() {
  if (waiting_.empty())
    return {};
  auto done = to_->add(waiting_);
  waiting_.clear();
  waiting_bytes_ = 0;
  return done;
}

}  // namespace quire::storage::archive_file
