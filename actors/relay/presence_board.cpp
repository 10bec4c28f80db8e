#include "actors/relay/presence_board.hpp"

#include "protocol/limits.hpp"

#include <string>
#include <utility>

namespace quire::actors {

namespace {

bytes moved(bytes cursor, const client_id& owner, std::span<const protocol::committed_edit> run,
            const types::document_type& type) {
  for (const auto& edit : run)
    cursor = type.move_cursor(cursor, *edit.operation, edit.client == owner);
  return cursor;
}

}  // namespace

presence_id presence_board::admit() {
  last_ = last_.next();
  return last_;
}

result<void> presence_board::update(presence_id who, const client_id& client, const protocol::presence_update& presence,
                                    std::span<const protocol::committed_edit> since, const types::document_type& type) {
  if (presence.cursor.empty() && presence.state.empty()) {
    remove(who);
    return {};
  }
  if (presence.cursor.size() + presence.state.size() > limits::presence_bytes_max)
    return fail(errc::too_much_presence,
                "presence: more than " + std::to_string(limits::presence_bytes_max) + " bytes");
  if (!presence.cursor.empty())
    if (auto checked = type.check_cursor(presence.cursor); !checked)
      return checked;
  if (!entries_.contains(who) && entries_.size() >= limits::presence_entries_max)
    return fail(errc::too_much_presence, "as many people are shown as can be");
  protocol::presence_entry entry{who, client, presence.cursor, presence.state};
  if (!entry.cursor.empty())
    entry.cursor = moved(std::move(entry.cursor), client, since, type);
  changed_[who] = entry;
  entries_[who] = std::move(entry);
  return {};
}

bool presence_board::show(presence_id who, const client_id& client, bytes state) {
  if (state.size() > limits::presence_bytes_max ||
      (!entries_.contains(who) && entries_.size() >= limits::presence_entries_max)) {
    remove(who);
    return false;
  }
  protocol::presence_entry entry{who, client, {}, std::move(state)};
  changed_[who] = entry;
  entries_[who] = std::move(entry);
  return true;
}

void presence_board::remove(presence_id who) {
  if (const auto found = entries_.find(who); found != entries_.end()) {
    changed_[who] = {who, found->second.client, {}, {}};
    entries_.erase(found);
  }
}

void presence_board::move(std::span<const protocol::committed_edit> run, const types::document_type& type) {
  for (auto* board : {&entries_, &changed_})
    for (auto& [id, entry] : *board)
      if (!entry.cursor.empty())
        entry.cursor = moved(std::move(entry.cursor), entry.client, run, type);
}

std::vector<protocol::presence_entry> presence_board::everybody() const {
  std::vector<protocol::presence_entry> all;
  all.reserve(entries_.size());
  for (const auto& [id, entry] : entries_)
    all.push_back(entry);
  return all;
}

std::vector<protocol::presence_entry> presence_board::take_changes() {
  std::vector<protocol::presence_entry> changes;
  changes.reserve(changed_.size());
  for (auto& [id, entry] : changed_)
    changes.push_back(std::move(entry));
  changed_.clear();
  return changes;
}

}  // namespace quire::actors
