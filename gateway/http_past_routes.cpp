// What a document was, and the names of its revisions: asked of the store. Restorations and labels are then asked of
// the document.

#include "gateway/http/labels.hpp"
#include "gateway/http/past.hpp"
#include "gateway/http_session.hpp"

#include <utility>

namespace quire::gateway {

template <class Given, class Done>
std::function<void(result<Given>)> http_session::back_here(Done done) {
  return [back = home_.inbox(), self = weak_from_this(), done = std::move(done)](result<Given> given) {
    back->run([self, done, given = std::move(given)] {
      const auto here = self.lock();
      if (here && here->phase_ == phase::asking)
        done(*here, given);
    });
  };
}

void http_session::route_to(http::past_target&& where) {
  if (for_whom_ != audience::clients)
    return answer_and_close(http::refusal({errc::not_found, "documents are on the other port"}));
  auto plan = http::plan_past(rest_request(), std::move(where));
  if (!plan)
    return answer_and_close(std::move(plan.error()));
  std::visit([&](const auto& what) { look_back(what, std::move(plan->reply)); }, plan->what);
}

void http_session::route_to(http::label_target&& where) {
  if (for_whom_ != audience::clients)
    return answer_and_close(http::refusal({errc::not_found, "documents are on the other port"}));
  if (where.label)
    return carry_out(http::plan_label(rest_request(), std::move(where.document), std::move(*where.label)));
  if (!is_read())
    return;
  const auto done = back_here<actors::past_labels>(
    [](http_session& here, const result<actors::past_labels>& given) { here.answer(http::labels_answer(given)); });
  ask_for_past({std::move(where.document), actors::read_labels{done}});
}

void http_session::look_back(const http::past_plan::operations& what, http::document_reply how) {
  const auto done = back_here<actors::past_page>(
    [](http_session& here, const result<actors::past_page>& given) { here.answer(http::operations_answer(given)); });
  ask_for_past({std::move(how.document), actors::read_operations{what.from, what.to, done}});
}

void http_session::look_back(const http::past_plan::reading& what, http::document_reply how) {
  actors::past_request asked{how.document, {}};
  asked.what = actors::read_revision{what.at, how.as,
                                     back_here<actors::document_answer>([how](http_session& here, const auto& given) {
                                       here.answer(http::revision_answer(how, given));
                                     })};
  ask_for_past(std::move(asked));
}

// Replaced only where the client knows the document to be: what was read meanwhile cannot be written over what came.
void http_session::look_back(const http::past_plan::restoration& what, http::document_reply how) {
  actors::past_request asked{how.document, {}};
  asked.what = actors::read_revision{
    what.at, actors::representation::text,
    back_here<actors::document_answer>([how, expected = what.expected](http_session& here, const auto& read) {
      auto plan = http::plan_restoration(how, expected, read);
      if (plan)
        here.ask_engine(std::move(*plan));
      else
        here.answer(std::move(plan.error()));
    })};
  ask_for_past(std::move(asked));
}

void http_session::ask_for_past(actors::past_request request) {
  phase_ = phase::asking;
  wait_until(home_.shared().set.http_answer_patience);
  home_.shared().engine.look_back(std::move(request));
}

}  // namespace quire::gateway
