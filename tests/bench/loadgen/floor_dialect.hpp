#pragma once

#include "tests/bench/loadgen/dialect.hpp"

#include <cstddef>

namespace quire::bench {

/// What the floors relay to all in a room, the author included: the edit's name and bytes of no meaning.
/// A room's order is its revision: all are there before the first frame and get every one.
class floor_dialect final : public dialect {
 public:
  /// As long as Quire's `edits` message with one edit of the load: 4 bytes of head and numbers, 18 of client id,
  /// the sequence and the operation.
  static constexpr std::size_t frame_bytes = 48;

  floor_dialect(std::string room, std::uint32_t author) : room_(std::move(room)), author_(author) {}

  [[nodiscard]] std::string path() const override { return "/" + room_; }
  [[nodiscard]] std::string_view subprotocol() const noexcept override { return {}; }
  void begin(listener& to, bytes& out) override;
  void receive(bytes_view message, listener& to, bytes& out) override;
  void write_edit(std::uint32_t sequence, std::uint64_t base, bytes& out) override;

 private:
  std::string room_;
  std::uint32_t author_;
  std::uint64_t received_ = 0;
};

}  // namespace quire::bench
