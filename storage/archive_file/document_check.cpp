#include "storage/archive_file/document_check.hpp"

#include "protocol/limits.hpp"
#include "protocol/name_check.hpp"

#include <algorithm>
#include <tuple>

namespace quire::storage::archive_file {

namespace {

// The year 9999: what every store can hold and show.
constexpr std::int64_t time_max = 253'402'300'799'999;

tl::unexpected<error> wrong(const std::string& what) {
  return fail(errc::document_damaged, what);
}

tl::unexpected<error> wrong_at(revision at, const std::string& what) {
  return wrong("revision " + std::to_string(at.value()) + ": " + what);
}

bool is_time(server_time at) {
  const auto count = at.time_since_epoch().count();
  return count >= 0 && count <= time_max;
}

bool is_type_name(const std::string& type) {
  return !type.empty() && type.size() <= limits::type_name_bytes_max &&
         std::ranges::all_of(type, [](char letter) { return letter > ' ' && letter < '\x7F'; });
}

}  // namespace

result<void> document_check::begin(const document_begin& document) {
  document_ = document;
  at_ = document.floor;
  epoch_ = {};
  modified_ = document.info.created;
  snapshot_.reset();
  label_.reset();
  names_.clear();
  unkept_.clear();
  if (auto named = check_name(document.info.document); !named)
    return wrong(named.error().detail);
  if (!is_type_name(document.info.type))
    return wrong("it has no type's name");
  if (document.info.generation.value() == 0)
    return wrong("its generation is 0");
  if (document.epoch.value() > limits::integer_max || document.head.at.value() > limits::integer_max)
    return wrong("its epoch or its head is greater than one can be");
  if (!is_time(document.info.created) || !is_time(document.modified))
    return wrong("a time before 1970 or after 9999");
  if (document_checksum(document.info) != document.identity)
    return wrong("it does not match its checksum");
  if (document.floor.at > document.head.at)
    return wrong("its log begins after its head");
  if (document.floor.at == revision(0) && document.floor.chain != document.identity)
    return wrong("its log does not begin with its identity");
  return {};
}

result<void> document_check::take(const archived_label& label) {
  const auto& made = label.made;
  const auto wrong_label = [&](const std::string& what) { return wrong("the label '" + made.name + "': " + what); };
  if (at_.at != document_.floor.at || snapshot_)
    return wrong_label("it stands after what it names");
  if (auto named = check_label(made.name); !named)
    return wrong(named.error().detail);
  if (made.at > document_.head.at)
    return wrong_label("its revision " + std::to_string(made.at.value()) + " is past the head");
  if (!is_time(made.set))
    return wrong_label("its time can not be one");
  if (label_checksum(document_.identity, made) != label.seal)
    return wrong_label("it does not match its checksum");
  const bool is_next = !label_ || std::tie(label_->at, label_->name) < std::tie(made.at, made.name);
  if (!is_next || !names_.insert(made.name).second || names_.size() > limits::labels_a_document_max)
    return wrong_label("it is not the next one, is there twice, or is one too many");
  label_ = made;
  if (made.at < document_.floor.at && made.at != revision(0))
    unkept_.insert(made.at);
  return {};
}

result<void> document_check::take(const archived_entry& row) {
  const auto at = row.entry.revision;
  if (at != at_.at.next())
    return wrong_at(at_.at.next(), "the row is missing");
  if (at > document_.head.at)
    return wrong_at(at, "a row past the head, which is " + std::to_string(document_.head.at.value()));
  if (auto begun = check_floor(); !begun)
    return begun;
  if (rows_.next(at_.chain, row.entry, row.epoch) != row.chain)
    return wrong_at(at, "the row does not match its checksum");
  if (row.epoch < epoch_ || row.epoch > document_.epoch)
    return wrong_at(at, "its epoch " + std::to_string(row.epoch.value()) + " can not be there");
  if (row.entry.sequence.value() == 0 || !is_time(row.entry.at))
    return wrong_at(at, "its sequence or its time can not be one");
  at_ = {at, row.chain};
  epoch_ = row.epoch;
  modified_ = std::max(modified_, row.entry.at);
  return {};
}

result<void> document_check::take(const sealed_snapshot& snapshot) {
  if (snapshot.revision < document_.floor.at)
    return take_before_floor(snapshot);
  if (snapshot.revision != at_.at || snapshot_ == snapshot.revision)
    return wrong("a snapshot of revision " + std::to_string(snapshot.revision.value()) + " after the row of revision " +
                 std::to_string(at_.at.value()));
  if (snapshot.chain != at_.chain)
    return wrong_at(snapshot.revision, "the snapshot is of another log");
  if (auto opened = unseal(snapshot); !opened)
    return wrong_at(snapshot.revision, opened.error().detail);
  snapshot_ = snapshot.revision;
  return {};
}

// The rows that would tell its chain are gone.
result<void> document_check::take_before_floor(const sealed_snapshot& snapshot) {
  if (at_.at != document_.floor.at || (snapshot_ && *snapshot_ >= snapshot.revision) ||
      !unkept_.erase(snapshot.revision))
    return wrong("a snapshot of revision " + std::to_string(snapshot.revision.value()) +
                 ", which is before the log and has no label, or comes too late");
  if (auto opened = unseal(snapshot); !opened)
    return wrong_at(snapshot.revision, opened.error().detail);
  snapshot_ = snapshot.revision;
  return {};
}

result<void> document_check::check_floor() const {
  const auto floor = document_.floor.at;
  if (floor != revision(0) && (!snapshot_ || *snapshot_ < floor))
    return wrong_at(floor, "the snapshot that the log begins with is missing");
  if (!unkept_.empty())
    return wrong_at(*unkept_.begin(), "the snapshot of a label before the log is missing");
  return {};
}

result<void> document_check::finish() const {
  if (document_.state == document_state::deleted)
    return {};
  if (at_.at != document_.head.at)
    return wrong("its log ends at revision " + std::to_string(at_.at.value()) + ", and its head is " +
                 std::to_string(document_.head.at.value()));
  if (auto begun = check_floor(); !begun)
    return begun;
  if (at_.chain != document_.head.chain)
    return wrong("the head's checksum is not that of its log");
  // The rows before the floor may have been later ones.
  if (document_.floor.at == revision(0) ? document_.modified != modified_ : document_.modified < modified_)
    return wrong("modified is not the time of its last edit");
  return {};
}

}  // namespace quire::storage::archive_file
