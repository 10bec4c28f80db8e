#pragma once

#include "actors/past_request.hpp"
#include "gateway/http/rest.hpp"
#include "gateway/http/target.hpp"

/// Names of revisions, as resources. docs/rest.md has the table.
namespace quire::gateway::http {

/// What a request on one label asks of the document.
/// Errors: the answer, if the engine need not be asked.
[[nodiscard]] tl::expected<document_plan, answer> plan_label(const rest_request& request, document_name document,
                                                             std::string label);

/// The revision that a body names: `{"revision": N}`.
[[nodiscard]] tl::expected<revision, answer> labelled_revision(std::string_view body);

/// A label that was set.
[[nodiscard]] answer label_answer(const document_reply& how, const actors::document_answer& given);

[[nodiscard]] answer labels_answer(const result<actors::past_labels>& given);

}  // namespace quire::gateway::http
