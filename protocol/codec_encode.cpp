#include "protocol/codec.hpp"
#include "protocol/message_forms.hpp"
#include "protocol/utf8.hpp"

#include <cassert>
#include <concepts>
#include <msgpack/pack.hpp>
#include <span>
#include <string_view>
#include <tuple>

namespace quire::protocol {

namespace {

/// What msgpack::packer writes to.
class byte_sink {
 public:
  explicit byte_sink(bytes& out) noexcept : out_(out) {}

  void write(const char* data, std::size_t size) { append(out_, as_bytes({data, size})); }

 private:
  bytes& out_;
};

using packer = msgpack::packer<byte_sink>;

void put_text(packer& out, std::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  out.pack_str(size).pack_str_body(text.data(), size);
}

void put_binary(packer& out, bytes_view data) {
  const auto size = static_cast<std::uint32_t>(data.size());
  out.pack_bin(size).pack_bin_body(as_text(data).data(), size);
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

template <class Messages>
void encode_any(const Messages& message, bytes& out) {
  byte_sink sink{out};
  packer pack{sink};
  std::visit(
    [&]<class Message>(const Message& each) {
      pack.pack_array(1 + field_count<Message>);
      pack.pack_uint8(form<Message>::number);
      put_fields(pack, each);
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
