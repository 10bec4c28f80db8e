#pragma once

#include "gateway/conversation/provider.hpp"

#include <optional>

namespace quire::gateway {

/// What a y-websocket client speaks (docs/providers.md): one document, named by the path. Nothing is read until it is
/// open.
class y_websocket_conversation final : public provider_conversation {
 public:
  y_websocket_conversation(connection& over, document_name document, std::string token);

  void start() override;
  void take(bytes_view& unread, bool is_new) override;
  void authenticated(std::uint32_t ticket, const result<access>& given) override;
  void welcomed(const actors::connection_welcomed& one) override;
  void begun(const actors::subscription_begun& one) override;
  void ended(const actors::subscription_ended& one) override;
  void failed(const actors::request_failed& one) override;

 private:
  void say_something() override;

  // Fixed at start.
  const document_name name_;
  std::string token_;  // until it was shown

  // Changes once.
  bool is_read_only_ = false;
  document_number document_;
};

}  // namespace quire::gateway
