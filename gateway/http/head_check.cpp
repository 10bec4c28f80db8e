#include "gateway/http/head_check.hpp"

#include <algorithm>

namespace quire::gateway::http {

namespace {

bool same_word(std::string_view left, std::string_view right) noexcept {
  const auto lower = [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
  };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

std::string_view trimmed(std::string_view text) noexcept {
  const auto is_blank = [](char letter) { return letter == ' ' || letter == '\t'; };
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

/// The fields that say where a request ends and whom it is for.
struct framing {
  int lengths = 0;
  int codings = 0;
  int hosts = 0;
};

result<void> check_field(std::string_view line, framing& seen) {
  if (line.front() == ' ' || line.front() == '\t')
    return fail(errc::malformed_message, "a folded header line");
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0)
    return fail(errc::malformed_message, "a header line without a name");
  const auto name = line.substr(0, colon);
  const auto value = trimmed(line.substr(colon + 1));
  if (name.find_first_of(" \t") != std::string_view::npos)
    return fail(errc::malformed_message, "space in a header's name");
  if (same_word(name, "content-length")) {
    if (++seen.lengths > 1 || value.empty() || value.find_first_not_of("0123456789") != std::string_view::npos)
      return fail(errc::malformed_message, "a bad Content-Length");
  } else if (same_word(name, "transfer-encoding")) {
    if (++seen.codings > 1 || !same_word(value, "chunked"))
      return fail(errc::malformed_message, "a bad Transfer-Encoding");
  } else if (same_word(name, "host")) {
    if (++seen.hosts > 1 || value.empty() || value.find_first_of("/@, \t") != std::string_view::npos)
      return fail(errc::malformed_message, "a bad Host");
  }
  return {};
}

result<void> check_together(std::string_view request_line, const framing& seen) {
  if (seen.lengths != 0 && seen.codings != 0)
    return fail(errc::malformed_message, "both Content-Length and Transfer-Encoding");
  if (request_line.ends_with(" HTTP/1.0")) {
    if (seen.codings != 0)
      return fail(errc::malformed_message, "Transfer-Encoding in HTTP/1.0");
  } else if (!request_line.ends_with(" HTTP/1.1")) {
    return fail(errc::malformed_message, "not HTTP/1.1");
  } else if (seen.hosts == 0) {
    return fail(errc::malformed_message, "no Host");
  }
  return {};
}

}  // namespace

result<void> check_head(std::string_view head) {
  framing seen;
  std::string_view request_line;
  while (true) {
    const auto end = head.find("\r\n");
    if (end == std::string_view::npos)
      return fail(errc::malformed_message, "the head does not end");
    const auto line = head.substr(0, end);
    head.remove_prefix(end + 2);
    if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
      return fail(errc::malformed_message, "a stray CR, LF or NUL");
    if (request_line.empty()) {
      if (line.empty())
        return fail(errc::malformed_message, "an empty request line");
      request_line = line;
    } else if (line.empty()) {
      return head.empty() ? check_together(request_line, seen) : fail(errc::malformed_message, "text after the head");
    } else if (auto checked = check_field(line, seen); !checked) {
      return checked;
    }
  }
}

}  // namespace quire::gateway::http
