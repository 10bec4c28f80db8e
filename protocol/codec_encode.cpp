#include "protocol/codec.hpp"
#include "protocol/message_forms.hpp"
#include "protocol/utf8.hpp"

#include <algorithm>
#include <cassert>
#include <concepts>
#include <cstring>
#include <msgpack/pack.hpp>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace quire::protocol {

namespace {

/// What msgpack::packer writes to: bytes that are there already, at least as many as `room` counts.
/// Growing a vector value by value instead takes three times as long.
class byte_sink {
 public:
  explicit byte_sink(std::byte* at) noexcept : at_(at) {}

  void write(const char* data, std::size_t size) noexcept {
    std::memcpy(at_, data, size);
    at_ += size;
  }

  /// Behind the last byte written.
  [[nodiscard]] std::byte* end() const noexcept { return at_; }

 private:
  std::byte* at_;
};

using packer = msgpack::packer<byte_sink>;

void put_text(packer& out, std::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  out.pack_str(size).pack_str_body(text.data(), size);
}

void put_binary(packer& out, bytes_view data) {
  const auto size = static_cast<std::uint32_t>(data.size());
  out.pack_bin(size);
  if (size > 0)  // An empty vector may have no address, and memcpy wants one.
    out.pack_bin_body(as_text(data).data(), size);
}

void put_number(packer& out, std::uint64_t number, [[maybe_unused]] std::uint64_t least,
                [[maybe_unused]] std::uint64_t most) {
  assert(number >= least && number <= most);
  out.pack_uint64(number);
}

// One overload for each kind of field, in the order of codec_decode.cpp.

template <std::unsigned_integral Number>
void put(packer& out, Number value, const bounds& allowed) {
  put_number(out, value, allowed.least, number_max<Number>);
}

template <class Number, class Tag>
void put(packer& out, strong<Number, Tag> value, const bounds& allowed) {
  put(out, value.value(), allowed);
}

void put(packer& out, bool value, const bounds&) {
  value ? out.pack_true() : out.pack_false();
}

void put(packer& out, std::chrono::milliseconds value, const bounds&) {
  assert(value.count() >= 0);
  put_number(out, static_cast<std::uint64_t>(value.count()), 0, number_max<std::uint32_t>);
}

void put(packer& out, errc value, const bounds&) {
  put_number(out, static_cast<std::uint64_t>(value), 1, number_max<std::uint8_t>);
}

template <class Tag>
void put(packer& out, const random_id<Tag>& value, const bounds&) {
  put_binary(out, std::as_bytes(std::span{value.octets}));
}

void put(packer& out, const std::string& value, const bounds& allowed) {
  put_text(out, allowed.is_cut ? utf8_prefix(value, allowed.bytes_max) : std::string_view{value});
}

void put(packer& out, const bytes& value, const bounds&) {
  put_binary(out, value);
}

void put(packer& out, const shared_bytes& value, const bounds&) {
  assert(value != nullptr);
  put_binary(out, *value);
}

template <record Record>
void put_fields(packer& out, const Record& value);

template <record Record>
void put(packer& out, const Record& value, const bounds&) {
  out.pack_array(field_count<Record>);
  put_fields(out, value);
}

template <record Record>
void put(packer& out, const std::optional<Record>& value, const bounds& allowed) {
  if (value)
    put(out, *value, allowed);
  else
    out.pack_nil();
}

template <record Record>
void put(packer& out, const std::vector<Record>& value, const bounds& allowed) {
  out.pack_array(static_cast<std::uint32_t>(value.size()));
  for (const auto& entry : value)
    put(out, entry, allowed);
}

template <record Record>
void put_fields(packer& out, const Record& value) {
  std::apply([&](const auto&... each) { (put(out, value.*each.member, each.allowed), ...); }, form<Record>::fields);
}

// How many bytes a field takes at most. An overload for each kind, as `put` has.
constexpr std::size_t room_of_a_number = 9;
constexpr std::size_t room_of_a_header = 5;

template <class Value>
concept plain_number = !record<Value> && std::is_trivially_copyable_v<Value> && sizeof(Value) <= sizeof(std::uint64_t);

template <plain_number Number>
std::size_t room(Number) {
  return room_of_a_number;
}

template <class Tag>
std::size_t room(const random_id<Tag>& value) {
  return room_of_a_header + value.octets.size();
}

std::size_t room(const std::string& value) {
  return room_of_a_header + value.size();
}

std::size_t room(const bytes& value) {
  return room_of_a_header + value.size();
}

std::size_t room(const shared_bytes& value) {
  return room(*value);
}

template <record Record>
std::size_t room(const Record& value);

template <record Record>
std::size_t room(const std::optional<Record>& value) {
  return value ? room(*value) : 1;
}

template <record Record>
std::size_t room(const std::vector<Record>& value) {
  std::size_t sum = room_of_a_header;
  for (const auto& entry : value)
    sum += room(entry);
  return sum;
}

template <record Record>
std::size_t room(const Record& value) {
  return std::apply([&](const auto&... each) { return (room_of_a_header + ... + room(value.*each.member)); },
                    form<Record>::fields);
}

/// Appends `count` zeros, growing by half at least so that appending many messages stays linear.
std::byte* extend(bytes& out, std::size_t count) {
  const auto before = out.size();
  if (before + count > out.capacity())
    out.reserve(std::max(before + count, out.capacity() + out.capacity() / 2));
  out.resize(before + count);
  return out.data() + before;
}

template <class Messages>
void encode_any(const Messages& message, bytes& out) {
  std::visit(
    [&]<class Message>(const Message& each) {
      byte_sink sink{extend(out, room_of_a_number + room(each))};
      packer pack{sink};
      pack.pack_array(1 + field_count<Message>);
      pack.pack_uint8(form<Message>::number);
      put_fields(pack, each);
      assert(sink.end() <= out.data() + out.size());
      out.resize(static_cast<std::size_t>(sink.end() - out.data()));
    },
    message);
}

}  // namespace

void encode(const client_message& message, bytes& out) {
  encode_any(message, out);
}

void encode(const server_message& message, bytes& out) {
  encode_any(message, out);
}

}  // namespace quire::protocol
