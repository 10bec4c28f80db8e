#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace quire::actors::types::yjs {

/// What is reserved behind a piece at most. Units: bytes.
inline constexpr std::size_t spare_max = 0xFFFF;

/// Where a run keeps its content: a piece of an arena, and what is reserved for it right behind.
struct content_piece {
  char* data = nullptr;
  std::uint32_t bytes = 0;
  std::uint32_t spare = 0;  ///< Bytes behind it that are its own; at most spare_max.

  [[nodiscard]] std::string_view view() const noexcept { return {data, bytes}; }
};

/// Bytes of content, appended and never moved; what is let go is counted, and won back by copying the rest elsewhere.
class content_arena {
 public:
  content_arena() = default;
  content_arena(content_arena&& other) noexcept { *this = std::move(other); }
  content_arena& operator=(content_arena&& other) noexcept;
  content_arena(const content_arena&) = delete;
  content_arena& operator=(const content_arena&) = delete;
  ~content_arena() = default;

  [[nodiscard]] content_piece store(std::string_view content);

  /// Puts `more` behind a piece: in its place if there is room, else both move, with room for as much again, or
  /// spare_max.
  /// Cost: amortised, linear in `more`, for pieces that are not much longer than spare_max.
  void extend(content_piece& piece, std::string_view more);

  void release(const content_piece& piece) noexcept {
    live_ -= piece.bytes;
    dead_ += piece.bytes + piece.spare;
  }

  /// Bytes of pieces that are held.
  [[nodiscard]] std::size_t live() const noexcept { return live_; }
  /// Bytes taken from the system.
  [[nodiscard]] std::size_t memory() const noexcept { return memory_; }
  /// Whether more of it was let go than is held.
  [[nodiscard]] bool is_wasteful() const noexcept;

 private:
  char* take(std::size_t bytes);

  std::vector<std::unique_ptr<char[]>> chunks_;
  char* top_ = nullptr;
  char* end_ = nullptr;
  std::size_t live_ = 0;
  std::size_t dead_ = 0;  // let go and not won back
  std::size_t memory_ = 0;
};

}  // namespace quire::actors::types::yjs
