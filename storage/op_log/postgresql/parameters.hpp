#pragma once

#include "protocol/bytes.hpp"
#include "protocol/names.hpp"
#include "storage/op_log/postgresql/timestamp.hpp"

#include <concepts>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace quire::storage::postgresql {

/// Element types of arrays, by the numbers that PostgreSQL's catalogue gives them.
enum class element : std::uint32_t {
  bytea = 17,
  bigint = 20,
  integer = 23,
  text = 25,
  timestamptz = 1184,
  uuid = 2950
};

/// The values of a statement's parameters, in binary form and in their order. Integers are bigint.
class parameters {
 public:
  parameters() = default;

  template <class... Values>
  [[nodiscard]] static parameters of(const Values&... values) {
    parameters made;
    (made.add(values), ...);
    return made;
  }

  template <std::integral Value>
  void add(Value value) {
    begin();
    put_number(static_cast<std::int64_t>(value));
    end();
  }
  template <class Value, class Tag>
  void add(strong<Value, Tag> number) {
    add(number.value());
  }
  void add(server_time at) { add(to_timestamp(at)); }
  void add(bytes_view blob);
  void add(std::string_view text) { add(as_bytes(text)); }
  void add(const bytes& blob) { add(bytes_view(blob)); }
  template <class Tag>
  void add(const random_id<Tag>& id) {
    add(std::as_bytes(std::span(id.octets)));
  }

  /// An array with an element for each of `range`: what `value_of` makes of it.
  template <class Range, class Value>
  void add_array(element type, const Range& range, const Value& value_of) {
    begin_array(type, std::size(range));
    for (const auto& each : range)
      put_element(value_of(each));
    end();
  }

  [[nodiscard]] int count() const noexcept { return static_cast<int>(lengths_.size()); }
  /// Valid until the next change.
  [[nodiscard]] std::vector<const char*> values() const;
  [[nodiscard]] const int* lengths() const noexcept { return lengths_.data(); }
  [[nodiscard]] std::size_t size_bytes() const noexcept { return data_.size(); }

 private:
  void begin() { starts_.push_back(data_.size()); }
  void end() { lengths_.push_back(static_cast<int>(data_.size() - starts_.back())); }
  void begin_array(element type, std::size_t count);
  void put_half(std::uint32_t value);
  void put_number(std::int64_t value);
  void put_element(bytes_view blob);
  void put_element(std::string_view text) { put_element(as_bytes(text)); }
  template <std::integral Value>
  void put_element(Value value) {
    put_half(8);
    put_number(static_cast<std::int64_t>(value));
  }
  template <class Value, class Tag>
  void put_element(strong<Value, Tag> number) {
    put_element(number.value());
  }
  void put_element(server_time at) { put_element(to_timestamp(at)); }
  template <class Tag>
  void put_element(const random_id<Tag>& id) {
    put_element(std::as_bytes(std::span(id.octets)));
  }

  bytes data_;
  std::vector<std::size_t> starts_;
  std::vector<int> lengths_;
};

}  // namespace quire::storage::postgresql
