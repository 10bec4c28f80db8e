#include "protocol/lib0/reader.hpp"

#include "protocol/utf8.hpp"

namespace quire::lib0 {

namespace {

constexpr int number_bytes_max = 8;

}  // namespace

void reader::refuse(const char* why) noexcept {
  if (why_ == nullptr)
    why_ = why;
  at_ = from_.size();
}

std::uint64_t reader::long_var_uint() noexcept {
  std::uint64_t number = 0;
  for (unsigned i = 0; i < number_bytes_max; ++i) {
    const std::uint8_t next = octet();
    number |= static_cast<std::uint64_t>(next & 0x7FU) << (7U * i);
    if (next < 0x80U) {
      if (number <= number_max)
        return is_good() ? number : 0;
      break;
    }
  }
  refuse("a number past 2^53 - 1");
  return 0;
}

std::int64_t reader::var_int() noexcept {
  std::uint8_t next = octet();
  const bool is_negative = (next & 0x40U) != 0;
  std::uint64_t number = next & 0x3FU;
  for (unsigned i = 0; (next & 0x80U) != 0 && i < number_bytes_max - 1; ++i) {
    next = octet();
    number |= static_cast<std::uint64_t>(next & 0x7FU) << (7U * i + 6U);
  }
  if ((next & 0x80U) != 0 || number > number_max) {
    refuse("a number past 2^53 - 1");
    return 0;
  }
  if (!is_good())
    return 0;
  return is_negative ? -static_cast<std::int64_t>(number) : static_cast<std::int64_t>(number);
}

bytes_view reader::octets(std::uint64_t count) noexcept {
  if (count > from_.size() - at_) {
    refuse("cut short");
    return {};
  }
  const auto taken = from_.subspan(at_, static_cast<std::size_t>(count));
  at_ += taken.size();
  return taken;
}

std::string_view reader::text() noexcept {
  const std::string_view taken = as_text(octets());
  if (is_utf8(taken))
    return taken;
  refuse("a text that is not UTF-8");
  return {};
}

std::uint64_t reader::count(std::size_t bytes_each) noexcept {
  const std::uint64_t number = var_uint();
  if (number <= (from_.size() - at_) / bytes_each)
    return number;
  refuse("cut short");
  return 0;
}

}  // namespace quire::lib0
