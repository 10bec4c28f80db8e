#pragma once

#include "actors/engine.hpp"
#include "gateway/authenticator.hpp"
#include "gateway/metrics.hpp"
#include "gateway/settings.hpp"

#include <atomic>
#include <string_view>

namespace quire::gateway {

class static_files;

/// What all I/O threads of a server share. Outlives them.
struct services {
  const settings& set;
  actors::engine& engine;
  metrics& watched;
  const static_files& pages;
  authenticator& gate;

  std::atomic<bool> is_ready{true};                  ///< False once the server stops.
  std::atomic<std::size_t> connections{0};           ///< WebSocket connections of all threads.
  std::atomic<std::size_t> large_messages_bytes{0};  ///< Of messages that are put together, or wait for a document.
  std::atomic<std::size_t> bodies_bytes{0};          ///< Of the large request bodies that are being read.
};

}  // namespace quire::gateway
