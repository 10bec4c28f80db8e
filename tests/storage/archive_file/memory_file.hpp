#pragma once

#include "storage/archive_file/bytes_way.hpp"

#include <algorithm>

namespace quire::fixture {

/// A file in memory. It is read in small pieces, so that nothing is whole by accident.
class memory_file final : public storage::archive_file::byte_source, public storage::archive_file::byte_sink {
 public:
  memory_file() = default;
  explicit memory_file(bytes content) : content_(std::move(content)) {}

  [[nodiscard]] result<std::size_t> read(std::span<std::byte> into) override {
    constexpr std::size_t piece = 1'000;
    const auto count = std::min({into.size(), piece, content_.size() - read_});
    std::copy_n(content_.begin() + static_cast<std::ptrdiff_t>(read_), count, into.begin());
    read_ += count;
    return count;
  }
  [[nodiscard]] result<void> write(bytes_view data) override {
    append(content_, data);
    return {};
  }

  [[nodiscard]] const bytes& content() const noexcept { return content_; }

 private:
  bytes content_;
  std::size_t read_ = 0;
};

}  // namespace quire::fixture
