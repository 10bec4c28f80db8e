#include "actors/replay.hpp"

#include "actors/document/snapshot_envelope.hpp"

namespace quire::actors {

namespace {

tl::unexpected<error> differs(const std::string& what) {
  return fail(errc::document_damaged, what);
}

// Clients whose edits had nothing new are in a snapshot only.
result<void> compare_clients(const client_records& stored, const client_records& replayed) {
  for (const auto& [client, record] : replayed.all()) {
    const auto* found = stored.find(client);
    if (found == nullptr || found->last < record.last)
      return differs("it does not know of edit " + std::to_string(record.last.value()) + " at revision " +
                     std::to_string(record.revision.value()) + ", which is in the log");
    // Not the time: of an edit that was being committed when the snapshot was taken it is not known yet.
    if (found->last == record.last && found->revision != record.revision)
      return differs("it knows another place of edit " + std::to_string(record.last.value()) + " than the log");
  }
  return {};
}

}  // namespace

document_replay::document_replay(const types::document_type& type)
  : type_(&type), at_{type.create(types::type_limits()), {}} {}

result<std::unique_ptr<storage::replay>> document_replay::begin(const storage::document_info& document) {
  const auto* type = types::find_type(document.type);
  if (type == nullptr)
    return fail(errc::unknown_document_type, "this build has no document type '" + document.type + "'");
  return std::make_unique<document_replay>(*type);
}

result<void> document_replay::start(const storage::snapshot& stored) {
  auto opened = open_stored(*type_, stored, types::type_limits());
  if (!opened)
    return tl::unexpected(opened.error());
  at_ = std::move(*opened);
  return {};
}

storage::snapshot document_replay::taken() const {
  snapshot_envelope envelope{type_->snapshot_format, at_.clients, {}};
  at_.state->write_snapshot(envelope.state);
  return {at_.state->revision(), envelope_format, seal(envelope)};
}

result<void> document_replay::apply(const storage::log_entry& entry) {
  return replay_row(at_, *type_, entry);
}

result<void> document_replay::compare(const storage::snapshot& stored) const {
  const auto opened = open_stored(*type_, stored, types::type_limits());
  if (!opened)
    return tl::unexpected(opened.error());
  bytes there;
  bytes here;
  opened->state->write_content(there);
  at_.state->write_content(here);
  if (there != here)
    return differs("its content is not what the log leads to");
  return compare_clients(opened->clients, at_.clients);
}

}  // namespace quire::actors
