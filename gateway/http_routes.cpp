// What each request asks for, and of whom.

#include "gateway/connection.hpp"
#include "gateway/conversation/hocuspocus.hpp"
#include "gateway/conversation/quire.hpp"
#include "gateway/conversation/y_websocket.hpp"
#include "gateway/http/origin.hpp"
#include "gateway/http/upgrade.hpp"
#include "gateway/http_session.hpp"
#include "gateway/static_files.hpp"

#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <utility>

namespace quire::gateway {

namespace bhttp = beast::http;
using bhttp::verb;

namespace {

constexpr std::string_view subprotocol = "quire.v1";
constexpr std::string_view websocket_version = "13";

std::string_view viewed(beast::string_view text) {
  return {text.data(), text.size()};
}

bool offers(beast::string_view protocols) {
  bhttp::token_list offered(protocols);
  return offered.exists(beast::string_view(subprotocol.data(), subprotocol.size()));
}

/// The subprotocol that is offered first; empty if none is.
std::string first_offered(beast::string_view protocols) {
  const bhttp::token_list offered(protocols);
  return offered.begin() == offered.end() ? std::string() : std::string(*offered.begin());
}

}  // namespace

http::rest_request http_session::rest_request() const {
  return {request_->get().method(), viewed(request_->get().target()), request_->get()};
}

void http_session::route() {
  const bool has_body = request_->chunked() || request_->content_length().value_or(0) != 0;
  if (has_body && request_->get().method() != verb::put)
    return answer_and_close(http::refusal({errc::malformed_message, "this request has no use for a body"}));
  auto target = http::parse_target(viewed(request_->get().target()), beast::websocket::is_upgrade(request_->get()));
  if (!target)
    return answer_and_close(http::refusal(target.error()));
  std::visit([this](auto&& where) { route_to(std::forward<decltype(where)>(where)); }, std::move(*target));
}

bool http_session::is_read() {
  const auto method = request_->get().method();
  if (method == verb::get || method == verb::head)
    return true;
  answer_and_close(http::not_allowed("GET, HEAD"));
  return false;
}

void http_session::route_to(http::health_target) {
  if (is_read())
    answer(http::with_text(http::status::ok, "ok\n"));
}

void http_session::route_to(http::readiness_target) {
  if (!is_read())
    return;
  const bool is_ready = home_.shared().is_ready;
  answer(http::with_text(is_ready ? http::status::ok : http::status::service_unavailable,
                         is_ready ? "ready\n" : "stopping\n"));
}

void http_session::route_to(http::metrics_target) {
  if (for_whom_ != audience::operators)
    return answer_and_close(http::refusal({errc::not_found, "there is no such page"}));
  if (!is_read())
    return;
  const services& shared = home_.shared();
  shared.watched.reads_waiting(shared.engine.reads_waiting());
  answer(http::with_body(http::status::ok, "text/plain; version=0.0.4; charset=utf-8",
                         share(to_bytes(shared.watched.text()))));
}

void http_session::route_to(const http::page_target& where) {
  if (for_whom_ != audience::clients)
    return answer_and_close(http::refusal({errc::not_found, "there is no such page"}));
  if (is_read())
    answer(home_.shared().pages.find(where.path, field(bhttp::field::if_none_match)));
}

void http_session::route_to(http::document_target&& where) {
  if (for_whom_ != audience::clients)
    return answer_and_close(http::refusal({errc::not_found, "documents are on the other port"}));
  carry_out(http::plan_document(rest_request(), std::move(where.document)));
}

void http_session::carry_out(tl::expected<http::document_plan, http::answer> plan) {
  if (!plan)
    return answer_and_close(std::move(plan.error()));
  if (http::body_max(*plan) == 0)
    return ask_engine(std::move(*plan));
  plan_ = std::move(*plan);
  read_body();
}

void http_session::route_to(http::list_target&& where) {
  if (for_whom_ != audience::clients)
    return answer_and_close(http::refusal({errc::not_found, "documents are on the other port"}));
  auto plan = http::plan_list(rest_request(), std::move(where.organisation));
  if (!plan)
    return answer_and_close(std::move(plan.error()));
  ask_for_list(std::move(*plan));
}

// The engine answers on a thread of its own: the answer is brought to this one, if the session is still there.
void http_session::ask_engine(http::document_plan plan) {
  phase_ = phase::asking;
  wait_until(home_.shared().set.http_answer_patience);
  actors::document_request request{plan.reply.document, std::move(plan.what), {}};
  request.answer = [back = home_.inbox(), self = weak_from_this(),
                    how = std::move(plan.reply)](result<actors::document_answer> given) {
    back->run([self, how, given = std::move(given)] {
      const auto here = self.lock();
      if (here && here->phase_ == phase::asking)
        here->answer(http::document_answer(how, given));
    });
  };
  home_.shared().engine.request(std::move(request));
}

void http_session::ask_for_list(http::list_plan plan) {
  phase_ = phase::asking;
  wait_until(home_.shared().set.http_answer_patience);
  actors::list_documents request{plan.organisation, plan.after, plan.count + 1, {}};
  request.answer = [back = home_.inbox(), self = weak_from_this(),
                    plan = std::move(plan)](result<std::vector<storage::document_summary>> given) {
    back->run([self, plan, given = std::move(given)] {
      const auto here = self.lock();
      if (here && here->phase_ == phase::asking)
        here->answer(http::list_answer(plan, given));
    });
  };
  home_.shared().engine.list(std::move(request));
}

void http_session::route_to(http::connect_target) {
  if (for_whom_ != audience::clients)
    return answer_and_close(http::refusal({errc::not_found, "clients connect on the other port"}));
  if (auto refused = why_not_upgrade())
    return answer_and_close(std::move(*refused));
  if (!offers(request_->get()[bhttp::field::sec_websocket_protocol]))
    return answer_and_close(http::refusal({errc::unsupported_version, "offer the subprotocol quire.v1"}));
  upgrade(subprotocol, [](connection& over) { return std::make_unique<quire_conversation>(over); });
}

// Their clients offer whatever subprotocols their application asks for, and expect one of them.
void http_session::route_to(http::provider_target&& where) {
  if (for_whom_ != audience::clients)
    return answer_and_close(http::refusal({errc::not_found, "clients connect on the other port"}));
  if (auto refused = why_not_upgrade())
    return answer_and_close(std::move(*refused));
  const auto offered = first_offered(request_->get()[bhttp::field::sec_websocket_protocol]);
  if (where.dialect == protocol::dialect::hocuspocus)
    return upgrade(offered, [](connection& over) { return std::make_unique<hocuspocus_conversation>(over); });
  auto token = http::query_value(viewed(request_->get().target()), "token");
  if (!token)
    return answer_and_close(http::refusal(token.error()));
  upgrade(offered, [&](connection& over) {
    return std::make_unique<y_websocket_conversation>(over, provider_document(std::move(where.name)),
                                                      std::move(*token).value_or(std::string()));
  });
}

std::optional<http::answer> http_session::why_not_upgrade() const {
  const services& shared = home_.shared();
  if (request_->get().method() != verb::get)
    return http::not_allowed("GET");
  if (!beast::websocket::is_upgrade(request_->get()))
    return http::refusal(http::status::upgrade_required, "upgrade_required", "this is a WebSocket's address", "give_up")
      .set(bhttp::field::upgrade, "websocket");
  if (field(bhttp::field::sec_websocket_version) != websocket_version)
    return http::refusal(http::status::upgrade_required, "upgrade_required", "WebSocket version 13 is spoken here",
                         "give_up")
      .set(bhttp::field::sec_websocket_version, websocket_version);
  if (!http::is_websocket_key(field(bhttp::field::sec_websocket_key)))
    return http::refusal({errc::malformed_message, "Sec-WebSocket-Key is not one"});
  if (!http::may_connect(field(bhttp::field::origin), field(bhttp::field::host), shared.set.allowed_origins))
    return http::refusal({errc::forbidden, "pages of this origin may not connect"});
  if (received_.size() != 0)
    return http::refusal({errc::malformed_message, "frames before the answer to the upgrade"});
  if (!shared.is_ready)
    return http::refusal({errc::shutting_down, "the server stops"});
  if (shared.connections >= shared.set.connections_max)
    return http::refusal({errc::overloaded, "as many are connected as may be"});
  return std::nullopt;
}

// The connection takes this session's place; the request and its buffers go with the session.
void http_session::upgrade(std::string_view subprotocol, const conversation_maker& talk) {
  phase_ = phase::ended;
  const auto made = std::make_shared<connection>(home_, id_, std::move(over_), talk);
  const auto self = shared_from_this();
  home_.peers().put(id_, made);
  made->start(http::switching_protocols(field(bhttp::field::sec_websocket_key), subprotocol));
}

}  // namespace quire::gateway
