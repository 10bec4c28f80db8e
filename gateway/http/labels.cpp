#include "gateway/http/labels.hpp"

#include "gateway/http/percent.hpp"
#include "protocol/limits.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace quire::gateway::http {

namespace {

using beast_http::verb;

std::string_view value_of(const beast_http::fields& fields, field name) {
  const auto value = fields[name];
  return {value.data(), value.size()};
}

tl::unexpected<answer> malformed(std::string_view detail) {
  return tl::unexpected(refusal(status::bad_request, "malformed_message", detail, "give_up"));
}

bool is_json(std::string_view content_type) {
  constexpr std::string_view json = "application/json";
  return content_type.empty() || content_type == json || content_type.starts_with(std::string(json) + ";");
}

answer json_answer(status code, const nlohmann::json& body) {
  const auto text = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  auto made = with_body(code, "application/json", share(to_bytes(text)));
  made.set(field::cache_control, "private, no-store");
  return made;
}

tl::expected<document_plan, answer> plan_setting(const rest_request& request, document_plan plan) {
  if (!is_json(value_of(request.fields, field::content_type)))
    return tl::unexpected(refusal(status::unsupported_media_type, "unsupported_media_type",
                                  "send application/json: {\"revision\": N}", "give_up"));
  if (!value_of(request.fields, field::if_match).empty())
    return malformed("a label has no entity tag: send If-None-Match: * or nothing");
  const auto none_match = value_of(request.fields, field::if_none_match);
  if (!none_match.empty() && none_match != "*")
    return malformed("a label has no entity tag: only If-None-Match: * says that it shall be new");
  plan.reply.kind = document_reply::to::labelling;
  plan.what = actors::label_revision{plan.reply.label, {}, {}, !none_match.empty()};
  return plan;
}

}  // namespace

tl::expected<document_plan, answer> plan_label(const rest_request& request, document_name document, std::string label) {
  document_plan plan;
  plan.reply.document = std::move(document);
  plan.reply.label = std::move(label);
  if (request.method == verb::put)
    return plan_setting(request, std::move(plan));
  if (request.method != verb::delete_)
    return tl::unexpected(not_allowed("PUT, DELETE"));
  plan.reply.kind = document_reply::to::removal_of_label;
  plan.what = actors::remove_label{plan.reply.label};
  return plan;
}

tl::expected<revision, answer> labelled_revision(std::string_view body) {
  const auto parsed = nlohmann::json::parse(body, nullptr, false);
  if (!parsed.is_object() || parsed.size() != 1 || !parsed.contains("revision"))
    return malformed("the body is {\"revision\": N}");
  const auto& at = parsed["revision"];
  if (!at.is_number_unsigned() || at.get<std::uint64_t>() > limits::integer_max)
    return malformed("a revision is a number");
  return revision(at.get<std::uint64_t>());
}

answer label_answer(const document_reply& how, const actors::document_answer& given) {
  auto made =
    json_answer(given.is_new ? status::created : status::ok, {{"name", how.label},
                                                              {"generation", given.version.generation.value()},
                                                              {"revision", given.version.revision.value()}});
  if (given.is_new)
    made.set(field::location, path_of(how.document) + "/labels/" + percent_encode(how.label));
  return made;
}

answer labels_answer(const result<actors::past_labels>& given) {
  if (!given)
    return refusal(given.error());
  auto labels = nlohmann::json::array();
  for (const auto& one : given->labels)
    labels.push_back(
      {{"name", one.name}, {"revision", one.at.value()}, {"author", one.author}, {"at", moment_text(one.set)}});
  return json_answer(status::ok, {{"generation", given->head.generation.value()},
                                  {"head", given->head.revision.value()},
                                  {"floor", given->floor.value()},
                                  {"labels", std::move(labels)}});
}

}  // namespace quire::gateway::http
