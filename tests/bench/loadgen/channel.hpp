#pragma once

#include "protocol/bytes.hpp"
#include "protocol/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace quire::bench {

/// An IPv4 address in numbers, and a port.
struct endpoint {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;

  [[nodiscard]] std::string text() const { return address + ":" + std::to_string(port); }
};

/// Where all channels receive, one after another.
inline constexpr std::size_t receive_bytes = 256 * 1024;

/// A non-blocking TCP connection. What is to be sent gathers until `flush`; what arrives in part is kept.
class channel {
 public:
  /// Begins to connect; the first `flush` that sends something shows that it did.
  [[nodiscard]] static result<channel> connect(const endpoint& server);

  channel(channel&& other) noexcept;
  channel& operator=(channel&&) = delete;
  ~channel();

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

  /// What is to be sent.
  [[nodiscard]] bytes& outgoing() noexcept { return outgoing_; }
  /// Sends as much as goes. False: the connection is lost.
  [[nodiscard]] bool flush();

  /// What was kept and what has arrived, in `scratch`; nothing: the connection is lost. `is_drained`: nothing more
  /// waits at the moment.
  [[nodiscard]] std::optional<bytes_view> receive(bytes& scratch, bool& is_drained);
  /// Keeps what the reader could not use yet.
  void keep(bytes_view rest) { kept_.assign(rest.begin(), rest.end()); }

 private:
  explicit channel(int descriptor) noexcept : descriptor_(descriptor) {}

  int descriptor_;
  bytes outgoing_;
  bytes kept_;
};

}  // namespace quire::bench
