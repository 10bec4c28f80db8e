// The part of relay_core that serves Yjs providers. What they are sent is durable, like everything else that leaves the
// document: an update once it is committed, the answer to a step 1 once all that is in it is.
//
//   provider              relay                            document
//     |-- step 1 ---------->|-- take_difference ------------->|
//     |<- step 2, step 1 ---|<------------- difference_taken --|  (held until it is durable)
//     |-- step 2, update -->|-- submit_edits ---------------->|
//     |<- update -----------|<---------------- committed_run --|
//     |<- sync status ------|<--------------- edits_answered --|

#include "actors/relay/core.hpp"
#include "actors/relay/provider_frames.hpp"
#include "actors/types/yjs/json_text.hpp"
#include "actors/types/yjs/split.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace quire::actors {

namespace {

namespace yjs = protocol::yjs;

bytes encoded(std::span<const yjs::awareness_entry> entries) {
  bytes out;
  yjs::encode_awareness(entries, out);
  return out;
}

std::vector<bytes> in_parts(const bytes& update) {
  if (update.size() <= limits::provider_update_whole_bytes)
    return {update};
  return types::yjs::split_update(update, limits::provider_part_bytes);
}

result<std::vector<yjs::awareness_entry>> read_awareness(bytes_view data) {
  auto entries = yjs::decode_awareness(data);
  if (entries)
    for (const auto& entry : *entries)
      if (!types::yjs::is_json(entry.state))
        return fail(errc::malformed_message, "an awareness state that is not JSON");
  return entries;
}

}  // namespace

/// Updates merge in any order: it needs no place to begin at, and asks for what it lacks itself.
void relay_core::join_provider(subscriber& who, relay_effects& out) {
  out.emplace_back(relay_effect::begin{who.connection, who.outlet, who.request});
  if (const auto people = awareness_.everybody(); !people.empty())
    deliver_to_provider(who, yjs::awareness_update{encoded(people)}, true, out);
  who.is_listed = true;
  audience_.set_live(who);
}

void relay_core::take_update(const subscriber& who, bytes&& update) {
  upstream_.push({who.connection,
                  who.outlet,
                  who.request,
                  {{}, who.author, {}, {}, share(std::move(update)), ++last_receipt_, !who.is_read_only}});
}

void relay_core::take_awareness(const subscriber& who, bytes_view entries, relay_effects& out) {
  const auto read = read_awareness(entries);
  if (!read) {
    out.emplace_back(relay_effect::count_refusal{read.error().code});
    if (read.error().code != errc::too_much_presence)
      end(who.connection, read.error(), out);
  } else if (awareness_.update(who.connection, *read) > 0) {
    out.emplace_back(relay_effect::count_refusal{errc::too_much_presence});
  }
  await_flush(out);
}

void relay_core::take_query(const subscriber& who, relay_effects& out) {
  deliver_to_provider(who, yjs::awareness_update{encoded(awareness_.everybody())}, true, out);
}

void relay_core::ask_differences(relay_effects& out) {
  while (auto request = differences_.next())
    out.emplace_back(relay_effect::ask_difference{std::move(*request)});
}

relay_effects relay_core::difference_taken(std::uint64_t ticket, const result<types::shared_difference>& what) {
  relay_effects out;
  asking_groups askers;
  for (const auto& asker : differences_.settle(ticket)) {
    const auto* who = audience_.find(asker.connection);
    if (what) {
      askers[{who->dialect, who->label, asker.asks_back, who->outlet}].push_back(asker.connection);
    } else {
      out.emplace_back(relay_effect::count_refusal{what.error().code});
      end(asker.connection, what.error(), out);
    }
  }
  if (!askers.empty())
    deliver_difference(**what, std::move(askers), out);
  await_flush(out);
  send_waiting(out);
  return out;
}

void relay_core::deliver_difference(const types::difference& what, asking_groups askers, relay_effects& out) {
  const auto parts = in_parts(what.update);
  std::map<std::pair<protocol::dialect, std::string_view>, std::vector<shared_bytes>> frames;
  for (auto& [group, connections] : askers) {
    const auto& [dialect, label, asks_back, outlet] = group;
    auto& answer = frames[{dialect, label}];
    if (answer.empty()) {
      // The client takes itself for synced with the first step 2: that is the last part.
      for (const bytes& part : parts)
        answer.push_back(&part == &parts.back() ? to_frame(yjs::sync_step_2{part}, dialect, label)
                                                : to_frame(yjs::sync_update{part}, dialect, label));
      answer.push_back(to_frame(yjs::sync_step_1{what.position, true}, dialect, label));
    }
    const auto to = std::make_shared<const connection_list>(std::move(connections));
    for (const auto& frame : std::span(answer).first(answer.size() - (asks_back ? 0 : 1)))
      out.emplace_back(relay_effect::deliver{outlet, {number_, frame, to, {}, 0, true}});
  }
}

/// A message each, which is a frame each, or of a large one several; its sender gets its own too, and knows it already.
void relay_core::deliver_updates(std::span<const protocol::committed_edit> run, relay_effects& out) {
  const auto& groups = audience_.live_providers();
  if (groups.empty())
    return;
  for (const auto& edit : run) {
    const bool is_large = edit.operation->size() > limits::provider_update_whole_bytes;
    const auto parts = is_large ? in_parts(*edit.operation) : std::vector<bytes>();
    for (const auto& group : groups) {
      const auto deliver = [&](bytes_view update, std::uint32_t edits) {
        const auto frame = to_frame(yjs::sync_update{update}, group.dialect, group.label);
        for (const auto& [outlet, connections] : group.to)
          out.emplace_back(relay_effect::deliver{outlet, {number_, frame, connections, {}, edits, is_large}});
      };
      if (!is_large)
        deliver(*edit.operation, 1);
      for (const bytes& part : parts)
        deliver(part, &part == &parts.back() ? 1 : 0);
    }
  }
}

/// Hocuspocus' clients count on one status for each; those of y-websocket are told nothing, unless they may not write.
/// Who sent what can not be taken has something that the document lacks, and is not told apart from others by anything
/// later: it comes again, with all it has.
void relay_core::answer_updates(std::span<const answered_update> updates, relay_effects& out) {
  if (updates.empty())
    return;
  std::map<outlet_key, std::vector<credit_return>> credit;
  std::map<std::tuple<outlet_key, std::string, bool>, connection_list> statuses;
  std::vector<std::pair<connection_id, error>> unfit;
  for (const auto& [update, refusal] : updates) {
    if (update.from != connection_id{})
      credit[update.outlet].push_back(update.credit());
    if (refusal)
      out.emplace_back(relay_effect::count_refusal{refusal->code});
    if (refusal && update.edit.was_durable)
      out.emplace_back(relay_effect::report_unwritten{*refusal});
    const auto* who = audience_.find(update.from);
    if (!who || who->request != update.request)
      continue;  // Who opened the document again since then counts from there on.
    if (who->dialect == protocol::dialect::hocuspocus)
      statuses[{who->outlet, who->label, !refusal}].push_back(who->connection);
    else if (refusal && refusal->code == errc::forbidden)
      deliver_to_provider(*who, yjs::permission_denied{refusal->detail}, false, out);
    if (refusal && refusal->code != errc::forbidden)
      unfit.emplace_back(who->connection, *refusal);
  }
  for (auto& [key, connections] : statuses) {
    const auto& [outlet, label, is_stored] = key;
    const auto frame = to_frame(yjs::sync_status{is_stored}, protocol::dialect::hocuspocus, label);
    auto to = std::make_shared<const connection_list>(std::move(connections));
    out.emplace_back(relay_effect::deliver{outlet, {number_, frame, std::move(to), {}, 0, false}});
  }
  for (auto& [outlet, settled] : credit)
    out.emplace_back(relay_effect::deliver{outlet, {number_, nullptr, nobody(), std::move(settled), 0, false}});
  for (const auto& [connection, why] : unfit)
    if (audience_.find(connection))
      end(connection, why, out);
  await_flush(out);
}

/// To everybody, its sender included: a client of y-websocket leaves when it hears nothing for 30 seconds.
void relay_core::flush_awareness(relay_effects& out) {
  const auto changes = awareness_.take_changes();
  if (changes.empty())
    return;
  for (const auto& entry : changes)
    mirror(entry);
  const auto entries = audience_.live_providers().empty() ? bytes() : encoded(changes);
  for (const auto& group : audience_.live_providers()) {
    const auto frame = to_frame(yjs::awareness_update{entries}, group.dialect, group.label);
    for (const auto& [outlet, connections] : group.to)
      out.emplace_back(relay_effect::deliver{outlet, {number_, frame, connections, {}, 0, false}});
  }
}

void relay_core::mirror(const yjs::awareness_entry& entry) {
  const auto known = mirrored_.find(entry.client);
  if (entry.is_gone() && known != mirrored_.end()) {
    presence_.remove(known->second);
    mirrored_.erase(known);
  } else if (!entry.is_gone()) {
    const auto shown_as = known == mirrored_.end() ? presence_.admit() : known->second;
    if (presence_.show(shown_as, to_presence_client(entry.client), to_presence_state(entry.state)))
      mirrored_[entry.client] = shown_as;
    else
      mirrored_.erase(entry.client);
  }
}

void relay_core::deliver_to_provider(const subscriber& who, const yjs::server_message& message, bool is_bulk,
                                     relay_effects& out) const {
  out.emplace_back(relay_effect::deliver{
    who.outlet, {number_, to_frame(message, who.dialect, who.label), only(who.connection), {}, 0, is_bulk}});
}

}  // namespace quire::actors
