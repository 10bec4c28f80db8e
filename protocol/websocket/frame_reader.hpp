#pragma once

#include "protocol/bytes.hpp"
#include "protocol/result.hpp"
#include "protocol/websocket/opcode.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace quire::websocket {

/// Takes apart what one WebSocket client sends. Between frames it holds no buffer: a message that lies whole in the
/// input is given out where it lies, and only one that comes in parts is put together.
/// Source: RFC 6455, section 5.
class frame_reader {
 public:
  /// A message, or a control frame. The payload is valid until the next call, and as long as the input is.
  struct message {
    opcode kind = opcode::binary;  ///< Never continuation.
    bytes_view payload;
    bool is_in_input = true;  ///< It lies in the input; else it was put together, and is the reader's.
  };

  /// Takes the next message from the front of `input`, unmasking in place; none if the input is used up before it ends.
  /// Errors: message_too_large before any of the message is held, and what follows is read on past it;
  ///         malformed_message, after which nothing that comes can be understood.
  [[nodiscard]] result<std::optional<message>> next(std::span<std::byte>& input, std::size_t message_bytes_max);

  /// What is held of a message that is put together, and of the one that was given out last.
  [[nodiscard]] std::size_t held_bytes() const noexcept { return message_.capacity() + given_.capacity(); }

  /// The message given out last is of no use any more.
  void release() noexcept { given_ = bytes(); }

 private:
  static constexpr std::size_t head_bytes_max = 14;

  [[nodiscard]] bool fill_head(std::span<std::byte>& input);
  [[nodiscard]] std::size_t head_size() const noexcept;
  [[nodiscard]] result<void> begin_frame(std::size_t message_bytes_max);
  [[nodiscard]] result<void> check_kind(opcode kind, std::size_t declared) const;
  [[nodiscard]] std::size_t declared_length() const noexcept;
  [[nodiscard]] std::span<std::byte> take_payload(std::span<std::byte>& input) noexcept;

  // The frame in hand.
  std::array<std::byte, head_bytes_max> head_{};
  std::uint8_t head_filled_ = 0;
  bool is_in_payload_ = false;
  opcode kind_ = opcode::continuation;
  std::array<std::byte, 4> key_{};
  std::size_t left_ = 0;  // bytes of its payload

  // The message in hand: control frames may come between its frames.
  opcode message_kind_ = opcode::continuation;  // continuation: there is none
  bool is_skipped_ = false;
  bytes message_;
  bytes control_;
  bytes given_;  // what was put together and given out last
};

/// Whether a close frame's payload is as it must be. Source: RFC 6455, sections 5.5.1 and 7.4.
[[nodiscard]] bool is_close_payload(bytes_view payload) noexcept;

}  // namespace quire::websocket
