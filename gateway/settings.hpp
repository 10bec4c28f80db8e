#pragma once

#include "protocol/limits.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace quire::gateway {

/// What the gateway's threads go by. Fixed when the server starts.
struct settings {
  std::size_t connections_max = limits::connections_max;
  std::size_t handshakes_max = limits::handshakes_max;  ///< Of each I/O thread.
  std::chrono::milliseconds hello_timeout = limits::hello_timeout;
  std::chrono::milliseconds keepalive_interval = limits::keepalive_interval;
  std::chrono::milliseconds silence_max = limits::silence_max;
  std::chrono::milliseconds send_queue_age_max = limits::send_queue_age_max;
  std::size_t send_queue_bytes_max = limits::send_queue_bytes_max;
  std::chrono::milliseconds resync_again_within = limits::resync_again_within;
  std::size_t bulk_queue_bytes_max = limits::bulk_queue_bytes_max;
  std::size_t own_queue_bytes_max = limits::own_queue_bytes_max;
  std::size_t requests_a_second = limits::requests_a_second;
  std::size_t requests_burst = limits::requests_burst;
  std::chrono::milliseconds http_patience = limits::http_patience;
  std::chrono::milliseconds http_body_patience = limits::http_body_patience;
  std::chrono::milliseconds http_answer_patience = limits::http_answer_patience;
  std::chrono::milliseconds http_idle_max = limits::http_idle_max;  ///< Between two requests.
  std::chrono::milliseconds closing_patience = limits::closing_patience;
  std::chrono::milliseconds provider_message_interval = limits::provider_message_interval;
  std::chrono::milliseconds provider_token_timeout = limits::provider_token_timeout;
  std::vector<std::string> allowed_origins;  ///< Besides the server's own host. `*`: any.

  /// How often somebody is looked at whose time may run out soon.
  [[nodiscard]] std::chrono::milliseconds check_interval() const {
    return std::min({std::chrono::milliseconds(1'000), hello_timeout, keepalive_interval, silence_max,
                     send_queue_age_max, http_patience, closing_patience, provider_message_interval,
                     provider_token_timeout});
  }
};

}  // namespace quire::gateway
