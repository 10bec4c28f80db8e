// The part of document_core that answers REST, and that takes snapshots and deletes.

#include "actors/document/core.hpp"
#include "actors/document/snapshot_envelope.hpp"
#include "protocol/limits.hpp"

#include <algorithm>

namespace quire::actors {

namespace {

/// An unload with fewer operations since the last snapshot takes none: replaying them is quicker than writing it.
constexpr std::size_t operations_worth_a_snapshot = 100;
/// So much of operations is worth one even if they are few.
constexpr std::size_t bytes_worth_a_snapshot = 256 * 1024;

/// A big document is snapshotted more rarely, so that writing it costs at most about this much an operation.
constexpr std::size_t snapshot_bytes_an_operation = 1024;

/// The length of the longest beginning of `text`, UTF-8, of at most `size` bytes that cuts no character.
std::size_t beginning_of(std::string_view text, std::size_t size) {
  if (size >= text.size())
    return text.size();
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U)
    --size;
  return size;
}

}  // namespace

document_effects document_core::request(document_request asked) {
  document_effects out;
  if (removal_ || held_.size() >= limits::held_answers_max) {
    out.emplace_back(document_effect::answer_request{
      std::move(asked.answer), fail(errc::store_unavailable, removal_ ? "the document is being deleted"
                                                                      : "too many requests wait for the store")});
    return out;
  }
  if (std::holds_alternative<delete_document>(asked.what)) {
    request_removal(std::move(asked), out);
    return out;
  }
  if (std::holds_alternative<label_revision>(asked.what) || std::holds_alternative<remove_label>(asked.what)) {
    request_label(std::move(asked), out);
    return out;
  }
  auto answer = std::holds_alternative<read_document>(asked.what) ? read(std::get<read_document>(asked.what).as)
                                                                  : write(std::get<write_document>(asked.what), out);
  // A refusal shows the state as well as a success does, and waits as long.
  release(document_effect::answer_request{std::move(asked.answer), std::move(answer)}, out);
  snapshot_if_due(out);
  return out;
}

void document_core::request_removal(document_request asked, document_effects& out) {
  const auto& expected = std::get<delete_document>(asked.what).expected;
  auto checked = exists_ ? check_expected(expected) : fail(errc::not_found, "the document does not exist");
  if (!checked) {
    release(document_effect::answer_request{std::move(asked.answer), tl::unexpected(checked.error())}, out);
    return;
  }
  removal_ = std::move(asked);
  begin_removal_if_settled(out);
}

// What is labelled is durable first: nothing of the store may name what could still be lost.
void document_core::request_label(document_request asked, document_effects& out) {
  const auto refuse = [&](errc code, std::string why) {
    release(document_effect::answer_request{std::move(asked.answer), fail(code, std::move(why))}, out);
  };
  if (!exists_)
    return refuse(errc::not_found, "the document does not exist");
  if (auto* const unlabelled = std::get_if<remove_label>(&asked.what))
    return release(document_effect::drop_label{std::move(*unlabelled), std::move(asked.answer)}, out);
  auto& labelled = std::get<label_revision>(asked.what);
  if (labelled.at > state_->revision())
    return refuse(errc::future_revision, "the document is at revision " + std::to_string(state_->revision().value()));
  release(document_effect::set_label{std::move(labelled), std::move(asked.answer)}, out);
}

result<void> document_core::check_expected(const std::optional<document_version>& expected) const {
  if (expected && *expected != document_version{info_.generation, state_->revision()})
    return fail(errc::precondition_failed, "the document is at revision " + std::to_string(state_->revision().value()));
  return {};
}

result<document_answer> document_core::read(representation as) const {
  if (!exists_)
    return fail(errc::not_found, "the document does not exist");
  bytes content;
  if (auto written = as == representation::text ? state_->read_text(content) : state_->read_json(content); !written)
    return tl::unexpected(written.error());
  return document_answer{{info_.generation, state_->revision()}, info_.type, share(std::move(content))};
}

result<document_answer> document_core::write(const write_document& what, document_effects& out) {
  if (what.expected && !exists_)
    return fail(errc::precondition_failed, "the document does not exist");
  if (!what.expected && exists_)
    return fail(errc::already_exists, "the document exists");
  if (auto expected = check_expected(what.expected); !expected)
    return tl::unexpected(expected.error());
  if (!type_)
    if (auto adopted = adopt(what.type); !adopted)
      return tl::unexpected(adopted.error());
  if (!what.type.empty() && what.type != info_.type)
    return fail(errc::type_mismatch, "the document's type is '" + info_.type + "'");
  if (is_full())
    return fail(errc::store_unavailable, "too many edits wait for the store");
  const auto base = state_->revision();
  std::vector<storage::log_entry> entries;
  const auto replaced = replace(what.content, entries);
  if (!entries.empty() || (replaced && !exists_))
    append(std::move(entries), base, out);  // Also what was applied before a failure: the state has it.
  if (!replaced)
    return tl::unexpected(replaced.error());
  return document_answer{{info_.generation, state_->revision()}, info_.type, nullptr};
}

result<void> document_core::replace(std::string_view content, std::vector<storage::log_entry>& entries) {
  bytes current;
  if (auto read = state_->read_text(current); !read)
    return read;
  if (as_text(current) == content)
    return {};
  // What is longer than an operation may be is written piece by piece: each makes the content a longer beginning.
  const auto step = settings_.limits.operation_bytes_max / 2;
  for (std::size_t reached = 0; reached < content.size() || content.empty();) {
    auto operation = state_->replacement(content);
    if (!operation)
      return tl::unexpected(operation.error());
    const bool is_whole = operation->size() <= settings_.limits.operation_bytes_max;
    reached = is_whole ? content.size() : beginning_of(content, reached + step);
    if (!is_whole)
      operation = state_->replacement(content.substr(0, reached));
    if (!operation)
      return tl::unexpected(operation.error());
    const submitted_edit edit{server_client_, "", server_sequence_.next(), state_->revision(),
                              share(std::move(*operation))};
    if (auto applied = apply(edit, entries); !applied)
      return tl::unexpected(applied.error());
    server_sequence_ = edit.sequence;
    if (is_whole)
      break;
  }
  return {};
}

void document_core::begin_removal_if_settled(document_effects& out) {
  if (!removal_ || is_removing_ || appends_done_ != appends_issued_)
    return;
  is_removing_ = true;
  out.emplace_back(document_effect::remove{});
}

document_effects document_core::removed(const result<void>& outcome) {
  document_effects out;
  auto asked = std::move(*removal_);
  if (outcome) {
    out.emplace_back(document_effect::answer_request{
      std::move(asked.answer), document_answer{{info_.generation, state_->revision()}, info_.type, nullptr}});
    out.emplace_back(document_effect::end{{errc::document_deleted, "the document was deleted"}});
    return out;
  }
  removal_.reset();
  is_removing_ = false;
  out.emplace_back(document_effect::answer_request{std::move(asked.answer), tl::unexpected(outcome.error())});
  if (outcome.error().code == errc::stale_epoch)
    out.emplace_back(document_effect::end{outcome.error()});
  return out;
}

void document_core::snapshot_if_due(document_effects& out) {
  if (is_snapshot_under_way_ || !exists_)
    return;
  const auto worth =
    std::max(settings_.snapshot_after_operations, state_->memory().content_bytes / snapshot_bytes_an_operation);
  if (operations_since_snapshot_ >= worth ||
      bytes_since_snapshot_ >= std::max(settings_.snapshot_after_bytes, state_->memory().content_bytes))
    snapshot_now(out);
}

void document_core::snapshot_now(document_effects& out) {
  snapshot_envelope envelope{type_->snapshot_format, clients_, {}};
  state_->write_snapshot(envelope.state);
  is_snapshot_under_way_ = true;
  operations_since_snapshot_ = 0;
  bytes_since_snapshot_ = 0;
  release(document_effect::take_snapshot{{state_->revision(), envelope_format, seal(envelope)}}, out);
}

document_effects document_core::snapshot_stored() {
  is_snapshot_under_way_ = false;
  document_effects out;
  snapshot_if_due(out);
  return out;
}

document_effects document_core::before_unloading() {
  document_effects out;
  const bool is_worth_it =
    operations_since_snapshot_ >= operations_worth_a_snapshot || bytes_since_snapshot_ >= bytes_worth_a_snapshot;
  if (exists_ && !is_snapshot_under_way_ && is_worth_it)
    snapshot_now(out);
  return out;
}

}  // namespace quire::actors
