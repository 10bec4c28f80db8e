#pragma once

#include "gateway/connection.hpp"
#include "gateway/conversation.hpp"
#include "gateway/token_bucket.hpp"
#include "protocol/limits.hpp"
#include "protocol/messages.hpp"

#include <optional>

namespace quire::gateway {

/// Our own protocol, version 1 (docs/protocol.md).
class quire_conversation final : public conversation {
 public:
  explicit quire_conversation(connection& over);

  [[nodiscard]] std::size_t frame_bytes_max() const noexcept override { return limits::frame_bytes_max; }
  void start() override {}
  void take(bytes_view& unread, bool is_new) override;
  void welcomed(const actors::connection_welcomed& one) override;
  void begun(const actors::subscription_begun&) override {}
  void ended(const actors::subscription_ended& one) override;
  void failed(const actors::request_failed& one) override;
  [[nodiscard]] std::uint16_t say_farewell(errc code, std::string_view detail,
                                           std::chrono::milliseconds retry) override;
  void check() override;
  void overflowed() override;

 private:
  void take_message(bytes_view& unread);
  void take(protocol::client_message&& message);
  void take(protocol::hello&& message);
  void take(protocol::open&& message);
  void take(protocol::close&& message);
  void take(protocol::edit&& message);
  void take(protocol::presence_update&& message);
  void take(protocol::ping&& message);
  void take(protocol::pong&& message);
  void refuse_presence(errc why, std::string_view detail, std::chrono::milliseconds retry = {});

  void send(const protocol::server_message& message);
  /// Sends a nack or a failure, and counts it.
  void send_refusal(errc why, const protocol::server_message& message);
  void lapse(subscription& where);

  token_bucket presence_;
  std::size_t messages_ = 0;  // of the WebSocket message in hand
  std::optional<steady_clock::time_point> overflowed_;
};

}  // namespace quire::gateway
