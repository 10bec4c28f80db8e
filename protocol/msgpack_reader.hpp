#pragma once

#include "protocol/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace quire::protocol {

/// How reading a value went.
enum class reading : std::uint8_t {
  good,
  cut_off,     ///< The bytes end within the value, or a declared count is more than the bytes left can hold.
  other_kind,  ///< Another kind of value is there, or one that MessagePack does not have.
  too_deep,    ///< Containers within containers beyond what is allowed.
};

/// Takes MessagePack values off the front of bytes it does not own, one by one, and allocates nothing.
/// After anything but `good` it stands where it stood. docs/decisions/0001 says why it is our own.
class msgpack_reader {
 public:
  explicit msgpack_reader(bytes_view data) noexcept : rest_(data) {}

  /// What was not read yet.
  [[nodiscard]] bytes_view rest() const noexcept { return rest_; }

  /// An integer that is not negative, in any of MessagePack's widths.
  [[nodiscard]] reading read_unsigned(std::uint64_t& value) noexcept;
  [[nodiscard]] reading read_bool(bool& value) noexcept;
  /// Takes a nil if one is there.
  [[nodiscard]] bool take_nil() noexcept;
  /// A view of the bytes read, that nobody has checked to be UTF-8.
  [[nodiscard]] reading read_text(std::string_view& value) noexcept;
  /// A view of the bytes read.
  [[nodiscard]] reading read_binary(bytes_view& value) noexcept;
  /// An array's beginning: `count` values follow. Range: at most the number of bytes left.
  [[nodiscard]] reading read_array(std::uint32_t& count) noexcept;
  /// A map's beginning: `count` pairs of values follow. Range: at most half the number of bytes left.
  [[nodiscard]] reading read_map(std::uint32_t& count) noexcept;

  /// Passes over one value of any kind with at most `levels` containers within each other.
  /// Range:  levels is at most limits::nesting_max.
  /// Cost:   linear in its bytes, no recursion.
  [[nodiscard]] reading skip(std::size_t levels) noexcept;

 private:
  enum class kind : std::uint8_t {
    natural,
    signed_integer,
    negative,
    truth,
    nil,
    text,
    binary,
    array,
    map,
    other,
    none
  };

  /// A value's first bytes: what it is, and how long.
  struct token {
    kind what = kind::none;
    std::size_t header = 0;    ///< Bytes before the body.
    std::uint64_t number = 0;  ///< An integer or truth itself, a body's bytes, or how many values a container holds.
  };

  /// A row of the table of tags from 0xC0 to 0xDF.
  struct tag_row {
    kind what;
    std::uint8_t width;  ///< Bytes of the number that follows the tag.
    std::uint8_t fixed;  ///< Added to that number.
  };
  static const tag_row tag_table[32];

  [[nodiscard]] reading peek(token& next) const noexcept;
  [[nodiscard]] bool is_within(const token& next) const noexcept;
  [[nodiscard]] reading read_body(kind wanted, bytes_view& body) noexcept;
  [[nodiscard]] reading read_container(kind wanted, std::uint32_t& count) noexcept;
  void advance(std::size_t count) noexcept { rest_ = rest_.subspan(count); }

  bytes_view rest_;
};

}  // namespace quire::protocol
