#include "actors/types/yjs/json_text.hpp"

#include "actors/types/yjs/any.hpp"
#include "actors/types/yjs/json_number.hpp"

#include <algorithm>
#include <bitset>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <limits>

namespace quire::actors::types::yjs {

namespace {

constexpr std::uint32_t high_surrogates = 0xD800;
constexpr std::uint32_t low_surrogates = 0xDC00;
constexpr std::uint32_t surrogates_end = 0xE000;
constexpr std::uint32_t replacement_character = 0xFFFD;

bool is_digit(char each) noexcept {
  return '0' <= each && each <= '9';
}

/// Walks over JSON, token by token.
class json_scanner {
 public:
  explicit json_scanner(std::string_view text) noexcept : text_(text) {}

  [[nodiscard]] std::size_t position() const noexcept { return at_; }
  [[nodiscard]] bool at_end() const noexcept { return at_ == text_.size(); }
  [[nodiscard]] char next() const noexcept { return at_end() ? '\0' : text_[at_]; }

  void skip_space() noexcept {
    while (next() == ' ' || next() == '\t' || next() == '\n' || next() == '\r')
      ++at_;
  }
  bool take(char expected) noexcept {
    const bool is_there = !at_end() && text_[at_] == expected;
    at_ += is_there ? 1U : 0U;
    return is_there;
  }
  bool take(std::string_view word) noexcept {
    const bool is_there = text_.substr(at_).starts_with(word);
    at_ += is_there ? word.size() : 0U;
    return is_there;
  }
  bool take_string() noexcept;
  bool take_number() noexcept;
  /// A text, number, truth or null.
  bool take_single() noexcept {
    return next() == '"' ? take_string() : take("true") || take("false") || take("null") || take_number();
  }
  /// Any value at all, of which nothing is kept.
  bool take_value() noexcept;

 private:
  bool take_digits() noexcept {
    const std::size_t from = at_;
    while (is_digit(next()))
      ++at_;
    return at_ > from;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

bool json_scanner::take_string() noexcept {
  if (!take('"'))
    return false;
  while (!at_end()) {
    const char each = text_[at_++];
    if (each == '"')
      return true;
    if (static_cast<unsigned char>(each) < 0x20U)
      return false;
    if (each != '\\')
      continue;
    const char escaped = next();
    if (std::string_view("\"\\/bfnrtu").find(escaped) == std::string_view::npos || at_end())
      return false;
    ++at_;
    for (int i = 0; escaped == 'u' && i < 4; ++i, ++at_) {
      if (std::isxdigit(static_cast<unsigned char>(next())) == 0)
        return false;
    }
  }
  return false;
}

bool json_scanner::take_number() noexcept {
  take('-');
  if (!take('0') && !take_digits())
    return false;
  if (take('.') && !take_digits())
    return false;
  if (!take('e') && !take('E'))
    return true;
  if (!take('+'))
    take('-');
  return take_digits();
}

bool json_scanner::take_value() noexcept {
  std::bitset<nesting_max> is_object;
  std::size_t depth = 0;
  bool is_fresh = true;  // right behind an opening bracket, or at the beginning
  for (;;) {
    skip_space();
    if (depth > 0) {
      if (take(is_object[depth - 1] ? '}' : ']')) {
        if (--depth == 0)
          return true;
        is_fresh = false;
        continue;
      }
      if (!is_fresh && !take(','))
        return false;
      skip_space();
      if (is_object[depth - 1]) {
        if (!take_string())
          return false;
        skip_space();
        if (!take(':'))
          return false;
        skip_space();
      }
    }
    if (next() == '{' || next() == '[') {
      if (depth == nesting_max)
        return false;
      is_object[depth++] = next() == '{';
      ++at_;
      is_fresh = true;
      continue;
    }
    if (!take_single())
      return false;
    if (depth == 0)
      return true;
    is_fresh = false;
  }
}

void append_utf8(std::uint32_t code, std::string& out) {
  const auto octet = [](std::uint32_t value) { return static_cast<char>(value); };
  if (code < 0x80U) {
    out += octet(code);
  } else if (code < 0x800U) {
    out += {octet(0xC0U | code >> 6U), octet(0x80U | (code & 0x3FU))};
  } else if (code < 0x10000U) {
    out += {octet(0xE0U | code >> 12U), octet(0x80U | (code >> 6U & 0x3FU)), octet(0x80U | (code & 0x3FU))};
  } else {
    out += {octet(0xF0U | code >> 18U), octet(0x80U | (code >> 12U & 0x3FU)), octet(0x80U | (code >> 6U & 0x3FU)),
            octet(0x80U | (code & 0x3FU))};
  }
}

std::uint32_t hexadecimal(std::string_view digits) noexcept {
  std::uint32_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  return number;
}

/// The text of a JSON string, quotes included. A surrogate without its other half is U+FFFD.
std::string unescaped(std::string_view json) {
  const std::string_view inner = json.substr(1, json.size() - 2);
  std::string made;
  for (std::size_t i = 0; i < inner.size(); ++i) {
    if (inner[i] != '\\') {
      made += inner[i];
      continue;
    }
    switch (const char escaped = inner[++i]) {
      case 'b': made += '\b'; break;
      case 'f': made += '\f'; break;
      case 'n': made += '\n'; break;
      case 'r': made += '\r'; break;
      case 't': made += '\t'; break;
      case 'u': {
        std::uint32_t code = hexadecimal(inner.substr(i + 1, 4));
        i += 4;
        if (high_surrogates <= code && code < low_surrogates && inner.substr(i + 1, 2) == "\\u") {
          const std::uint32_t low = hexadecimal(inner.substr(i + 3, 4));
          if (low_surrogates <= low && low < surrogates_end) {
            code = 0x10000U + ((code - high_surrogates) << 10U) + (low - low_surrogates);
            i += 6;
          }
        }
        append_utf8(high_surrogates <= code && code < surrogates_end ? replacement_character : code, made);
        break;
      }
      default: made += escaped;
    }
  }
  return made;
}

double number_of(std::string_view json) noexcept {
  double number = 0;
  const auto read = std::from_chars(json.data(), json.data() + json.size(), number);
  if (read.ec != std::errc::result_out_of_range)
    return number;
  const bool is_tiny = json.find("e-") != std::string_view::npos || json.find("E-") != std::string_view::npos;
  const double size = is_tiny ? 0 : std::numeric_limits<double>::infinity();
  return json[0] == '-' ? -size : size;
}

std::string_view trimmed(std::string_view json) noexcept {
  constexpr std::string_view space = " \t\n\r";
  const auto from = json.find_first_not_of(space);
  return from == std::string_view::npos ? std::string_view{}
                                        : json.substr(from, json.find_last_not_of(space) + 1 - from);
}

/// Calls `with` with the text of each element of a JSON array.
template <class Each>
void for_each_element(std::string_view json, Each with) {
  json_scanner scan(json);
  scan.take('[');
  scan.skip_space();
  while (!scan.at_end() && scan.next() != ']') {
    const std::size_t from = scan.position();
    if (!scan.take_value())
      return;
    with(json.substr(from, scan.position() - from));
    scan.skip_space();
    scan.take(',');
    scan.skip_space();
  }
}

}  // namespace

bool is_json(std::string_view text) noexcept {
  json_scanner scan(text);
  if (!scan.take_value())
    return false;
  scan.skip_space();
  return scan.at_end();
}

bool is_json_null(std::string_view json) noexcept {
  return trimmed(json) == "null";
}

void write_json_as_text(std::string_view json, bytes& out) {
  const std::string_view value = trimmed(json);
  switch (value.empty() ? '\0' : value[0]) {
    case '"': return append(out, as_bytes(unescaped(value)));
    case '{': return append(out, as_bytes("[object Object]"));
    case '[': {
      bool is_first = true;
      for_each_element(value, [&](std::string_view element) {
        if (!is_first)
          append(out, as_bytes(","));
        is_first = false;
        if (element != "null")
          write_json_as_text(element, out);  // no deeper than nesting_max
      });
      return;
    }
    case 't':
    case 'f':
    case 'n': return append(out, as_bytes(value));
    default: return append_number(number_of(value), value.starts_with('-') ? "-Infinity" : "Infinity", out);
  }
}

std::vector<std::pair<std::string, std::string_view>> members_of(std::string_view json) {
  std::vector<std::pair<std::string, std::string_view>> members;
  const std::string_view object = trimmed(json);
  json_scanner scan(object);
  if (!scan.take('{'))
    return members;
  scan.skip_space();
  while (scan.next() == '"') {
    const std::size_t key = scan.position();
    if (!scan.take_string())
      return {};
    auto name = unescaped(object.substr(key, scan.position() - key));
    scan.skip_space();
    scan.take(':');
    scan.skip_space();
    const std::size_t value = scan.position();
    if (!scan.take_value())
      return {};
    members.emplace_back(std::move(name), object.substr(value, scan.position() - value));
    scan.skip_space();
    scan.take(',');
    scan.skip_space();
  }
  std::ranges::stable_sort(members, {}, [](const auto& each) { return std::string_view(each.first); });
  const auto is_replaced = [&](const auto& each) {
    const auto index = static_cast<std::size_t>(&each - members.data());
    return index + 1 < members.size() && members[index + 1].first == each.first;
  };
  std::vector<std::pair<std::string, std::string_view>> last;
  for (auto& each : members) {
    if (!is_replaced(each))
      last.push_back(each);
  }
  return last;
}

}  // namespace quire::actors::types::yjs
