#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace quire::actors::types::text {

/// How long a stretch of text is, in each of the units that somebody counts in.
template <class Number>
struct lengths {
  Number bytes = 0;
  Number code_points = 0;
  Number utf16_units = 0;

  template <class Other>
  lengths& operator+=(const lengths<Other>& more) noexcept {
    bytes = static_cast<Number>(bytes + more.bytes);
    code_points = static_cast<Number>(code_points + more.code_points);
    utf16_units = static_cast<Number>(utf16_units + more.utf16_units);
    return *this;
  }

  template <class Other>
  lengths& operator-=(const lengths<Other>& less) noexcept {
    bytes = static_cast<Number>(bytes - less.bytes);
    code_points = static_cast<Number>(code_points - less.code_points);
    utf16_units = static_cast<Number>(utf16_units - less.utf16_units);
    return *this;
  }

  friend bool operator==(const lengths&, const lengths&) = default;
};

/// The lengths of valid UTF-8.
[[nodiscard]] lengths<std::size_t> measure(std::string_view text) noexcept;

/// One KiB of a rope: UTF-8 with a gap where it was last edited.
/// Its lengths are kept by the rope, side by side with its neighbours', and passed in.
class leaf {
 public:
  using sizes = lengths<std::uint16_t>;

  static constexpr std::size_t capacity = 1024 - 2 * sizeof(std::uint16_t);

  /// The text before and after the gap.
  [[nodiscard]] std::string_view front() const noexcept { return {data_, gap_}; }
  [[nodiscard]] std::string_view back(const sizes& size) const noexcept {
    return {data_ + gap_ + (capacity - size.bytes), static_cast<std::size_t>(size.bytes - gap_)};
  }

  /// Where the code point with that number is, as if there were no gap. Units: bytes.
  [[nodiscard]] std::size_t offset_of(std::size_t code_point, const sizes& size) const noexcept;

  /// `text` must fit.
  void insert(std::size_t code_point, std::string_view text, const sizes& text_size, sizes& size) noexcept;

  void erase(std::size_t code_point, std::size_t count, sizes& size) noexcept;

 private:
  void move_gap(std::size_t code_point, const sizes& size) noexcept;

  std::uint16_t gap_ = 0;              // where it begins: bytes before it
  std::uint16_t gap_code_points_ = 0;  // code points before it
  char data_[capacity];
};

static_assert(sizeof(leaf) == 1024);

}  // namespace quire::actors::types::text
