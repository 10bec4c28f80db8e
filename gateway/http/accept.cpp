// Content negotiation, as far as two representations need it. Source: RFC 9110, section 12.5.1.

#include "gateway/http/rest.hpp"

#include <algorithm>
#include <charconv>

namespace quire::gateway::http {

namespace {

std::string_view trimmed(std::string_view text) {
  const auto start = text.find_first_not_of(" \t");
  if (start == std::string_view::npos)
    return {};
  return text.substr(start, text.find_last_not_of(" \t") - start + 1);
}

std::string_view take_until(std::string_view& text, char separator) {
  const auto end = text.find(separator);
  const auto taken = trimmed(text.substr(0, end));
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return taken;
}

/// In thousandths.
int quality_of(std::string_view parameters) {
  while (!parameters.empty()) {
    auto parameter = take_until(parameters, ';');
    if (!parameter.starts_with("q=") && !parameter.starts_with("Q="))
      continue;
    parameter.remove_prefix(2);
    int quality = parameter.starts_with('1') ? 1'000 : 0;
    if (parameter.size() > 2 && parameter[1] == '.' && quality == 0) {
      int scale = 100;
      for (const char digit : parameter.substr(2, 3)) {
        if (digit >= '0' && digit <= '9')
          quality += (digit - '0') * scale;
        scale /= 10;
      }
    }
    return quality;
  }
  return 1'000;
}

/// How much a media type is wanted: the most specific range that holds it decides.
int wanted(std::string_view accept, std::string_view exact, std::string_view group) {
  int best_rank = 0;
  int best = 0;
  while (!accept.empty()) {
    auto element = take_until(accept, ',');
    const auto range = take_until(element, ';');
    const int rank = range == exact ? 3 : range == group ? 2 : range == "*/*" ? 1 : 0;
    if (rank > best_rank) {
      best_rank = rank;
      best = quality_of(element);
    }
  }
  return best;
}

}  // namespace

std::optional<actors::representation> preferred(std::string_view accept) {
  if (trimmed(accept).empty())
    return actors::representation::text;
  const int text = wanted(accept, "text/plain", "text/*");
  const int json = wanted(accept, "application/json", "application/*");
  if (text == 0 && json == 0)
    return std::nullopt;
  return json > text ? actors::representation::json : actors::representation::text;
}

}  // namespace quire::gateway::http
