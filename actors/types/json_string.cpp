#include "actors/types/json_string.hpp"

#include <array>

namespace quire::actors::types {

namespace {

void append_escape(char special, bytes& out) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto code = static_cast<unsigned char>(special);
  switch (special) {
    case '"': return append(out, as_bytes("\\\""));
    case '\\': return append(out, as_bytes("\\\\"));
    case '\n': return append(out, as_bytes("\\n"));
    case '\r': return append(out, as_bytes("\\r"));
    case '\t': return append(out, as_bytes("\\t"));
    default: {
      const std::array<char, 6> escape{'\\', 'u', '0', '0', digits[code >> 4U], digits[code & 0x0FU]};
      return append(out, as_bytes({escape.data(), escape.size()}));
    }
  }
}

bool is_special(char byte) noexcept {
  return static_cast<unsigned char>(byte) < 0x20U || byte == '"' || byte == '\\';
}

}  // namespace

void append_json_escaped(std::string_view text, bytes& out) {
  std::size_t plain_from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_special(text[i]))
      continue;
    append(out, as_bytes(text.substr(plain_from, i - plain_from)));
    append_escape(text[i], out);
    plain_from = i + 1;
  }
  append(out, as_bytes(text.substr(plain_from)));
}

}  // namespace quire::actors::types
