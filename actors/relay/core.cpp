#include "actors/relay/core.hpp"

#include "actors/document/own_author.hpp"
#include "actors/relay/frames.hpp"
#include "protocol/errors.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <utility>

namespace quire::actors {

namespace {

/// After these the document is somewhere else, or has to be read again; after others it can not be had.
bool is_elsewhere(errc why) {
  return why == errc::not_here || why == errc::stale_epoch || why == errc::commit_in_doubt ||
         why == errc::sequence_reused;
}

}  // namespace

relay_effects relay_core::subscribe(subscriber who) {
  relay_effects out;
  if (const auto* before = audience_.find(who.connection)) {
    who.presence = before->presence;
    who.is_listed = before->is_listed;
    if (!before->is_live)
      out.emplace_back(relay_effect::refuse{
        before->connection, before->request, {errc::superseded, "the document was opened again before it was open"}});
  } else {
    who.presence = presence_.admit();
  }
  auto& added = audience_.add(std::move(who));
  if (phase_ == phase::attached && has_document()) {
    join(added, out);
    return out;
  }
  waiting_.push_back(added.connection);
  if (phase_ != phase::attaching)
    begin_attach(added.type, out);
  return out;
}

relay_effects relay_core::unsubscribe(connection_id connection) {
  relay_effects out;
  if (const auto* who = audience_.find(connection)) {
    if (!who->is_live)
      out.emplace_back(
        relay_effect::refuse{connection, who->request, {errc::document_not_open, "the document was closed meanwhile"}});
    forget(*who);
    await_flush(out);
  }
  return out;
}

relay_effects relay_core::turn(std::vector<session_item> items) {
  relay_effects out;
  for (auto& item : items) {
    auto* who = audience_.find(item.from);
    if (!who)
      continue;  // Its subscription ended while this was on its way; the session was told.
    if (auto* edit = std::get_if<protocol::edit>(&item.what))
      take_edit(*who, std::move(*edit));
    else if (const auto* presence = std::get_if<protocol::presence_update>(&item.what))
      take_presence(*who, *presence, out);
    else if (auto* update = std::get_if<provider_update>(&item.what))
      take_update(*who, std::move(update->update));
    else if (auto* step = std::get_if<provider_step_1>(&item.what))
      differences_.add({who->connection, step->asks_back}, std::move(step->state_vector));
    else if (const auto* awareness = std::get_if<provider_awareness>(&item.what))
      take_awareness(*who, awareness->entries, out);
    else
      take_query(*who, out);
  }
  send_waiting(out);
  return out;
}

void relay_core::take_edit(const subscriber& who, protocol::edit&& edit) {
  upstream_.push(
    {who.connection,
     who.outlet,
     who.request,
     {who.client, who.author, edit.sequence, edit.base, share(std::move(edit.operation)), 0, !who.is_read_only}});
}

void relay_core::send_waiting(relay_effects& out) {
  if (phase_ != phase::attached)
    return;
  if (auto edits = upstream_.take_sendable(); !edits.empty())
    out.emplace_back(relay_effect::submit{std::move(edits)});
  ask_differences(out);
}

relay_effects relay_core::committed(quire::epoch epoch, revision first, std::span<const protocol::committed_edit> run) {
  relay_effects out;
  if (phase_ != phase::attached || epoch != standing_.epoch)
    return out;
  if (first != ring_.head().next())
    return gone({errc::not_here, "the document's edits came out of order"});
  failures_ = 0;
  std::map<outlet_key, std::vector<credit_return>> credit;
  for (const auto& edit : run) {
    ring_.push(edit);
    if (is_own_author(edit.client))
      continue;  // If it came from here it is answered apart.
    last_sequences_[edit.client] = edit.sequence;
    if (const auto settled = upstream_.settle(edit.client, edit.sequence); settled && settled->from != connection_id{})
      credit[settled->outlet].push_back(settled->credit());
  }
  if (type_)
    presence_.move(run, *type_);
  if (!ring_.covers(state_at_))
    state_frames_.clear();
  const auto frames = audience_.live().empty() ? std::vector<shared_bytes>{} : to_frames(number_, first, run);
  deliver_to_live(frames, static_cast<std::uint32_t>(run.size()), std::move(credit), out);
  deliver_updates(run, out);
  send_waiting(out);
  return out;
}

void relay_core::deliver_to_live(const std::vector<shared_bytes>& frames, std::uint32_t edits,
                                 std::map<outlet_key, std::vector<credit_return>> credit, relay_effects& out) {
  for (const auto& [outlet, connections] : audience_.live()) {
    for (const auto& frame : frames) {
      const bool is_last = &frame == &frames.back();
      out.emplace_back(relay_effect::deliver{
        outlet,
        {number_, frame, connections, is_last ? std::exchange(credit[outlet], {}) : std::vector<credit_return>{},
         is_last ? edits : 0, false}});
    }
  }
  for (auto& [outlet, settled] : credit)
    if (!settled.empty())
      out.emplace_back(relay_effect::deliver{outlet, {number_, nullptr, nobody(), std::move(settled), 0, false}});
}

relay_effects relay_core::answered(std::span<const edit_answer> answers) {
  relay_effects out;
  std::vector<answered_update> updates;
  for (const auto& answer : answers) {
    if (answer.receipt != 0) {
      if (auto update = upstream_.settle(answer.receipt))
        updates.push_back({std::move(*update), answer.refusal});
      continue;
    }
    const auto settled = upstream_.settle(answer.client, answer.sequence);
    if (answer.refusal) {
      out.emplace_back(relay_effect::count_refusal{answer.refusal->code});
    } else {
      auto& last = last_sequences_[answer.client];  // An edit that had nothing new is in no run.
      last = std::max(last, answer.sequence);
    }
    if (!settled)
      continue;
    if (answer.refusal && settled->edit.was_durable)
      out.emplace_back(relay_effect::report_unwritten{*answer.refusal});
    return_credit(*settled, out);
    const auto* who = audience_.find(settled->from);
    if (!who)
      continue;
    auto frame = answer.refusal ? to_frame(protocol::nack{number_, answer.sequence, answer.refusal->code,
                                                          answer.refusal->detail, answer.expected, answer.retry})
                                : to_frame(protocol::ack{number_, answer.sequence, answer.revision});
    deliver_to(*who, std::move(frame), out);
  }
  answer_updates(updates, out);
  send_waiting(out);
  return out;
}

void relay_core::return_credit(const upstream::entry& settled, relay_effects& out) const {
  if (settled.from == connection_id{})
    return;
  out.emplace_back(relay_effect::deliver{settled.outlet, {number_, nullptr, nobody(), {settled.credit()}, 0, false}});
}

void relay_core::deliver_to(const subscriber& who, shared_bytes frame, relay_effects& out) const {
  out.emplace_back(relay_effect::deliver{who.outlet, {number_, std::move(frame), only(who.connection), {}, 0, false}});
}

void relay_core::take_presence(subscriber& who, const protocol::presence_update& presence, relay_effects& out) {
  if (!who.is_live || !type_)
    return;
  auto placed = presence;
  std::vector<protocol::committed_edit> since;
  if (ring_.covers(presence.at))
    since = ring_.after(presence.at);
  else
    placed.cursor.clear();
  if (placed.cursor.empty() && placed.state.empty() && !presence.cursor.empty())
    return;
  if (auto updated = presence_.update(who.presence, who.client, placed, since, *type_); !updated) {
    out.emplace_back(relay_effect::count_refusal{updated.error().code});
    deliver_to(who, to_frame(protocol::failure{0, updated.error().code, updated.error().detail, {}}), out);
    return;
  }
  await_flush(out);
}

void relay_core::await_flush(relay_effects& out) {
  if (is_flush_awaited_ || !(presence_.has_changes() || awareness_.has_changes()))
    return;
  is_flush_awaited_ = true;
  out.emplace_back(relay_effect::await_flush{});
}

relay_effects relay_core::flush_presence() {
  is_flush_awaited_ = false;
  relay_effects out;
  flush_awareness(out);
  if (auto changes = presence_.take_changes(); !changes.empty())
    deliver_to_live({to_frame(protocol::presence_changes{number_, std::move(changes)})}, 0, {}, out);
  await_flush(out);
  return out;
}

relay_effects relay_core::gone(const error& why) {
  relay_effects out;
  phase_ = phase::detached;
  state_frames_.clear();
  ring_.set_pinned(false);
  waiting_.clear();
  awaiting_state_.clear();
  awaiting_history_.clear();
  differences_.restart();
  if (!is_elsewhere(why.code) || ++failures_ > limits::attach_failures_max) {
    is_sought_ = false;
    // What the store does not tell now it has to tell later, and then be where it was.
    if (!is_elsewhere(why.code) && describe(why.code).remedy != remedy::retry)
      standing_ = {};
    type_ = nullptr;
    drop_all(why, out);
    failures_ = upstream_.is_empty() ? 0 : limits::attach_failures_max;
    if (!upstream_.is_empty())
      begin_attach(standing_.type, out);
    return out;
  }
  upstream_.restart();  // The next one applies nothing twice.
  for (const auto connection : audience_.everybody())
    if (!audience_.find(connection)->is_live)
      waiting_.push_back(connection);
  if (!is_idle() || is_sought_)
    begin_attach(standing_.type.empty() ? attaching_as_ : standing_.type, out);
  return out;
}

void relay_core::refuse(connection_id connection, error why, relay_effects& out) {
  const auto* who = audience_.find(connection);
  out.emplace_back(relay_effect::refuse{connection, who->request, std::move(why)});
  if (who->is_listed)
    out.emplace_back(relay_effect::drop{connection, who->outlet, {}, false});
  forget(*who);
}

void relay_core::forget(const subscriber& who) {
  const auto connection = who.connection;
  presence_.remove(who.presence);
  awareness_.leave(connection);
  differences_.remove(connection);
  audience_.remove(connection);
}

/// Without a reason it missed something, and is to open again.
void relay_core::drop(connection_id connection, std::optional<error> why, relay_effects& out) {
  const auto* who = audience_.find(connection);
  const bool has_missed_edits = !why;
  out.emplace_back(relay_effect::drop{connection, who->outlet, std::move(why), has_missed_edits});
  forget(*who);
}

void relay_core::drop_all(const error& why, relay_effects& out) {
  // What the store lost nobody else has, and goes to the document whenever that is there.
  std::vector<upstream::entry> owed;
  for (auto& unanswered : upstream_.clear())
    if (unanswered.edit.was_durable && has_document())
      owed.push_back(std::move(unanswered));
    else
      return_credit(unanswered, out);
  upstream_.push_first(std::move(owed));
  for (const auto connection : audience_.everybody())
    end(connection, why, out);
  await_flush(out);
}

void relay_core::end(connection_id connection, const error& why, relay_effects& out) {
  if (audience_.find(connection)->is_live)
    drop(connection, why, out);
  else
    refuse(connection, why, out);
}

}  // namespace quire::actors
