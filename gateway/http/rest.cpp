#include "gateway/http/rest.hpp"

#include "gateway/http/entity_tag.hpp"
#include "gateway/http/labels.hpp"
#include "gateway/http/percent.hpp"
#include "gateway/http/target.hpp"
#include "protocol/limits.hpp"

#include <array>
#include <charconv>
#include <ctime>
#include <nlohmann/json.hpp>
#include <utility>

namespace quire::gateway::http {

namespace {

using beast_http::verb;

constexpr std::string_view document_methods = "GET, HEAD, PUT, DELETE";
constexpr std::size_t list_page_default = 100;

std::string_view value_of(const beast_http::fields& fields, field name) {
  const auto value = fields[name];
  return {value.data(), value.size()};
}

std::string_view value_of(const beast_http::fields& fields, std::string_view name) {
  const auto value = fields[boost::beast::string_view(name.data(), name.size())];
  return {value.data(), value.size()};
}

tl::unexpected<answer> refused(status code, std::string_view name, std::string_view detail) {
  return tl::unexpected(refusal(code, name, detail, "give_up"));
}

tl::expected<document_plan, answer> plan_read(const rest_request& request, document_plan plan) {
  const auto as = preferred(value_of(request.fields, field::accept));
  if (!as)
    return refused(status::not_acceptable, "not_acceptable", "text/plain and application/json are to be had");
  plan.what = actors::read_document{*as};
  plan.reply.as = *as;
  plan.reply.if_none_match = value_of(request.fields, field::if_none_match);
  return plan;
}

bool is_text(std::string_view content_type) {
  return content_type.empty() || content_type == "text/plain" || content_type.starts_with("text/plain;");
}

/// The type that a document is created with: named by a field or in the query; else text.
tl::expected<std::string, answer> type_for_creation(const rest_request& request) {
  if (const auto named = value_of(request.fields, "Quire-Type"); !named.empty())
    return std::string(named);
  const auto named = query_value(request.target, "type");
  if (!named)
    return tl::unexpected(refusal(named.error()));
  return named->value_or("text");
}

tl::expected<document_plan, answer> plan_write(const rest_request& request, document_plan plan) {
  if (!is_text(value_of(request.fields, field::content_type)))
    return refused(status::unsupported_media_type, "unsupported_media_type", "send text/plain, in UTF-8");
  const auto none_match = value_of(request.fields, field::if_none_match);
  const auto match = value_of(request.fields, field::if_match);
  if (none_match.empty() == match.empty())
    return refused(status::precondition_required, "precondition_required",
                   "say If-None-Match: * to create, or If-Match with the entity tag that you replace");
  actors::write_document write;
  plan.reply.kind = document_reply::to::replacement;
  if (!none_match.empty()) {
    if (none_match != "*")
      return refused(status::precondition_required, "precondition_required", "only If-None-Match: * creates");
    auto type = type_for_creation(request);
    if (!type)
      return tl::unexpected(type.error());
    write.type = std::move(*type);
    plan.reply.kind = document_reply::to::creation;
  } else {
    write.expected = version_in(match);
    if (!write.expected)
      return tl::unexpected(refusal({errc::precondition_failed, "If-Match takes one entity tag as GET gave it"}));
  }
  plan.what = std::move(write);
  return plan;
}

tl::expected<document_plan, answer> plan_delete(const rest_request& request, document_plan plan) {
  actors::delete_document erase;
  if (const auto match = value_of(request.fields, field::if_match); !match.empty() && match != "*") {
    erase.expected = version_in(match);
    if (!erase.expected)
      return tl::unexpected(refusal({errc::precondition_failed, "If-Match takes one entity tag as GET gave it"}));
  }
  plan.what = erase;
  plan.reply.kind = document_reply::to::deletion;
  return plan;
}

void set_validators(answer& made, const document_reply& how, const actors::document_version& version) {
  made.set(field::etag, entity_tag(version, how.as));
  made.set(field::cache_control, "private, max-age=0, must-revalidate");
  made.set(field::vary, "Accept");
}

answer read_answer(const document_reply& how, const actors::document_answer& given) {
  const auto tag = entity_tag(given.version, how.as);
  answer made;
  if (is_listed(how.if_none_match, tag))
    made.status = status::not_modified;
  else
    made =
      with_body(status::ok, how.as == actors::representation::json ? "application/json" : "text/plain; charset=utf-8",
                given.content);
  set_validators(made, how, given.version);
  made.set("Quire-Type", given.type);
  return made;
}

std::string time_text(server_time at) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(at);
  std::tm parts{};
  std::array<char, 32> text{};
  const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &parts));
  return {text.data(), size};
}

}  // namespace

std::string path_of(const document_name& document) {
  return "/v1/documents/" + percent_encode(document.organisation) + "/" + percent_encode(document.name);
}

tl::expected<document_plan, answer> plan_document(const rest_request& request, document_name document) {
  document_plan plan;
  plan.reply.document = std::move(document);
  switch (request.method) {
    case verb::get:
    case verb::head: return plan_read(request, std::move(plan));
    case verb::put: return plan_write(request, std::move(plan));
    case verb::delete_: return plan_delete(request, std::move(plan));
    default: return tl::unexpected(not_allowed(document_methods));
  }
}

std::size_t body_max(const document_plan& plan) {
  if (std::holds_alternative<actors::label_revision>(plan.what))
    return limits::label_body_bytes_max;
  return std::holds_alternative<actors::write_document>(plan.what) ? limits::http_body_bytes_max : 0;
}

tl::expected<document_plan, answer> with_body(document_plan plan, std::string body) {
  if (auto* const label = std::get_if<actors::label_revision>(&plan.what)) {
    const auto at = labelled_revision(body);
    if (!at)
      return tl::unexpected(at.error());
    label->at = *at;
  } else if (auto* const write = std::get_if<actors::write_document>(&plan.what)) {
    write->content = std::move(body);
  }
  return plan;
}

answer document_answer(const document_reply& how, const result<actors::document_answer>& given) {
  using to = document_reply::to;
  if (!given)
    return refusal(given.error());
  if (how.kind == to::read)
    return read_answer(how, *given);
  if (how.kind == to::labelling)
    return label_answer(how, *given);
  answer made;
  made.status = how.kind == to::creation ? status::created : status::no_content;
  if (how.kind == to::creation || how.kind == to::replacement)
    set_validators(made, how, given->version);
  if (how.kind == to::creation)
    made.set(field::location, path_of(how.document));
  return made;
}

tl::expected<list_plan, answer> plan_list(const rest_request& request, std::string organisation) {
  if (request.method != verb::get && request.method != verb::head)
    return tl::unexpected(not_allowed("GET, HEAD"));
  auto after = query_value(request.target, "after");
  auto limit = query_value(request.target, "limit");
  if (!after || !limit)
    return tl::unexpected(refusal(after ? limit.error() : after.error()));
  std::size_t count = list_page_default;
  if (*limit) {
    const std::string& text = **limit;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failed != std::errc() || end != text.data() + text.size() || count == 0 || count > limits::list_page_max)
      return refused(status::bad_request, "malformed_message",
                     "limit is a number from 1 to " + std::to_string(limits::list_page_max));
  }
  return list_plan{std::move(organisation), after->value_or(""), count};
}

answer list_answer(const list_plan& plan, const result<std::vector<storage::document_summary>>& given) {
  if (!given)
    return refusal(given.error());
  auto documents = nlohmann::json::array();
  for (const storage::document_summary& one : *given) {
    if (documents.size() == plan.count)
      break;
    documents.push_back({{"name", one.info.document.name},
                         {"type", one.info.type},
                         {"generation", one.info.generation.value()},
                         {"revision", one.head.value()},
                         {"created", time_text(one.info.created)},
                         {"modified", time_text(one.modified)}});
  }
  const bool has_more = given->size() > plan.count;
  const nlohmann::json next = has_more ? documents.back()["name"] : nlohmann::json();
  const nlohmann::json body{{"documents", std::move(documents)}, {"next", next}};
  const auto text = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  auto made = with_body(status::ok, "application/json", share(to_bytes(text)));
  made.set(field::cache_control, "private, no-store");
  return made;
}

answer not_allowed(std::string_view allowed) {
  auto made = refusal(status::method_not_allowed, "method_not_allowed", "this resource has no such method", "give_up");
  made.set(field::allow, allowed);
  return made;
}

}  // namespace quire::gateway::http
