#pragma once

#include "actors/past_request.hpp"
#include "gateway/http/rest.hpp"
#include "gateway/http/target.hpp"

/// What documents were, as resources. docs/rest.md has the table.
namespace quire::gateway::http {

/// What is asked of a document's history.
struct past_plan {
  struct operations {
    revision from;
    revision to;
  };
  struct reading {
    revision at;
  };
  /// The content of a revision becomes the document's again, if that is where it is expected.
  struct restoration {
    revision at;
    actors::document_version expected;
  };

  document_reply reply;  ///< How the answer is shown; of operations only the document.
  std::variant<operations, reading, restoration> what;
};

/// Errors: the answer, if the store need not be asked.
[[nodiscard]] tl::expected<past_plan, answer> plan_past(const rest_request& request, past_target&& where);

[[nodiscard]] answer operations_answer(const result<actors::past_page>& given);

/// The content at a revision, as it was read.
[[nodiscard]] answer revision_answer(const document_reply& how, const result<actors::document_answer>& given);

/// The edit that restores what was read.
/// Errors: the answer, if it was not read or is of another generation than the one expected.
[[nodiscard]] tl::expected<document_plan, answer> plan_restoration(const document_reply& how,
                                                                   const actors::document_version& expected,
                                                                   const result<actors::document_answer>& read);

}  // namespace quire::gateway::http
