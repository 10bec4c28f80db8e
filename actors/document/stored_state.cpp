#include "actors/document/stored_state.hpp"

#include "actors/document/own_author.hpp"
#include "actors/document/snapshot_envelope.hpp"

namespace quire::actors {

namespace {

tl::unexpected<error> damaged(const std::string& place, const std::string& what) {
  return fail(errc::document_damaged, place + ": " + what);
}

}  // namespace

result<stored_state> open_stored(const types::document_type& type, const std::optional<storage::snapshot>& newest,
                                 const types::type_limits& limits) {
  if (!newest)
    return stored_state{type.create(limits), {}};
  if (newest->format != envelope_format)
    return damaged("snapshot", "format " + std::to_string(newest->format) + " is unknown");
  auto envelope = open_envelope(newest->body);
  if (!envelope)
    return tl::unexpected(envelope.error());
  if (envelope->type_format != type.snapshot_format)
    return damaged("snapshot", "the type's format " + std::to_string(envelope->type_format) + " is unknown");
  auto state = type.load(envelope->state, newest->revision, limits);
  if (!state)
    return tl::unexpected(state.error());
  return stored_state{std::move(*state), std::move(envelope->clients)};
}

result<void> replay_row(stored_state& onto, const types::document_type& type, const storage::log_entry& row) {
  const auto place = "log: revision " + std::to_string(row.revision.value());
  if (row.encoding > type.operation_encoding)
    return damaged(place, "encoding " + std::to_string(row.encoding) + " is unknown");
  if (auto replayed = onto.state->replay(*row.operation); !replayed)
    return damaged(place, replayed.error().detail);
  if (!is_own_author(row.client))
    onto.clients.set(row.client, {row.sequence, row.revision, 0, row.at});
  return {};
}

}  // namespace quire::actors
