#include "gateway/http/percent.hpp"

namespace quire::gateway::http {

namespace {

int digit_of(char letter) noexcept {
  if (letter >= '0' && letter <= '9')
    return letter - '0';
  if (letter >= 'A' && letter <= 'F')
    return letter - 'A' + 10;
  if (letter >= 'a' && letter <= 'f')
    return letter - 'a' + 10;
  return -1;
}

bool is_unreserved(char letter) noexcept {
  return (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
         letter == '-' || letter == '.' || letter == '_' || letter == '~';
}

}  // namespace

result<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      decoded.push_back(text[at]);
      continue;
    }
    const int high = at + 2 < text.size() ? digit_of(text[at + 1]) : -1;
    const int low = at + 2 < text.size() ? digit_of(text[at + 2]) : -1;
    if (high < 0 || low < 0 || (high == 0 && low == 0))
      return fail(errc::malformed_message, "bad percent-encoding");
    decoded.push_back(static_cast<char>(high * 16 + low));
    at += 2;
  }
  return decoded;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char letter : text) {
    if (is_unreserved(letter)) {
      encoded.push_back(letter);
      continue;
    }
    const auto octet = static_cast<unsigned char>(letter);
    encoded.push_back('%');
    encoded.push_back(digits[octet >> 4]);
    encoded.push_back(digits[octet & 0xF]);
  }
  return encoded;
}

}  // namespace quire::gateway::http
