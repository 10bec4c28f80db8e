#pragma once

#include "actors/delivery.hpp"
#include "actors/types/type_state.hpp"
#include "protocol/messages.hpp"

#include <map>
#include <span>
#include <vector>

namespace quire::actors {

/// Who is at a document, and where their cursors are. In memory only.
/// Bound: `limits::presence_entries_max` entries.
/// Invariant: every cursor on it counts in the newest revision it was told of.
class presence_board {
 public:
  /// Gives a subscriber its id.
  [[nodiscard]] presence_id admit();

  /// Somebody's new presence; cursor and state both empty: gone. `since`: the edits after the revision in which the
  /// cursor counts.
  /// Errors: too_much_presence, malformed_message (the cursor is not one of the document's type).
  [[nodiscard]] result<void> update(presence_id who, const client_id& client, const protocol::presence_update& presence,
                                    std::span<const protocol::committed_edit> since, const types::document_type& type);

  /// Somebody who speaks another protocol, and has no cursor. Returns false if there is no room, and nobody is shown.
  bool show(presence_id who, const client_id& client, bytes state);

  void remove(presence_id who);

  /// Moves the cursors past edits. Peers move their copies by the same rule, so nobody is sent these moves.
  void move(std::span<const protocol::committed_edit> run, const types::document_type& type);

  /// Everybody, for a newcomer.
  [[nodiscard]] std::vector<protocol::presence_entry> everybody() const;

  /// What changed since the last call.
  [[nodiscard]] std::vector<protocol::presence_entry> take_changes();
  [[nodiscard]] bool has_changes() const noexcept { return !changed_.empty(); }

 private:
  std::map<presence_id, protocol::presence_entry> entries_;
  std::map<presence_id, protocol::presence_entry> changed_;
  presence_id last_;
};

}  // namespace quire::actors
