#include "actors/types/yjs/content_arena.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace quire::actors::types::yjs {

namespace {

constexpr std::size_t chunk_bytes_min = 512;
constexpr std::size_t chunk_bytes_max = 64 * 1024;
constexpr std::size_t waste_bytes_min = 16 * 1024;

}  // namespace

content_arena& content_arena::operator=(content_arena&& other) noexcept {
  chunks_ = std::move(other.chunks_);
  top_ = std::exchange(other.top_, nullptr);
  end_ = std::exchange(other.end_, nullptr);
  live_ = std::exchange(other.live_, 0);
  dead_ = std::exchange(other.dead_, 0);
  memory_ = std::exchange(other.memory_, 0);
  return *this;
}

char* content_arena::take(std::size_t bytes) {
  if (bytes > static_cast<std::size_t>(end_ - top_)) {
    const std::size_t size = std::max(bytes, std::clamp(memory_, chunk_bytes_min, chunk_bytes_max));
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    top_ = chunks_.back().get();
    end_ = top_ + size;
    memory_ += size;
  }
  return std::exchange(top_, top_ + bytes);
}

content_piece content_arena::store(std::string_view content) {
  if (content.empty())
    return {};
  char* data = take(content.size());
  std::memcpy(data, content.data(), content.size());
  live_ += content.size();
  return {data, static_cast<std::uint32_t>(content.size()), 0};
}

void content_arena::extend(content_piece& piece, std::string_view more) {
  if (more.empty())
    return;
  char* const behind = piece.data + piece.bytes;
  if (more.size() <= piece.spare) {
    piece.spare -= static_cast<std::uint32_t>(more.size());
  } else if (piece.data != nullptr && behind + piece.spare == top_ &&
             more.size() - piece.spare <= static_cast<std::size_t>(end_ - top_)) {
    top_ += more.size() - piece.spare;
    piece.spare = 0;
  } else {
    const std::size_t needed = piece.bytes + more.size();
    const std::size_t spare = std::min(needed, spare_max);
    char* data = take(needed + spare);
    if (piece.bytes > 0)
      std::memcpy(data, piece.data, piece.bytes);
    dead_ += piece.bytes + piece.spare;
    piece.data = data;
    piece.spare = static_cast<std::uint32_t>(spare);
  }
  std::memcpy(piece.data + piece.bytes, more.data(), more.size());
  piece.bytes += static_cast<std::uint32_t>(more.size());
  live_ += more.size();
}

bool content_arena::is_wasteful() const noexcept {
  return dead_ > live_ + waste_bytes_min;
}

}  // namespace quire::actors::types::yjs
