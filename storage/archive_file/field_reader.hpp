#pragma once

#include "protocol/bytes.hpp"
#include "protocol/names.hpp"

#include <concepts>
#include <cstring>
#include <string>

namespace quire::storage::archive_file {

/// Takes the fields of a record off its content, one after another. Once one is not there whole, it has failed, and all
/// further ones are zero or empty.
class field_reader {
 public:
  explicit field_reader(bytes_view content) : left_(content) {}

  template <std::unsigned_integral Number>
  [[nodiscard]] Number number() {
    Number value = 0;
    const auto octets = take(sizeof value);
    for (std::size_t index = 0; index < octets.size(); ++index)
      value =
        static_cast<Number>(value | static_cast<Number>(std::to_integer<std::uint64_t>(octets[index]) << (8 * index)));
    return value;
  }
  template <class Strong>
  [[nodiscard]] Strong strong_number() {
    return Strong(number<typename Strong::value_type>());
  }
  [[nodiscard]] server_time time() {
    return server_time(std::chrono::milliseconds(static_cast<std::int64_t>(number<std::uint64_t>())));
  }
  template <class Id>
  [[nodiscard]] Id id() {
    Id read;
    if (const auto octets = take(read.octets.size()); !octets.empty())
      std::memcpy(read.octets.data(), octets.data(), octets.size());
    return read;
  }
  /// A length in four bytes, and as many bytes.
  [[nodiscard]] bytes_view sized() { return take(number<std::uint32_t>()); }
  [[nodiscard]] std::string text() { return std::string(as_text(sized())); }

  [[nodiscard]] bool is_whole() const noexcept { return !has_failed_ && left_.empty(); }

 private:
  bytes_view take(std::size_t count) {
    if (has_failed_ || count > left_.size()) {
      has_failed_ = true;
      return {};
    }
    const auto taken = left_.first(count);
    left_ = left_.subspan(count);
    return taken;
  }

  bytes_view left_;
  bool has_failed_ = false;
};

}  // namespace quire::storage::archive_file
