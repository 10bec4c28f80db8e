#pragma once

#include "gateway/conversation.hpp"
#include "gateway/http/answer.hpp"
#include "gateway/http/past.hpp"
#include "gateway/http/rest.hpp"
#include "gateway/http/shared_body.hpp"
#include "gateway/http/target.hpp"
#include "gateway/io_thread.hpp"
#include "gateway/memory_share.hpp"
#include "gateway/peer.hpp"
#include "gateway/transport.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <functional>
#include <memory>
#include <optional>

namespace quire::gateway {

/// One accepted socket while it speaks HTTP/1.1: requests one after another, until it closes or becomes a connection.
/// Affinity: its I/O thread.
class http_session final : public peer, public std::enable_shared_from_this<http_session> {
 public:
  http_session(io_thread& home, actors::connection_id id, transport over, audience for_whom);

  void start();

  // peer
  steady_clock::duration check() override;
  void shut_down(std::chrono::milliseconds retry) override;
  void make_room() override;
  void abort() override;

 private:
  using parser = beast::http::request_parser<beast::http::string_body>;
  using response = beast::http::response<http::shared_body>;

  // Reading a request.
  void read_head();
  void on_head_part(error_code failed, std::size_t count);
  [[nodiscard]] bool try_head();
  [[nodiscard]] result<void> parse_head(std::string_view head);
  void read_body();
  void read_body_part();
  void on_body();

  // Deciding what it asks for.
  void route();
  void route_to(http::connect_target);
  void route_to(http::health_target);
  void route_to(http::readiness_target);
  void route_to(http::metrics_target);
  void route_to(http::document_target&& where);
  void route_to(http::list_target&& where);
  void route_to(http::past_target&& where);
  void route_to(http::label_target&& where);
  void route_to(http::provider_target&& where);
  void route_to(const http::page_target& where);
  [[nodiscard]] bool is_read();  // GET or HEAD; else answers 405
  void upgrade(std::string_view subprotocol, const conversation_maker& talk);
  [[nodiscard]] std::optional<http::answer> why_not_upgrade() const;
  // Once its body is there, if it has one.
  void carry_out(tl::expected<http::document_plan, http::answer> plan);
  void ask_engine(http::document_plan plan);
  void ask_for_list(http::list_plan plan);
  void look_back(const http::past_plan::operations& what, http::document_reply how);
  void look_back(const http::past_plan::reading& what, http::document_reply how);
  void look_back(const http::past_plan::restoration& what, http::document_reply how);
  void ask_for_past(actors::past_request request);
  // Called on any thread, it does `done` on this one if the session still waits.
  template <class Given, class Done>
  [[nodiscard]] std::function<void(result<Given>)> back_here(Done done);

  // Answering.
  void answer(http::answer made);
  void answer_and_close(http::answer made);
  void on_written(error_code failed);
  void linger();

  void wait_until(std::chrono::milliseconds patience);
  void ended();
  [[nodiscard]] std::string_view field(beast::http::field name) const;
  [[nodiscard]] http::rest_request rest_request() const;

  // Fixed at start.
  io_thread& home_;
  const actors::connection_id id_;
  const audience for_whom_;
  transport over_;

  // Changes with every request.
  beast::flat_buffer received_;
  std::optional<parser> request_;
  std::optional<response> response_;
  std::optional<http::document_plan> plan_;
  memory_share body_{home_.shared().bodies_bytes};  // of a large request that is being read or answered

  enum class phase : std::uint8_t { securing, idle, head, body, asking, writing, lingering, ended };
  phase phase_ = phase::securing;
  steady_clock::time_point deadline_;
};

}  // namespace quire::gateway
