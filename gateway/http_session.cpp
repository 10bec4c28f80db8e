// One request after another:
//
//   idle ── first byte ──> head ──> (body) ──> asking the engine ──> writing ──> idle, or lingering until the client
//   has read the answer, or handed over to a connection

#include "gateway/http_session.hpp"

#include "gateway/connection.hpp"
#include "gateway/http/head_check.hpp"
#include "protocol/limits.hpp"

#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <utility>

namespace quire::gateway {

namespace bhttp = beast::http;
using bhttp::verb;

namespace {

constexpr std::size_t read_bytes = 4 * 1024;

std::string_view viewed(beast::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

http_session::http_session(io_thread& home, actors::connection_id id, transport over, audience for_whom)
  : home_(home),
    id_(id),
    for_whom_(for_whom),
    over_(std::move(over)),
    received_(limits::http_header_bytes_max + read_bytes) {}

void http_session::start() {
  home_.set_unfinished(id_, true);
  if (phase_ == phase::ended)
    return;
  home_.check_after(id_, home_.shared().set.check_interval());
  wait_until(home_.shared().set.http_patience);
  if (!over_.tls())
    return read_head();
  over_.tls()->async_handshake(net::ssl::stream_base::server, [self = shared_from_this()](error_code failed) {
    if (failed)
      return self->abort();
    self->read_head();
  });
}

void http_session::read_head() {
  request_.reset();
  response_.reset();
  phase_ = received_.size() == 0 ? phase::idle : phase::head;
  if (try_head())
    return;
  over_.async_read_some(
    received_.prepare(std::min(read_bytes, received_.max_size() - received_.size())),
    [self = shared_from_this()](error_code failed, std::size_t count) { self->on_head_part(failed, count); });
}

void http_session::on_head_part(error_code failed, std::size_t count) {
  if (failed || phase_ == phase::ended)
    return ended();
  received_.commit(count);
  if (std::exchange(phase_, phase::head) == phase::idle)
    wait_until(home_.shared().set.http_patience);
  read_head();
}

// Takes the head if it is all there. The raw bytes are looked at before any parser sees them.
bool http_session::try_head() {
  const auto data = received_.cdata();
  const std::string_view text(static_cast<const char*>(data.data()), data.size());
  const auto end = text.find("\r\n\r\n");
  const auto size = end == std::string_view::npos ? text.size() : end + 4;
  if (size > limits::http_header_bytes_max) {
    answer_and_close(http::refusal(http::status::request_header_fields_too_large, "message_too_large",
                                   "the head of the request is over its limit", "give_up"));
    return true;
  }
  if (end == std::string_view::npos)
    return false;
  home_.set_unfinished(id_, false);
  if (const auto parsed = parse_head(text.substr(0, size)); !parsed)
    answer_and_close(http::refusal(parsed.error()));
  else
    route();
  return true;
}

result<void> http_session::parse_head(std::string_view head) {
  if (auto checked = http::check_head(head); !checked)
    return checked;
  request_.emplace();
  request_->header_limit(limits::http_header_bytes_max);
  request_->body_limit(limits::http_body_bytes_max);
  error_code failed;
  const auto used = request_->put(net::buffer(head.data(), head.size()), failed);
  if (failed == bhttp::error::body_limit)
    return fail(errc::message_too_large, "the body is over its limit");
  if (failed || !request_->is_header_done())
    return fail(errc::malformed_message, "not an HTTP/1.1 request");
  received_.consume(used);
  return {};
}

// What it is allowed to take of memory, together with all others, is bounded.
void http_session::read_body() {
  const auto most = http::body_max(*plan_);
  const auto expected = request_->content_length() ? *request_->content_length() : most;
  if (expected > most)
    return answer_and_close(http::refusal({errc::message_too_large, "the body is over its limit"}));
  request_->body_limit(most);  // of one in chunks
  if (expected > limits::http_body_small_bytes) {
    if (body_.set(static_cast<std::size_t>(expected), limits::http_bodies_bytes_max))
      return answer_and_close(http::refusal({errc::overloaded, "too many large bodies at once"}));
  }
  phase_ = phase::body;
  wait_until(home_.shared().set.http_body_patience);
  if (beast::iequals(request_->get()[bhttp::field::expect], "100-continue")) {
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    return net::async_write(
      over_, net::buffer(go_on.data(), go_on.size()),
      [self = shared_from_this()](error_code failed, std::size_t) { failed ? self->ended() : self->read_body_part(); });
  }
  read_body_part();
}

void http_session::read_body_part() {
  bhttp::async_read(over_, received_, *request_, [self = shared_from_this()](error_code failed, std::size_t) {
    if (self->phase_ == phase::ended)
      return self->ended();
    if (failed == bhttp::error::body_limit)
      return self->answer_and_close(http::refusal({errc::message_too_large, "the body is over its limit"}));
    if (failed == bhttp::error::end_of_stream || failed == net::error::eof || failed == bhttp::error::partial_message)
      return self->ended();
    if (failed)
      return self->answer_and_close(http::refusal({errc::malformed_message, "the body is not well formed"}));
    self->on_body();
  });
}

void http_session::on_body() {
  auto plan = http::with_body(*std::exchange(plan_, std::nullopt), std::move(request_->get().body()));
  if (plan)
    ask_engine(std::move(*plan));
  else
    answer(std::move(plan.error()));
}

void http_session::answer_and_close(http::answer made) {
  if (request_)
    request_->get().keep_alive(false);
  answer(std::move(made));
}

void http_session::answer(http::answer made) {
  home_.shared().watched.answered(static_cast<unsigned>(made.status));
  if (!made.error.empty())
    home_.shared().watched.refused(made.error);
  const bool is_head = request_ && request_->get().method() == verb::head;
  const bool keeps_alive = request_ && request_->get().keep_alive() && home_.shared().is_ready;
  response_.emplace(made.status, 11);
  static_cast<bhttp::fields&>(*response_) = std::move(made.fields);
  response_->set(bhttp::field::date, http::date_text(std::time(nullptr)));
  response_->set("X-Content-Type-Options", "nosniff");
  const bool has_length = made.status != http::status::no_content && made.status != http::status::not_modified;
  if (has_length)
    response_->content_length(made.body ? made.body->size() : 0);
  if (!is_head && has_length)
    response_->body() = std::move(made.body);
  response_->keep_alive(keeps_alive);
  phase_ = phase::writing;
  wait_until(home_.shared().set.http_body_patience);
  bhttp::async_write(over_, *response_,
                     [self = shared_from_this()](error_code failed, std::size_t) { self->on_written(failed); });
}

void http_session::on_written(error_code failed) {
  body_.set(0);
  if (failed || phase_ == phase::ended)
    return ended();
  if (!response_->keep_alive())
    return linger();
  home_.set_unfinished(id_, true);
  if (phase_ == phase::ended)
    return;
  wait_until(home_.shared().set.http_idle_max);
  read_head();
}

// The client reads the answer even if it has sent what nobody read: the socket is closed when the client has, or soon.
void http_session::linger() {
  if (phase_ != phase::lingering) {
    phase_ = phase::lingering;
    wait_until(home_.shared().set.closing_patience);
    if (over_.tls())
      return over_.tls()->async_shutdown([self = shared_from_this()](error_code) { self->ended(); });
    error_code ignored;
    over_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  }
  received_.clear();
  over_.async_read_some(received_.prepare(read_bytes), [self = shared_from_this()](error_code failed, std::size_t) {
    failed ? self->ended() : self->linger();
  });
}

void http_session::wait_until(std::chrono::milliseconds patience) {
  deadline_ = home_.this_turn().now() + patience;
}

steady_clock::duration http_session::check() {
  if (home_.this_turn().now() >= deadline_) {
    if (phase_ == phase::asking)
      answer_and_close(http::refusal({errc::store_unavailable, "there was no answer in time"}));
    else
      abort();
  }
  return home_.shared().set.check_interval();
}

void http_session::shut_down(std::chrono::milliseconds) {
  if (phase_ == phase::idle || phase_ == phase::head || phase_ == phase::securing)
    abort();
}

void http_session::make_room() {
  home_.shared().watched.refused(errc::overloaded, 1);
  abort();
}

void http_session::abort() {
  over_.close();
  ended();
}

void http_session::ended() {
  if (std::exchange(phase_, phase::ended) == phase::ended)
    return;
  body_.set(0);
  over_.close();
  home_.remove(id_);
}

std::string_view http_session::field(bhttp::field name) const {
  return viewed(request_->get()[name]);
}

}  // namespace quire::gateway
