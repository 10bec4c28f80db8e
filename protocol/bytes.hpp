#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace quire {

using bytes = std::vector<std::byte>;
using bytes_view = std::span<const std::byte>;
/// Bytes that many hold and nobody changes.
using shared_bytes = std::shared_ptr<const bytes>;

[[nodiscard]] inline bytes_view as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

[[nodiscard]] inline std::string_view as_text(bytes_view data) noexcept {
  return {reinterpret_cast<const char*>(data.data()), data.size()};
}

[[nodiscard]] inline bytes to_bytes(std::string_view text) {
  const auto view = as_bytes(text);
  return {view.begin(), view.end()};
}

inline void append(bytes& out, bytes_view more) {
  out.insert(out.end(), more.begin(), more.end());
}

[[nodiscard]] inline shared_bytes share(bytes&& data) {
  return std::make_shared<const bytes>(std::move(data));
}

}  // namespace quire
