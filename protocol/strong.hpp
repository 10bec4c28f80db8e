#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <functional>

namespace quire {

/// A number with a meaning: it never mixes with a number of another meaning.
template <std::integral Value, class Tag>
class strong {
 public:
  using value_type = Value;

  constexpr strong() noexcept = default;
  constexpr explicit strong(Value value) noexcept : value_(value) {}

  [[nodiscard]] constexpr Value value() const noexcept { return value_; }
  /// The number after this one.
  [[nodiscard]] constexpr strong next() const noexcept { return strong(value_ + 1); }
  /// The number `count` after this one.
  [[nodiscard]] constexpr strong plus(Value count) const noexcept { return strong(value_ + count); }

  friend constexpr auto operator<=>(strong, strong) noexcept = default;

 private:
  Value value_ = 0;
};

}  // namespace quire

template <class Value, class Tag>
struct std::hash<quire::strong<Value, Tag>> {
  std::size_t operator()(quire::strong<Value, Tag> number) const noexcept { return std::hash<Value>{}(number.value()); }
};
