#pragma once

#include "actors/document_request.hpp"
#include "gateway/http/answer.hpp"
#include "protocol/result.hpp"
#include "storage/op_log.hpp"

#include <boost/beast/http/verb.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

/// Documents as resources. docs/rest.md has the table.
namespace quire::gateway::http {

/// What a request on a document or a list says, its body aside.
struct rest_request {
  beast_http::verb method = beast_http::verb::get;
  std::string_view target;
  const beast_http::fields& fields;
};

/// How the engine's answer is shown.
struct document_reply {
  enum class to : std::uint8_t { read, creation, replacement, deletion, labelling, removal_of_label };

  document_name document;
  to kind = to::read;
  actors::representation as = actors::representation::text;
  std::string if_none_match;  ///< Of a read.
  std::string label;          ///< Of a labelling.
};

/// What the engine is to be asked.
struct document_plan {
  actors::document_request::kind what;
  document_reply reply;
};

/// Errors: the answer, if the engine need not be asked.
[[nodiscard]] tl::expected<document_plan, answer> plan_document(const rest_request& request, document_name document);

/// Whether a plan is whole only with the request's body, and how large that may be; 0: it is whole.
[[nodiscard]] std::size_t body_max(const document_plan& plan);
/// A plan with its body.
[[nodiscard]] tl::expected<document_plan, answer> with_body(document_plan plan, std::string body);

/// The engine's answer, as HTTP's.
[[nodiscard]] answer document_answer(const document_reply& how, const result<actors::document_answer>& given);

struct list_plan {
  std::string organisation;
  std::string after;
  std::size_t count = 0;
};

[[nodiscard]] tl::expected<list_plan, answer> plan_list(const rest_request& request, std::string organisation);
/// `given` has one more than was asked for if there are more.
[[nodiscard]] answer list_answer(const list_plan& plan, const result<std::vector<storage::document_summary>>& given);

/// Which of both representations an Accept field prefers; nothing if neither.
[[nodiscard]] std::optional<actors::representation> preferred(std::string_view accept);

/// The path of a document.
[[nodiscard]] std::string path_of(const document_name& document);

/// 405, with what is allowed.
[[nodiscard]] answer not_allowed(std::string_view allowed);

}  // namespace quire::gateway::http
