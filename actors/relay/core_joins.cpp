// The part of relay_core that finds the document and brings newcomers to where it is.

#include "actors/document/own_author.hpp"
#include "actors/relay/core.hpp"
#include "actors/relay/frames.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <utility>

namespace quire::actors {

namespace {

constexpr std::chrono::milliseconds first_pause{50};
constexpr std::chrono::milliseconds longest_pause{1000};

}  // namespace

/// Before a document that was just lost is looked for again.
std::chrono::milliseconds relay_core::pause() const {
  return failures_ <= 1 ? std::chrono::milliseconds{0}
                        : std::min(longest_pause, first_pause * (1U << std::min<std::size_t>(failures_, 10)));
}

relay_effects relay_core::seek() {
  relay_effects out;
  is_sought_ = phase_ != phase::attached;
  if (phase_ == phase::detached)
    begin_attach({}, out);
  return out;
}

void relay_core::begin_attach(std::string type, relay_effects& out) {
  phase_ = phase::attaching;
  attaching_as_ = type;
  out.emplace_back(relay_effect::attach{std::move(type), pause()});
}

relay_effects relay_core::attached(document_standing standing) {
  relay_effects out;
  const bool is_other = standing.epoch != standing_.epoch || standing.generation != standing_.generation;
  const bool is_behind = standing.head != ring_.head();
  const auto generation = std::exchange(standing_, std::move(standing)).generation;
  phase_ = phase::attached;
  is_sought_ = false;
  type_ = types::find_type(standing_.type);
  if (is_other || is_behind) {
    state_frames_.clear();
    ring_.set_pinned(false);
    if (is_behind || generation != standing_.generation) {
      // Who was live missed something: it comes again with where it is.
      for (const auto connection : audience_.everybody())
        if (audience_.find(connection)->is_live)
          drop(connection, {}, out);
      if (generation == standing_.generation && standing_.head < ring_.head())
        write_again(out);
      ring_.reset(standing_.head);
      await_flush(out);
    }
    last_sequences_ = {standing_.clients->begin(), standing_.clients->end()};
  }
  standing_.clients.reset();
  if (upstream_.is_empty())
    failures_ = 0;
  join_all_waiting(out);
  send_waiting(out);
  return out;
}

// Under the numbers they have, so that several relays may do it: the document takes each once. Those of providers have
// none, and nothing new if they are there.
void relay_core::write_again(relay_effects& out) {
  const bool is_here = ring_.covers(standing_.head);
  out.emplace_back(relay_effect::report_loss{ring_.head(), standing_.head, is_here});
  if (!is_here)
    return;
  std::vector<upstream::entry> lost;
  for (auto base = standing_.head; const auto& edit : ring_.after(base)) {
    if (is_own_author(edit.client))
      lost.push_back({{}, {}, 0, {{}, "", {}, {}, edit.operation, ++last_receipt_, true, true}});
    else
      lost.push_back({{}, {}, 0, {edit.client, "", edit.sequence, base, edit.operation, 0, true, true}});
    base = base.next();
  }
  upstream_.push_first(std::move(lost));
}

void relay_core::join_all_waiting(relay_effects& out) {
  for (const auto connection : std::exchange(waiting_, {}))
    if (auto* who = audience_.find(connection); who && !who->is_live) {
      if (phase_ == phase::attached)
        join(*who, out);
      else
        waiting_.push_back(connection);
    }
}

relay_effects relay_core::attach_failed(const error& why) {
  if (why.code != errc::unknown_document_type || !standing_.type.empty())
    return gone(why);
  // Only who asked for that type is concerned; the next may ask for another.
  relay_effects out;
  phase_ = phase::detached;
  for (const auto connection : std::exchange(waiting_, {})) {
    const auto* who = audience_.find(connection);
    if (who && who->type == attaching_as_)
      refuse(connection, why, out);
    else if (who)
      waiting_.push_back(connection);
  }
  if (!waiting_.empty())
    begin_attach(audience_.find(waiting_.front())->type, out);
  return out;
}

void relay_core::join(subscriber& who, relay_effects& out) {
  if (standing_.type.empty() && who.type.empty()) {
    refuse(who.connection, {errc::not_found, "the document does not exist, and no type was named to create it"}, out);
  } else if (standing_.type.empty()) {
    waiting_.push_back(who.connection);
    if (phase_ == phase::attached)
      begin_attach(who.type, out);
  } else if (!who.type.empty() && who.type != standing_.type) {
    refuse(who.connection, {errc::type_mismatch, "the document's type is '" + standing_.type + "'"}, out);
  } else if (who.since && who.since->generation != standing_.generation) {
    refuse(who.connection, {errc::generation_changed, "the document was deleted and made anew"}, out);
  } else if (who.dialect != protocol::dialect::quire) {
    join_provider(who, out);
  } else if (who.since && ring_.covers(who.since->revision)) {
    const auto missing = ring_.after(who.since->revision);
    join_with(who, to_frames(number_, who.since->revision.next(), missing), static_cast<std::uint32_t>(missing.size()),
              out);
  } else if (who.since && who.since->revision < ring_.head()) {
    auto& waiting = awaiting_history_[who.since->revision];
    waiting.push_back(who.connection);
    if (waiting.size() == 1)
      out.emplace_back(relay_effect::ask_history{who.since->revision, ring_.head()});
  } else {
    join_by_state(who, out);
  }
}

void relay_core::join_by_state(subscriber& who, relay_effects& out) {
  if (!state_frames_.empty() && ring_.covers(state_at_)) {
    auto frames = state_frames_;
    const auto missing = ring_.after(state_at_);
    std::ranges::copy(to_frames(number_, state_at_.next(), missing), std::back_inserter(frames));
    join_with(who, frames, static_cast<std::uint32_t>(missing.size()), out);
    return;
  }
  awaiting_state_.push_back(who.connection);
  if (awaiting_state_.size() == 1) {
    ring_.set_pinned(true);
    out.emplace_back(relay_effect::ask_state{});
  }
}

relay_effects relay_core::state_taken(revision at, bytes_view content) {
  relay_effects out;
  state_at_ = at;
  state_frames_ = to_frames(number_, at, content);
  ring_.set_pinned(false);
  for (const auto connection : std::exchange(awaiting_state_, {}))
    if (auto* who = audience_.find(connection); who && !who->is_live)
      join_by_state(*who, out);
  return out;
}

relay_effects relay_core::history_read(revision from, const result<storage::history_page>& page) {
  relay_effects out;
  const auto waiting = awaiting_history_.extract(from);
  if (waiting.empty() || phase_ != phase::attached)
    return out;
  std::vector<protocol::committed_edit> missing;
  if (page && page->is_complete)
    for (const auto& entry : page->entries)
      missing.push_back({entry.client, entry.sequence, entry.operation});
  const auto reached = from.plus(missing.size());
  const bool is_enough = !missing.empty() && ring_.covers(reached);
  if (is_enough)
    std::ranges::copy(ring_.after(reached), std::back_inserter(missing));
  const auto frames = is_enough ? to_frames(number_, from.next(), missing) : std::vector<shared_bytes>{};
  for (const auto connection : waiting.mapped()) {
    auto* who = audience_.find(connection);
    if (!who || who->is_live || !who->since || who->since->revision != from)
      continue;  // One that opened again meanwhile may come from elsewhere, and waits for that.
    if (is_enough)
      join_with(*who, frames, static_cast<std::uint32_t>(missing.size()), out);
    else
      join_by_state(*who, out);
  }
  return out;
}

void relay_core::join_with(subscriber& who, std::span<const shared_bytes> frames, std::uint32_t edits,
                           relay_effects& out) {
  const auto to = only(who.connection);
  const auto last = last_sequences_.find(who.client);
  out.emplace_back(relay_effect::begin{who.connection, who.outlet, who.request});
  const auto deliver = [&](shared_bytes frame, std::uint32_t carried) {
    out.emplace_back(relay_effect::deliver{who.outlet, {number_, std::move(frame), to, {}, carried, true}});
  };
  deliver(to_frame(protocol::opened{who.request, number_, standing_.generation, ring_.head(), standing_.type,
                                    last == last_sequences_.end() ? client_sequence{} : last->second, who.presence}),
          0);
  for (const auto& frame : frames)
    deliver(frame, &frame == &frames.back() ? edits : 0);
  if (auto people = presence_.everybody(); !people.empty())
    deliver(to_frame(protocol::presence_changes{number_, std::move(people)}), 0);
  who.is_listed = true;
  audience_.set_live(who);
}

}  // namespace quire::actors
