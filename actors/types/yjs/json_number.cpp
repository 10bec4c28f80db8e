#include "actors/types/yjs/json_number.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace quire::actors::types::yjs {

namespace {

// Where JavaScript changes to an exponent.
constexpr int whole_digits_max = 21;
constexpr int leading_zeros_max = 6;

/// The shortest digits that read back as the number, which is digits[0].digits[1...] times ten to `exponent`.
struct decimal {
  std::string digits;
  int exponent = 0;
};

decimal shortest(double number) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::scientific);
  const std::string_view printed(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
  const auto mark = printed.find('e');
  decimal made;
  made.digits = printed[0];
  if (mark > 2)
    made.digits += printed.substr(2, mark - 2);
  const char* exponent = printed.data() + mark + 1;
  std::from_chars(*exponent == '+' ? exponent + 1 : exponent, end.ptr, made.exponent);
  return made;
}

std::string laid_out(const decimal& number) {
  const int count = static_cast<int>(number.digits.size());
  const int point = number.exponent + 1;  // digits before the point
  if (count <= point && point <= whole_digits_max)
    return number.digits + std::string(static_cast<std::size_t>(point - count), '0');
  if (0 < point && point <= whole_digits_max)
    return number.digits.substr(0, static_cast<std::size_t>(point)) + '.' +
           number.digits.substr(static_cast<std::size_t>(point));
  if (-leading_zeros_max < point && point <= 0)
    return "0." + std::string(static_cast<std::size_t>(-point), '0') + number.digits;
  std::string made = number.digits.substr(0, 1);
  if (count > 1)
    made += '.' + number.digits.substr(1);
  return made + 'e' + (number.exponent < 0 ? '-' : '+') + std::to_string(std::abs(number.exponent));
}

}  // namespace

void append_number(double number, std::string_view otherwise, bytes& out) {
  if (!std::isfinite(number))
    return append(out, as_bytes(otherwise));
  if (number == 0)
    return append(out, as_bytes("0"));
  if (number < 0)
    append(out, as_bytes("-"));
  append(out, as_bytes(laid_out(shortest(std::fabs(number)))));
}

}  // namespace quire::actors::types::yjs
