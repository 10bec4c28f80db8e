#pragma once

#include "protocol/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace quire::lib0 {

/// The largest number that lib0 writes: 2^53 - 1, what JavaScript counts exactly.
inline constexpr std::uint64_t number_max = (std::uint64_t{1} << 53U) - 1;

/// Takes lib0's values off the front of bytes it does not own, and allocates nothing.
/// The first value that does not read is remembered, and all that are taken after it are zero or empty: whoever reads
/// asks `is_good` where it matters, at the latest before using what was read.
class reader {
 public:
  explicit reader(bytes_view from) noexcept : from_(from) {}

  [[nodiscard]] std::uint8_t octet() noexcept {
    if (at_ == from_.size()) {
      refuse("cut short");
      return 0;
    }
    return std::to_integer<std::uint8_t>(from_[at_++]);
  }

  /// Seven bits a byte, the lowest first; at most eight bytes.  Range: to number_max.
  [[nodiscard]] std::uint64_t var_uint() noexcept {
    if (at_ < from_.size() && std::to_integer<std::uint8_t>(from_[at_]) < 0x80U)
      return std::to_integer<std::uint64_t>(from_[at_++]);
    return long_var_uint();
  }

  /// A sign and at most eight bytes.  Range: from -number_max to number_max; -0 is 0.
  [[nodiscard]] std::int64_t var_int() noexcept;

  /// A length and as many bytes.
  [[nodiscard]] bytes_view octets() noexcept { return octets(var_uint()); }
  [[nodiscard]] bytes_view octets(std::uint64_t count) noexcept;

  /// The same, which must be UTF-8: every peer's decoder throws at anything else.
  [[nodiscard]] std::string_view text() noexcept;

  /// A number of things that follow, each of at least `bytes_each` bytes.
  [[nodiscard]] std::uint64_t count(std::size_t bytes_each = 1) noexcept;

  [[nodiscard]] bool is_good() const noexcept { return why_ == nullptr; }
  /// Why it is not. For people.
  [[nodiscard]] const char* why() const noexcept { return why_; }
  /// Makes it so; the first reason stays.
  void refuse(const char* why) noexcept;

  /// What was not read yet.
  [[nodiscard]] bytes_view rest() const noexcept { return from_.subspan(at_); }
  /// How many bytes were read.
  [[nodiscard]] std::size_t position() const noexcept { return at_; }
  /// What was read since it had read so many.
  [[nodiscard]] bytes_view since(std::size_t position) const noexcept {
    return is_good() ? from_.subspan(position, at_ - position) : bytes_view{};
  }

 private:
  [[nodiscard]] std::uint64_t long_var_uint() noexcept;

  bytes_view from_;
  std::size_t at_ = 0;
  const char* why_ = nullptr;
};

}  // namespace quire::lib0
