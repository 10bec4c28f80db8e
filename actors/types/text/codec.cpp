#include "actors/types/text/codec.hpp"

#include "actors/types/utf8.hpp"

#include <msgpack.hpp>
#include <optional>

namespace quire::actors::types::text {

namespace {

class appender {
 public:
  explicit appender(bytes& out) : out_(out) {}
  void write(const char* data, std::size_t size) { append(out_, as_bytes({data, size})); }

 private:
  bytes& out_;
};

using packer = msgpack::packer<appender>;

void pack_text(packer& pack, std::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  pack.pack_str(size).pack_str_body(text.data(), size);
}

void pack_erase(packer& pack, const piece& erased) {
  pack.pack_map(1);
  pack_text(pack, "d");
  if (erased.text.empty())
    pack.pack_uint32(erased.count);
  else
    pack_text(pack, erased.text);
}

// The parser calls a visitor's functions in the order of what it reads and stops when one says no.
class strict_visitor : public msgpack::null_visitor {
 public:
  [[nodiscard]] const std::optional<error>& refusal() const noexcept { return refusal_; }

  bool visit_nil() { return refuse("a nil"); }
  bool visit_boolean(bool) { return refuse("a boolean"); }
  bool visit_negative_integer(std::int64_t) { return refuse("a negative number"); }
  bool visit_float32(float) { return refuse("a fraction"); }
  bool visit_float64(double) { return refuse("a fraction"); }
  bool visit_bin(const char*, std::uint32_t) { return refuse("binary data"); }
  bool visit_ext(const char*, std::uint32_t) { return refuse("an extension"); }

 protected:
  bool refuse(std::string detail, errc code = errc::malformed_operation) {
    refusal_ = error{code, std::move(detail)};
    return false;
  }

 private:
  std::optional<error> refusal_;
};

class operation_visitor : public strict_visitor {
 public:
  explicit operation_visitor(std::size_t parts_max) : parts_max_(parts_max) {}

  operation finish() && { return std::move(builder_).finish(); }

  bool start_array(std::uint32_t size) {
    if (place_ != place::outside)
      return refuse("an array in the array");
    place_ = place::parts;
    if (size > parts_max_)
      return refuse("too many parts", errc::operation_too_large);
    return true;
  }

  bool end_array() {
    place_ = place::outside;
    return last_ != part_kind::retain || refuse("a retain at the end");
  }

  bool start_map(std::uint32_t size) {
    if (place_ != place::parts || size != 1)
      return refuse("a map that is not an erase");
    place_ = place::erase_key;
    return true;
  }

  bool end_map() {
    place_ = place::parts;
    return true;
  }

  bool visit_positive_integer(std::uint64_t count) {
    if (place_ != place::parts && place_ != place::erase_value)
      return refuse("a number where none belongs");
    if (count == 0 || count > operation::length_max)
      return refuse("a count out of range");
    const part_kind kind = place_ == place::parts ? part_kind::retain : part_kind::erase;
    return add({kind, static_cast<std::uint32_t>(count), {}});
  }

  bool visit_str(const char* data, std::uint32_t size) {
    const std::string_view text(data, size);
    if (place_ == place::erase_key) {
      place_ = place::erase_value;
      return text == "d" || refuse("a key other than d");
    }
    if (place_ != place::parts && place_ != place::erase_value)
      return refuse("a string where none belongs");
    if (text.empty())
      return refuse("an empty text");
    if (!utf8::is_valid(text))
      return refuse("a text that is not UTF-8");
    const part_kind kind = place_ == place::parts ? part_kind::insert : part_kind::erase;
    return add({kind, static_cast<std::uint32_t>(utf8::count_code_points(text)), text});
  }

 private:
  enum class place : std::uint8_t { outside, parts, erase_key, erase_value };

  bool add(const piece& next) {
    if (next.kind == last_)
      return refuse("two neighbours of one kind");
    last_ = next.kind;
    std::size_t& total = next.kind == part_kind::insert ? inserted_ : covered_;
    total += next.count;
    if (total > operation::length_max)
      return refuse("counts out of range");
    builder_.add(next);
    return true;
  }

  std::size_t parts_max_;
  place place_ = place::outside;
  std::optional<part_kind> last_;
  std::size_t covered_ = 0;
  std::size_t inserted_ = 0;
  operation_builder builder_;
};

class cursor_visitor : public strict_visitor {
 public:
  [[nodiscard]] cursor made() const noexcept { return made_; }

  bool start_array(std::uint32_t size) { return (!is_open_ && size == 2 && (is_open_ = true)) || refuse("not a pair"); }
  bool start_map(std::uint32_t) { return refuse("a map"); }
  bool visit_str(const char*, std::uint32_t) { return refuse("a string"); }
  bool visit_positive_integer(std::uint64_t position) {
    if (!is_open_ || position > operation::length_max)
      return refuse("a position out of range");
    (ends_++ == 0 ? made_.anchor : made_.head) = static_cast<std::size_t>(position);
    return true;
  }

 private:
  bool is_open_ = false;
  std::size_t ends_ = 0;
  cursor made_;
};

// Whether `encoded` is one MessagePack value, all of it, to the visitor's liking.
result<void> parse(bytes_view encoded, strict_visitor& refusals, auto& visitor) {
  const std::string_view data = as_text(encoded);
  std::size_t offset = 0;
  const bool is_whole = !data.empty() && msgpack::parse(data.data(), data.size(), offset, visitor);
  if (refusals.refusal())
    return tl::unexpected<error>(*refusals.refusal());
  if (!is_whole)
    return fail(errc::malformed_operation, "not MessagePack, or cut short");
  if (offset != data.size())
    return fail(errc::malformed_operation, "bytes after the end");
  return {};
}

// Sizes of the shortest forms: what the packer writes.
std::size_t size_of_number(std::size_t value) noexcept {
  if (value <= 0x7F)
    return 1;
  return value <= 0xFF ? 2 : value <= 0xFFFF ? 3 : value <= 0xFFFF'FFFF ? 5 : 9;
}

std::size_t size_of_text(std::size_t length) noexcept {
  const std::size_t head = length <= 31 ? 1 : length <= 0xFF ? 2 : length <= 0xFFFF ? 3 : 5;
  return head + length;
}

std::size_t encoded_size(const operation& op) noexcept {
  const std::size_t count = op.parts().size();
  std::size_t size = count <= 15 ? 1 : count <= 0xFFFF ? 3 : 5;
  for (const part& each : op.parts()) {
    size += each.text_bytes > 0 ? size_of_text(each.text_bytes) : size_of_number(each.count);
    size += each.kind == part_kind::erase ? size_of_text(1) + 1 : 0;  // the key and the map's head
  }
  return size;
}

std::size_t encoded_size(const cursor& where) noexcept {
  return 1 + size_of_number(where.anchor) + size_of_number(where.head);
}

}  // namespace

void encode(const operation& op, bytes& out) {
  appender sink(out);
  packer pack(sink);
  pack.pack_array(static_cast<std::uint32_t>(op.parts().size()));
  piece_reader from(op);
  while (!from.at_end()) {
    const piece next = from.take_all();
    switch (next.kind) {
      case part_kind::retain: pack.pack_uint32(next.count); break;
      case part_kind::insert: pack_text(pack, next.text); break;
      case part_kind::erase: pack_erase(pack, next); break;
    }
  }
}

result<operation> decode(bytes_view encoded, const codec_limits& limits) {
  if (encoded.size() > limits.bytes_max)
    return fail(errc::operation_too_large, "an operation of " + std::to_string(encoded.size()) + " bytes");
  operation_visitor visitor(limits.parts_max);
  if (auto parsed = parse(encoded, visitor, visitor); !parsed)
    return tl::unexpected<error>(parsed.error());
  operation made = std::move(visitor).finish();
  // The shortest form of each number and length is the only one, so a longer whole has a longer part.
  if (encoded_size(made) != encoded.size())
    return fail(errc::malformed_operation, "a number or length that is not in its shortest form");
  return made;
}

void encode(const cursor& where, bytes& out) {
  appender sink(out);
  packer pack(sink);
  pack.pack_array(2);
  pack.pack_uint64(where.anchor);
  pack.pack_uint64(where.head);
}

result<cursor> decode_cursor(bytes_view encoded) {
  cursor_visitor visitor;
  const auto parsed = parse(encoded, visitor, visitor);
  if (!parsed)
    return fail(errc::malformed_message, "cursor: " + parsed.error().detail);
  if (encoded_size(visitor.made()) != encoded.size())
    return fail(errc::malformed_message, "cursor: a number that is not in its shortest form");
  return visitor.made();
}

}  // namespace quire::actors::types::text
