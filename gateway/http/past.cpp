#include "gateway/http/past.hpp"

#include "gateway/http/entity_tag.hpp"
#include "protocol/limits.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

namespace quire::gateway::http {

namespace {

using beast_http::verb;

tl::unexpected<answer> malformed(std::string_view detail) {
  return tl::unexpected(refusal(status::bad_request, "malformed_message", detail, "give_up"));
}

std::optional<revision> revision_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto* const end = text.data() + text.size();
  const auto [stopped, failed] = std::from_chars(text.data(), end, number);
  if (failed != std::errc() || stopped != end || number > limits::integer_max)
    return std::nullopt;
  return revision(number);
}

/// A revision that the query names; `otherwise` if it does not.
tl::expected<revision, answer> revision_in(const rest_request& request, std::string_view name, revision otherwise) {
  const auto text = query_value(request.target, name);
  if (!text)
    return tl::unexpected(refusal(text.error()));
  if (!*text)
    return otherwise;
  const auto found = revision_in(**text);
  if (!found || *found == revision(0))
    return malformed(std::string(name) + " is a revision, a number from 1");
  return *found;
}

tl::expected<past_plan, answer> plan_operations(const rest_request& request, past_plan plan) {
  const auto from = revision_in(request, "from", revision(0));
  if (!from)
    return tl::unexpected(from.error());
  const auto to = revision_in(request, "to", revision(limits::integer_max));
  if (!to)
    return tl::unexpected(to.error());
  if (*from > *to)
    return malformed("from is after to");
  plan.what = past_plan::operations{*from, *to};
  return plan;
}

tl::expected<past_plan, answer> plan_reading(const rest_request& request, revision at, past_plan plan) {
  // As of the document itself.
  auto read = plan_document(request, std::move(plan.reply.document));
  if (!read)
    return tl::unexpected(std::move(read.error()));
  plan.reply = std::move(read->reply);
  plan.what = past_plan::reading{at};
  return plan;
}

tl::expected<past_plan, answer> plan_restoration(const rest_request& request, revision at, past_plan plan) {
  const auto match = request.fields[field::if_match];
  if (match.empty())
    return tl::unexpected(refusal(status::precondition_required, "precondition_required",
                                  "say If-Match with the entity tag of what you replace", "give_up"));
  const auto expected = version_in({match.data(), match.size()});
  if (!expected)
    return tl::unexpected(refusal({errc::precondition_failed, "If-Match takes one entity tag as GET gave it"}));
  plan.reply.kind = document_reply::to::replacement;
  plan.what = past_plan::restoration{at, *expected};
  return plan;
}

/// What the document's own resource would answer otherwise, or does not know.
answer past_refusal(const error& why) {
  switch (why.code) {
    case errc::future_revision: return refusal(status::not_found, "future_revision", why.detail, "give_up");
    case errc::too_costly: return refusal(status::unprocessable_entity, "too_costly", why.detail, "give_up");
    default: return refusal(why);
  }
}

std::string hexadecimal(const client_id& id) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const auto octet : id.octets) {
    text += digits[octet >> 4U];
    text += digits[octet & 0x0FU];
  }
  return text;
}

std::string dumped(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// The operation is JSON already.
std::string operation_text(const actors::past_operation& one) {
  auto text = dumped({{"revision", one.revision.value()},
                      {"author", one.author},
                      {"client", hexadecimal(one.client)},
                      {"sequence", one.sequence.value()},
                      {"at", moment_text(one.at)}});
  text.pop_back();
  text += ",\"operation\":";
  text += as_text(one.json);
  return text + "}";
}

}  // namespace

tl::expected<past_plan, answer> plan_past(const rest_request& request, past_target&& where) {
  using part = past_target::part;
  past_plan plan;
  plan.reply.document = std::move(where.document);
  const bool is_read = request.method == verb::get || request.method == verb::head;
  if (where.what == part::restoration ? request.method != verb::post : !is_read)
    return tl::unexpected(not_allowed(where.what == part::restoration ? "POST" : "GET, HEAD"));
  if (where.what == part::operations)
    return plan_operations(request, std::move(plan));
  const auto at = revision_in(where.revision);
  if (!at)
    return malformed("a revision is a number");
  return where.what == part::revision ? plan_reading(request, *at, std::move(plan))
                                      : plan_restoration(request, *at, std::move(plan));
}

answer operations_answer(const result<actors::past_page>& given) {
  if (!given)
    return past_refusal(given.error());
  std::string text = "{\"generation\":" + std::to_string(given->head.generation.value()) +
                     ",\"head\":" + std::to_string(given->head.revision.value()) +
                     ",\"floor\":" + std::to_string(given->floor.value()) + ",\"operations\":[";
  for (const auto& one : given->operations) {
    if (&one != &given->operations.front())
      text += ',';
    text += operation_text(one);
  }
  text += "],\"next\":" + (given->next == revision(0) ? "null" : std::to_string(given->next.value())) + "}\n";
  auto made = with_body(status::ok, "application/json", share(to_bytes(text)));
  made.set(field::cache_control, "private, no-store");
  return made;
}

answer revision_answer(const document_reply& how, const result<actors::document_answer>& given) {
  return given ? document_answer(how, given) : past_refusal(given.error());
}

tl::expected<document_plan, answer> plan_restoration(const document_reply& how,
                                                     const actors::document_version& expected,
                                                     const result<actors::document_answer>& read) {
  if (!read)
    return tl::unexpected(past_refusal(read.error()));
  if (read->version.generation != expected.generation)
    return tl::unexpected(refusal({errc::precondition_failed, "the document was deleted and made anew"}));
  return document_plan{actors::write_document{{}, std::string(as_text(*read->content)), expected}, how};
}

}  // namespace quire::gateway::http
