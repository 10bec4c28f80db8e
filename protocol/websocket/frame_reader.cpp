// next():  head ──whole──> begin_frame ──> payload ──all of it──> a message, or the head of its next frame

#include "protocol/websocket/frame_reader.hpp"

#include "protocol/utf8.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace quire::websocket {

namespace {

constexpr std::uint8_t final_bit = 0x80;
constexpr std::uint8_t reserved_bits = 0x70;
constexpr std::uint8_t opcode_bits = 0x0F;
constexpr std::uint8_t mask_bit = 0x80;
constexpr std::uint8_t length_bits = 0x7F;
constexpr std::uint8_t length_in_16_bits = 126;
constexpr std::uint8_t length_in_64_bits = 127;
constexpr std::size_t control_bytes_max = 125;

std::uint8_t octet(std::byte from) noexcept {
  return std::to_integer<std::uint8_t>(from);
}

std::size_t big_endian(bytes_view octets) noexcept {
  std::size_t value = 0;
  for (const std::byte one : octets)
    value = (value << 8U) | octet(one);
  return value;
}

// How many bytes say the length, after the seven bits that every frame has.
std::size_t extra_length_bytes(std::uint8_t second) noexcept {
  const auto length = second & length_bits;
  return length == length_in_16_bits ? 2 : length == length_in_64_bits ? 8 : 0;
}

// Unmasks, and leaves the key as the bytes after these need it. A word at a time: the compiler makes vectors of it.
void unmask(std::span<std::byte> data, std::array<std::byte, 4>& key) noexcept {
  std::uint64_t wide = 0;
  std::memcpy(&wide, key.data(), key.size());
  std::memcpy(reinterpret_cast<std::byte*>(&wide) + key.size(), key.data(), key.size());
  std::size_t at = 0;
  for (; at + sizeof(wide) <= data.size(); at += sizeof(wide)) {
    std::uint64_t word = 0;
    std::memcpy(&word, data.data() + at, sizeof(word));
    word ^= wide;
    std::memcpy(data.data() + at, &word, sizeof(word));
  }
  for (; at < data.size(); ++at)
    data[at] ^= key[at % key.size()];
  std::rotate(key.begin(), key.begin() + static_cast<std::ptrdiff_t>(data.size() % key.size()), key.end());
}

tl::unexpected<error> malformed(const char* why) {
  return fail(errc::malformed_message, std::string("WebSocket: ") + why);
}

}  // namespace

result<std::optional<frame_reader::message>> frame_reader::next(std::span<std::byte>& input,
                                                                std::size_t message_bytes_max) {
  release();
  while (true) {
    if (!is_in_payload_) {
      if (!fill_head(input))
        return std::nullopt;
      if (auto begun = begin_frame(message_bytes_max); !begun)
        return tl::unexpected(begun.error());
    }
    const auto part = take_payload(input);
    const bool is_whole_frame = left_ == 0;
    is_in_payload_ = !is_whole_frame;
    bytes& earlier = is_control(kind_) ? control_ : message_;
    const bool is_last_frame = (octet(head_[0]) & final_bit) != 0;
    if (!is_whole_frame || !is_last_frame || !earlier.empty())
      if (!is_skipped_ || is_control(kind_))
        append(earlier, part);
    if (!is_whole_frame)
      return std::nullopt;
    if (!is_last_frame)
      continue;
    const auto kind = is_control(kind_) ? kind_ : std::exchange(message_kind_, opcode::continuation);
    if (!is_control(kind) && std::exchange(is_skipped_, false))
      continue;
    given_ = std::exchange(earlier, {});
    if (given_.empty())
      return message{kind, part, true};
    return message{kind, given_, false};
  }
}

std::size_t frame_reader::head_size() const noexcept {
  constexpr std::size_t least = 2;
  const bool is_masked = (octet(head_[1]) & mask_bit) != 0;  // if not, that is all there is to know
  return head_filled_ < least || !is_masked ? least : least + extra_length_bytes(octet(head_[1])) + key_.size();
}

bool frame_reader::fill_head(std::span<std::byte>& input) {
  while (head_filled_ < head_size()) {
    if (input.empty())
      return false;
    const auto count = std::min(head_size() - head_filled_, input.size());
    std::copy_n(input.begin(), count, head_.begin() + head_filled_);
    head_filled_ = static_cast<std::uint8_t>(head_filled_ + count);
    input = input.subspan(count);
  }
  return true;
}

std::size_t frame_reader::declared_length() const noexcept {
  const auto extra = extra_length_bytes(octet(head_[1]));
  return extra == 0 ? octet(head_[1]) & length_bits : big_endian(bytes_view(head_).subspan(2, extra));
}

result<void> frame_reader::begin_frame(std::size_t message_bytes_max) {
  const auto declared = declared_length();
  const auto kind = static_cast<opcode>(octet(head_[0]) & opcode_bits);
  if (auto checked = check_kind(kind, declared); !checked)
    return checked;

  const auto key = bytes_view(head_).subspan(head_size() - key_.size(), key_.size());
  std::copy(key.begin(), key.end(), key_.begin());
  kind_ = kind;
  left_ = declared;
  head_filled_ = 0;
  is_in_payload_ = true;
  if (is_control(kind))
    return {};
  if (kind != opcode::continuation)
    message_kind_ = kind;
  if (is_skipped_ || (message_.size() <= message_bytes_max && declared <= message_bytes_max - message_.size()))
    return {};
  is_skipped_ = true;
  message_ = bytes();
  return fail(errc::message_too_large, "a frame is over its limit of " + std::to_string(message_bytes_max) + " bytes");
}

result<void> frame_reader::check_kind(opcode kind, std::size_t declared) const {
  const auto first = octet(head_[0]);
  if ((first & reserved_bits) != 0)
    return malformed("a reserved bit is set");
  if ((octet(head_[1]) & mask_bit) == 0)
    return malformed("a frame is not masked");
  const auto extra = extra_length_bytes(octet(head_[1]));
  if ((extra == 2 && declared < length_in_16_bits) || (extra == 8 && (declared <= 0xFFFF || declared >> 63U != 0)))
    return malformed("a length is not written as it must be");
  switch (kind) {
    case opcode::continuation:
      return message_kind_ != opcode::continuation ? result<void>() : malformed("a continuation of nothing");
    case opcode::text:
    case opcode::binary:
      return message_kind_ == opcode::continuation ? result<void>() : malformed("a message within another");
    case opcode::close:
    case opcode::ping:
    case opcode::pong:
      if ((first & final_bit) == 0)
        return malformed("a control frame in parts");
      return declared <= control_bytes_max ? result<void>() : malformed("a control frame is too long");
  }
  return malformed("an unknown opcode");
}

std::span<std::byte> frame_reader::take_payload(std::span<std::byte>& input) noexcept {
  const auto part = input.first(std::min(left_, input.size()));
  input = input.subspan(part.size());
  left_ -= part.size();
  unmask(part, key_);
  return part;
}

bool is_close_payload(bytes_view payload) noexcept {
  if (payload.empty())
    return true;
  if (payload.size() < 2)
    return false;
  const auto code = big_endian(payload.first(2));
  const bool is_defined = (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006);
  return (is_defined || (code >= 3000 && code <= 4999)) && is_utf8(as_text(payload.subspan(2)));
}

}  // namespace quire::websocket
