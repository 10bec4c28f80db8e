#include "actors/document/core.hpp"

#include "actors/document/own_author.hpp"
#include "actors/document/snapshot_envelope.hpp"
#include "actors/document/stored_state.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <unordered_map>
#include <utility>

namespace quire::actors {

namespace {

/// How long a client whose edit found the pending ones at their bound should wait.
constexpr std::chrono::milliseconds retry_when_full{500};

/// An author for edits by REST: as random as the document's own id, and another one with every epoch.
client_id server_author(const document_id& document, epoch under) {
  client_id author{document.octets};
  for (std::size_t i = 0; i < 8; ++i)
    author.octets[i] ^= static_cast<std::uint8_t>(under.value() >> (8 * i));
  author.octets[15] ^= 0xFF;
  return author;
}

/// Of what the store lost only others' form is known, not how its client sent it.
std::uint64_t hash_of(const submitted_edit& edit) {
  return edit.was_durable ? 0 : content_hash(edit.base, *edit.operation);
}

}  // namespace

document_core::document_core(const storage::acquired& found, const document_settings& settings)
  : settings_(settings),
    epoch_(found.epoch),
    server_client_(server_author(found.info.id, found.epoch)),
    own_author_(own_author(found.epoch)),
    info_(found.info),
    exists_(found.exists),
    pending_bytes_(settings.pending),
    durable_(found.head) {}

result<document_core> document_core::restore(const storage::acquired& found,
                                             const std::optional<storage::loaded>& content,
                                             const document_settings& settings) {
  document_core core(found, settings);
  if (!found.exists)
    return core;
  assert(content);
  if (auto loaded = core.load(*content); !loaded)
    return tl::unexpected(loaded.error());
  return core;
}

result<void> document_core::load(const storage::loaded& content) {
  type_ = settings_.find_type(info_.type);
  if (!type_)
    return fail(errc::unknown_document_type, "this server has no document type '" + info_.type + "'");
  auto stored = open_stored(*type_, content.newest, settings_.limits);
  if (!stored)
    return tl::unexpected(stored.error());
  for (const auto& entry : content.tail) {
    if (auto replayed = replay_row(*stored, *type_, entry); !replayed)
      return replayed;
    bytes_since_snapshot_ += entry.operation->size();
  }
  state_ = std::move(stored->state);
  clients_ = std::move(stored->clients);
  operations_since_snapshot_ = content.tail.size();
  if (state_->revision() != durable_)
    return fail(errc::document_damaged, "log: it ends at revision " + std::to_string(state_->revision().value()) +
                                          ", the head says " + std::to_string(durable_.value()));
  return {};
}

result<void> document_core::adopt(std::string_view type) {
  const auto* found = settings_.find_type(type);
  if (!found)
    return fail(errc::unknown_document_type, "this server has no document type '" + std::string(type) + "'");
  type_ = found;
  state_ = found->create(settings_.limits);
  info_.type = type;
  return {};
}

document_effects document_core::attach(relay_key relay, std::string_view type) {
  document_effects out;
  if (!type_ && !type.empty())
    if (auto adopted = adopt(type); !adopted) {
      out.emplace_back(document_effect::refuse_attach{relay, adopted.error()});
      return out;
    }
  out.emplace_back(document_effect::tell_attached{relay, durable_, durable_clients()});
  return out;
}

document_effects document_core::submit(relay_key relay, std::span<const submitted_edit> edits) {
  if (edits.size() > std::numeric_limits<client_sequence::value_type>::max() - own_sequence_.value())
    return end({errc::not_here, "the document's own numbers are at their end: the next one begins anew"});
  document_effects out;
  document_effect::answer_edits now{relay, {}};
  document_effect::answer_edits once_durable{relay, {}};
  std::vector<storage::log_entry> entries;
  const auto base = state_ ? state_->revision() : revision{};
  for (const auto& edit : edits)
    if (auto answer = order(edit, entries))
      (answer->refusal ? now : once_durable).answers.push_back(std::move(*answer));
  if (!entries.empty())
    append(std::move(entries), base, out);
  if (!now.answers.empty())
    out.emplace_back(std::move(now));
  if (!once_durable.answers.empty())
    release(std::move(once_durable), out);
  snapshot_if_due(out);
  return out;
}

edit_answer document_core::refuse(const submitted_edit& edit, error why) const {
  edit_answer answer{edit.client, edit.sequence, {}, std::move(why), {}, {}, edit.receipt};
  if (answer.refusal->code == errc::sequence_gap) {
    const auto* record = clients_.find(edit.client);
    answer.expected = record ? record->last.next() : client_sequence{1};
  }
  if (answer.refusal->code == errc::store_unavailable)
    answer.retry = retry_when_full;
  return answer;
}

edit_answer document_core::acknowledgement_of(const submitted_edit& edit) const {
  const auto at = edit.is_numbered() ? clients_.find(edit.client)->revision : state_->revision();
  return {edit.client, edit.sequence, at, {}, {}, {}, edit.receipt};
}

std::optional<edit_answer> document_core::order(const submitted_edit& edit, std::vector<storage::log_entry>& entries) {
  if (removal_)
    return refuse(edit, {errc::store_unavailable, "the document is being deleted"});
  if (!state_)
    return refuse(edit, {errc::not_found, "the document does not exist"});
  if (!edit.is_numbered() && !type_->merges)
    return refuse(edit, {errc::type_mismatch, "edits of the type '" + info_.type + "' are numbered by their clients"});
  if (edit.is_numbered())
    if (auto answer = check_number(edit))
      return answer;
  if (is_full() && !edit.was_durable)
    return refuse(edit, {errc::store_unavailable, "too many edits wait for the store"});
  const auto applied = apply(edit, entries);
  if (!applied)
    return refuse(edit, applied.error());
  if (*applied == types::outcome::nothing || !edit.is_numbered())
    return acknowledgement_of(edit);
  return {};
}

std::optional<edit_answer> document_core::check_number(const submitted_edit& edit) const {
  if (edit.was_durable) {
    const auto* record = clients_.find(edit.client);
    return record && edit.sequence <= record->last ? std::optional(acknowledgement_of(edit)) : std::nullopt;
  }
  switch (clients_.standing(edit.client, edit.sequence, content_hash(edit.base, *edit.operation))) {
    case edit_standing::repeated: return acknowledgement_of(edit);
    case edit_standing::reused:
      return refuse(edit, {errc::sequence_reused,
                           "edit " + std::to_string(edit.sequence.value()) + " was sent before with other content"});
    case edit_standing::gap:
      return refuse(edit, {errc::sequence_gap, "edit " + std::to_string(edit.sequence.value()) + " is not the next"});
    case edit_standing::too_many_clients:
      return refuse(edit, {errc::too_many_clients, "the document remembers as many clients as it can"});
    case edit_standing::next: break;
  }
  return {};
}

bool document_core::is_full() const noexcept {
  return pending_.size() >= limits::pending_edits_max || pending_bytes_.is_spent();
}

result<types::outcome> document_core::apply(const submitted_edit& edit, std::vector<storage::log_entry>& entries) {
  auto prepared = state_->prepare(edit.base, *edit.operation);
  if (!prepared)
    return tl::unexpected(prepared.error());
  if (prepared->outcome == types::outcome::nothing) {
    if (edit.is_numbered())
      note_as_done(edit, entries.empty() ? appends_issued_ : appends_issued_ + 1);
    return types::outcome::nothing;
  }
  if (!edit.may_change)
    return fail(errc::forbidden, "this connection may read the document, and not change it");
  state_->apply(*prepared);
  const auto number = state_->revision();
  const auto client = edit.is_numbered() ? edit.client : own_author_;
  const auto sequence = edit.is_numbered() ? edit.sequence : own_sequence_.next();
  if (edit.is_numbered())
    clients_.set(client, {sequence, number, hash_of(edit), {}});
  else
    own_sequence_ = sequence;
  entries.push_back({number, client, sequence, edit.author, {}, type_->operation_encoding, prepared->logged});
  pending_.push_back({{client, sequence, prepared->broadcast}, appends_issued_ + 1});
  pending_bytes_.add(prepared->broadcast->size());
  ++operations_since_snapshot_;
  bytes_since_snapshot_ += prepared->logged->size();
  return types::outcome::change;
}

void document_core::note_as_done(const submitted_edit& edit, std::uint64_t append) {
  const auto* before = clients_.find(edit.client);
  clients_.set(edit.client, {edit.sequence, state_->revision(), hash_of(edit), before ? before->at : server_time{}});
  if (append > appends_done_)
    pending_.push_back({{edit.client, edit.sequence, nullptr}, append});
}

void document_core::append(std::vector<storage::log_entry> entries, revision base, document_effects& out) {
  ++appends_issued_;
  const bool creates = !exists_;
  exists_ = true;
  out.emplace_back(document_effect::append{{info_, creates, epoch_, base, std::move(entries)}});
}

void document_core::release(document_effect::kind effect, document_effects& out) {
  if (appends_done_ == appends_issued_)
    out.push_back(std::move(effect));
  else
    held_.push_back({appends_issued_, std::move(effect)});
}

document_effects document_core::take_state(relay_key relay) {
  document_effects out;
  bytes content;
  state_->write_content(content);
  release(document_effect::give_state{relay, state_->revision(), share(std::move(content))}, out);
  return out;
}

document_effects document_core::take_difference(relay_key relay, std::uint64_t ticket, bytes_view known) {
  document_effects out;
  auto found = difference_from(known);
  release(document_effect::give_difference{relay, ticket, state_ ? state_->revision() : revision{}, std::move(found)},
          out);
  return out;
}

result<types::shared_difference> document_core::difference_from(bytes_view known) {
  if (!state_)
    return fail(errc::not_found, "the document does not exist");
  if (auto kept = differences_.find(state_->revision(), known))
    return kept;
  auto made = state_->difference_from(known);
  if (!made)
    return tl::unexpected(made.error());
  auto shared = std::make_shared<const types::difference>(std::move(*made));
  differences_.put(state_->revision(), known, shared);
  return shared;
}

document_effects document_core::appended(std::uint32_t appends, server_time at, const result<void>& outcome) {
  document_effects out;
  if (!outcome)
    return end(outcome.error());
  appends_done_ += appends;
  assert(appends_done_ <= appends_issued_);
  auto run = std::make_shared<std::vector<protocol::committed_edit>>();
  while (!pending_.empty() && pending_.front().append <= appends_done_) {
    auto& edit = pending_.front().edit;
    clients_.touch(edit.client, at);
    if (edit.operation) {
      pending_bytes_.remove(edit.operation->size());
      run->push_back(std::move(edit));
    }
    pending_.pop_front();
  }
  if (!run->empty()) {
    const auto first = durable_.next();
    durable_ = durable_.plus(run->size());
    out.emplace_back(document_effect::broadcast{first, std::move(run)});
  }
  while (!held_.empty() && held_.front().append <= appends_done_) {
    out.push_back(std::move(held_.front().effect));
    held_.pop_front();
  }
  begin_removal_if_settled(out);
  return out;
}

document_effects document_core::end(error why) {
  document_effects out;
  const auto tell = [&](answer_once& answer) {
    out.emplace_back(document_effect::answer_request{std::move(answer), tl::unexpected(why)});
  };
  for (auto& held : std::exchange(held_, {}))
    std::visit(
      [&](auto& waiting) {
        if constexpr (requires { tell(waiting.answer); })
          tell(waiting.answer);
      },
      held.effect);
  if (removal_)
    out.emplace_back(document_effect::answer_request{std::move(removal_->answer), tl::unexpected(why)});
  out.emplace_back(document_effect::end{std::move(why)});
  return out;
}

bool document_core::is_settled() const noexcept {
  return appends_done_ == appends_issued_ && !is_snapshot_under_way_ && !removal_;
}

std::shared_ptr<const client_table> document_core::durable_clients() const {
  std::unordered_map<client_id, client_sequence> first_pending;
  for (const auto& ordered : pending_)
    first_pending.try_emplace(ordered.edit.client, ordered.edit.sequence);
  auto table = std::make_shared<client_table>();
  table->reserve(clients_.all().size());
  for (const auto& [client, record] : clients_.all()) {
    const auto pending = first_pending.find(client);
    table->emplace_back(client,
                        pending == first_pending.end() ? record.last : client_sequence{pending->second.value() - 1});
  }
  return table;
}

}  // namespace quire::actors
