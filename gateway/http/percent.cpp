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

/// The octet that `text` begins with as `%xx`; -1 if it does not.
int octet_at(std::string_view text) noexcept {
  const int high = text.size() > 2 ? digit_of(text[1]) : -1;
  const int low = text.size() > 2 ? digit_of(text[2]) : -1;
  return high < 0 || low < 0 ? -1 : high * 16 + low;
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
    const int octet = octet_at(text.substr(at));
    if (octet <= 0)
      return fail(errc::malformed_message, "bad percent-encoding");
    decoded.push_back(static_cast<char>(octet));
    at += 2;
  }
  return decoded;
}

std::string percent_decode_name(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const int octet = text[at] == '%' ? octet_at(text.substr(at)) : -1;
    decoded.push_back(octet < 0 ? text[at] : static_cast<char>(octet));
    at += octet < 0 ? 0 : 2;
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
