#include "protocol/codec.hpp"
#include "protocol/message_forms.hpp"
#include "protocol/msgpack_reader.hpp"
#include "protocol/utf8.hpp"

#include <algorithm>
#include <concepts>
#include <cstring>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace quire::protocol {

namespace {

/// Reads one message. Every function returns whether it went well; if not, `error_` says why: the innermost writes
/// what must be, and each one around it puts its own place in front. So a good message pays nothing for it.
class message_decoder {
 public:
  explicit message_decoder(bytes_view data) noexcept : in_(data) {}

  template <class Messages>
  result<Messages> decode() {
    std::uint32_t count = 0;
    std::uint64_t number = 0;
    Messages message;
    if (begin(count, number) && read_one_of(message, number, count - 1))
      return message;
    return tl::unexpected<error>(std::move(error_));
  }

  bytes_view rest() const noexcept { return in_.rest(); }

 private:
  bool begin(std::uint32_t& count, std::uint64_t& number) {
    if (in_.rest().empty())
      return refuse("a message is missing: the frame is empty");
    return (expect(in_.read_array(count), "must be an array") &&
            (count > 0 || refuse("has no type: the array is empty")) &&
            (expect(in_.read_unsigned(number), "must begin with its type, an unsigned integer"))) ||
           blame("a message ");
  }

  template <class... Message>
  bool read_one_of(std::variant<Message...>& message, std::uint64_t number, std::uint32_t count) {
    bool is_good = false;
    const bool is_known = ((form<Message>::number == number &&
                            (is_good = read_message(message.template emplace<Message>(), count), true)) ||
                           ...);
    if (is_known)
      return is_good;
    // Passed over whole, so that a reader who does not mind can go on behind it.
    return skip_unknown_fields(count, 1) &&
           refuse("no message of type " + std::to_string(number) + " goes this way", errc::unknown_message);
  }

  template <record Message>
  bool read_message(Message& message, std::uint32_t count) {
    return read_fields(message, count, 1) || blame(std::string(form<Message>::name) + ": ");
  }

  template <record Record>
  bool read_fields(Record& value, std::uint32_t count, std::size_t depth) {
    if (count < field_count<Record>)
      return refuse("has " + std::to_string(count) + " fields instead of " + std::to_string(field_count<Record>));
    const bool is_good = std::apply(
      [&](const auto&... each) {
        unsigned number = 0;
        return ((++number, read(value.*each.member, each.allowed, depth) || blame_field(number, each.name)) && ...);
      },
      form<Record>::fields);
    return is_good && skip_unknown_fields(count - field_count<Record>, depth);
  }

  bool skip_unknown_fields(std::uint32_t count, std::size_t depth) {
    for (; count > 0; --count)
      if (!expect(in_.skip(limits::nesting_max - depth), "must be a MessagePack value"))
        return blame("a field that is not known ");
    return true;
  }

  // One overload for each kind of field, in the order of codec_encode.cpp. `depth`: arrays around the field.

  template <std::unsigned_integral Number>
  bool read(Number& value, const bounds& allowed, std::size_t) {
    return read_number(value, allowed.least, number_max<Number>);
  }

  template <class Number, class Tag>
  bool read(strong<Number, Tag>& value, const bounds& allowed, std::size_t depth) {
    Number number = 0;
    const bool is_good = read(number, allowed, depth);
    value = strong<Number, Tag>{number};
    return is_good;
  }

  bool read(bool& value, const bounds&, std::size_t) { return expect(in_.read_bool(value), "must be a boolean"); }

  bool read(std::chrono::milliseconds& value, const bounds&, std::size_t) {
    std::uint32_t number = 0;
    const bool is_good = read_number(number, 0, number_max<std::uint32_t>);
    value = std::chrono::milliseconds{number};
    return is_good;
  }

  // A code that is not in our table is let through: it is a later version's.
  bool read(errc& value, const bounds&, std::size_t) {
    std::uint8_t number = 0;
    const bool is_good = read_number(number, 1, number_max<std::uint8_t>);
    value = static_cast<errc>(number);
    return is_good;
  }

  template <class Tag>
  bool read(random_id<Tag>& value, const bounds&, std::size_t) {
    bytes_view data;
    if (!expect(in_.read_binary(data), "must be a binary of 16 bytes"))
      return false;
    if (data.size() != value.octets.size())
      return refuse("must be a binary of 16 bytes");
    std::memcpy(value.octets.data(), data.data(), data.size());
    return true;
  }

  bool read(std::string& value, const bounds& allowed, std::size_t) {
    std::string_view text;
    if (!expect(in_.read_text(text), "must be a string") || !fits(text.size(), allowed))
      return false;
    if (!is_utf8(text))
      return refuse("must be valid UTF-8");
    value = text;
    return true;
  }

  bool read(bytes& value, const bounds& allowed, std::size_t) {
    bytes_view data;
    if (!expect(in_.read_binary(data), "must be a binary") || !fits(data.size(), allowed))
      return false;
    value.assign(data.begin(), data.end());
    return true;
  }

  bool read(shared_bytes& value, const bounds& allowed, std::size_t depth) {
    bytes data;
    if (!read(data, allowed, depth))
      return false;
    value = share(std::move(data));
    return true;
  }

  template <record Record>
  bool read(Record& value, const bounds&, std::size_t depth) {
    std::uint32_t count = 0;
    return expect(in_.read_array(count), "must be an array") && read_fields(value, count, depth + 1);
  }

  template <record Record>
  bool read(std::optional<Record>& value, const bounds& allowed, std::size_t depth) {
    return in_.take_nil() || read(value.emplace(), allowed, depth);
  }

  template <record Record>
  bool read(std::vector<Record>& value, const bounds& allowed, std::size_t depth) {
    std::uint32_t count = 0;
    if (!expect(in_.read_array(count), "must be an array"))
      return false;
    // No more is reserved than the bytes left can hold, whatever the array declares.
    value.reserve(std::min<std::size_t>(count, in_.rest().size() / least_bytes<Record>));
    for (std::uint32_t entry = 1; entry <= count; ++entry)
      if (!read(value.emplace_back(), allowed, depth + 1))
        return blame("entry " + std::to_string(entry) + " ");
    return true;
  }

  template <std::unsigned_integral Number>
  bool read_number(Number& value, std::uint64_t least, std::uint64_t most) {
    std::uint64_t number = 0;
    if (!expect(in_.read_unsigned(number), "must be an unsigned integer"))
      return false;
    if (number < least || number > most)
      return refuse("must be from " + std::to_string(least) + " to " + std::to_string(most));
    value = static_cast<Number>(number);
    return true;
  }

  bool fits(std::size_t size, const bounds& allowed) {
    return size <= allowed.bytes_max ||
           refuse("has " + std::to_string(size) + " bytes; " + std::to_string(allowed.bytes_max) + " are allowed",
                  errc::message_too_large);
  }

  bool expect(reading went, const char* demand) { return went == reading::good || refuse_reading(went, demand); }

  [[gnu::cold]] bool refuse_reading(reading why, const char* demand) {
    switch (why) {
      case reading::cut_off: return refuse("is cut off");
      case reading::too_deep: return refuse("is nested too deep");
      default: return refuse(demand);
    }
  }

  [[gnu::cold]] bool refuse(std::string detail, errc code = errc::malformed_message) {
    error_ = {code, std::move(detail)};
    return false;
  }

  [[gnu::cold]] bool blame(std::string_view place) {
    error_.detail.insert(0, place);
    return false;
  }

  [[gnu::cold]] bool blame_field(unsigned number, std::string_view name) {
    return blame("field " + std::to_string(number) + " (" + std::string(name) + ") ");
  }

  msgpack_reader in_;
  error error_;
};

template <class Messages>
result<Messages> decode_any(bytes_view& frame) {
  message_decoder decoder{frame};
  auto message = decoder.decode<Messages>();
  frame = decoder.rest();
  return message;
}

}  // namespace

result<client_message> decode_client_message(bytes_view& frame) {
  if (frame.size() > limits::frame_bytes_max)
    return fail(errc::message_too_large, "the frame has " + std::to_string(frame.size()) + " bytes; " +
                                           std::to_string(limits::frame_bytes_max) + " are allowed");
  return decode_any<client_message>(frame);
}

result<server_message> decode_server_message(bytes_view& frame) {
  return decode_any<server_message>(frame);
}

}  // namespace quire::protocol
