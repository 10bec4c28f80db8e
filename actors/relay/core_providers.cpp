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
  std::map<std::pair<protocol::dialect, std::string_view>, std::pair<shared_bytes, shared_bytes>> frames;
  for (const auto& asker : differences_.settle(ticket)) {
    const auto* who = audience_.find(asker.connection);
    if (!what) {
      out.emplace_back(relay_effect::count_refusal{what.error().code});
      end(asker.connection, what.error(), out);
      continue;
    }
    auto& [step_2, step_1] = frames[{who->dialect, who->label}];
    if (!step_2) {
      step_2 = to_frame(yjs::sync_step_2{(*what)->update}, who->dialect, who->label);
      step_1 = to_frame(yjs::sync_step_1{(*what)->position, true}, who->dialect, who->label);
    }
    const auto to = only(asker.connection);
    out.emplace_back(relay_effect::deliver{who->outlet, {number_, step_2, to, {}, 0, true}});
    if (asker.asks_back)
      out.emplace_back(relay_effect::deliver{who->outlet, {number_, step_1, to, {}, 0, true}});
  }
  await_flush(out);
  send_waiting(out);
  return out;
}

/// A message each, which is a frame each; its sender gets its own too, and knows it already.
void relay_core::deliver_updates(std::span<const protocol::committed_edit> run, relay_effects& out) {
  for (const auto& group : audience_.live_providers())
    for (const auto& edit : run) {
      const auto frame = to_frame(yjs::sync_update{*edit.operation}, group.dialect, group.label);
      for (const auto& [outlet, connections] : group.to)
        out.emplace_back(relay_effect::deliver{outlet, {number_, frame, connections, {}, 1, false}});
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

void relay_core::deliver_to_provider(const subscriber& who, const yjs::server_message& message, bool is_join,
                                     relay_effects& out) const {
  out.emplace_back(relay_effect::deliver{
    who.outlet, {number_, to_frame(message, who.dialect, who.label), only(who.connection), {}, 0, is_join}});
}

}  // namespace quire::actors
