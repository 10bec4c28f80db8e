#include "actors/past_request.hpp"

#include "actors/document/stored_state.hpp"
#include "protocol/limits.hpp"

#include <algorithm>

namespace quire::actors {

namespace {

result<past_operation> shown(const storage::document_info& info, const storage::log_entry& entry) {
  const auto* const type = types::find_type(info.type);
  if (!type)
    return fail(errc::unknown_document_type, "this server has no document type '" + info.type + "'");
  if (!type->write_operation_json)
    return fail(errc::type_mismatch, "operations of the type '" + info.type + "' have no form for tools");
  past_operation made{entry.revision, entry.client, entry.sequence, entry.author, entry.at, {}};
  if (auto written = type->write_operation_json(*entry.operation, made.json); !written)
    return tl::unexpected(written.error());
  return made;
}

result<past_page> operations(storage::history& from, const document_name& document, const read_operations& asked) {
  const auto found = from.find(document);
  if (!found)
    return tl::unexpected(found.error());
  const auto last = std::min(asked.to, found->head);
  const auto before = asked.from == revision(0) ? found->floor : revision{asked.from.value() - 1};
  past_page page{{found->info.generation, found->head}, found->floor, {}, revision(0)};
  const auto read = from.read(found->info.id, before, std::min(last, before.plus(limits::past_operations_page_max)),
                              limits::past_bytes_page_max);
  if (!read)
    return tl::unexpected(read.error());
  for (const auto& entry : read->entries) {
    auto operation = shown(found->info, entry);
    if (!operation)
      return tl::unexpected(operation.error());
    page.operations.push_back(std::move(*operation));
  }
  if (!page.operations.empty() && page.operations.back().revision < last)
    page.next = page.operations.back().revision.next();
  return page;
}

result<document_answer> state(storage::history& from, const document_name& document, const read_revision& asked,
                              const types::type_limits& limits) {
  const auto found = from.find(document);
  if (!found)
    return tl::unexpected(found.error());
  const auto stored =
    from.state_at(found->info.id, asked.at, {limits::past_replay_operations_max, limits::past_replay_bytes_max});
  if (!stored)
    return tl::unexpected(stored.error());
  const auto* type = types::find_type(found->info.type);
  if (!type)
    return fail(errc::unknown_document_type, "this server has no document type '" + found->info.type + "'");
  auto opened = open_stored(*type, stored->newest, limits);
  if (!opened)
    return tl::unexpected(opened.error());
  for (const auto& entry : stored->tail)
    if (auto replayed = replay_row(*opened, *type, entry); !replayed)
      return tl::unexpected(replayed.error());
  bytes content;
  const auto written =
    asked.as == representation::text ? opened->state->read_text(content) : opened->state->read_json(content);
  if (!written)
    return tl::unexpected(written.error());
  return document_answer{{found->info.generation, asked.at}, found->info.type, share(std::move(content))};
}

result<past_labels> labels(storage::history& from, const document_name& document) {
  const auto found = from.find(document);
  if (!found)
    return tl::unexpected(found.error());
  auto read = from.labels(found->info.id);
  if (!read)
    return tl::unexpected(read.error());
  return past_labels{{found->info.generation, found->head}, found->floor, std::move(*read)};
}

}  // namespace

void answer_past(storage::history& from, const past_request& request, const types::type_limits& limits) {
  if (const auto* const asked = std::get_if<read_operations>(&request.what))
    asked->answer(operations(from, request.document, *asked));
  else if (const auto* const of_one = std::get_if<read_revision>(&request.what))
    of_one->answer(state(from, request.document, *of_one, limits));
  else if (const auto* const of_names = std::get_if<read_labels>(&request.what))
    of_names->answer(labels(from, request.document));
}

void refuse_past(const past_request& request, const error& why) {
  std::visit([&](const auto& asked) { asked.answer(tl::unexpected(why)); }, request.what);
}

}  // namespace quire::actors
