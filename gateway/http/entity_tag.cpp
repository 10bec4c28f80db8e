#include "gateway/http/entity_tag.hpp"

#include <charconv>

namespace quire::gateway::http {

namespace {

std::string_view name_of(actors::representation as) {
  return as == actors::representation::json ? "json" : "text";
}

/// Takes a number without sign or leading zero off `text`.
template <class Number>
std::optional<Number> take_number(std::string_view& text) {
  Number value{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || (text.front() == '0' && end - text.data() > 1))
    return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

bool take(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected))
    return false;
  text.remove_prefix(expected.size());
  return true;
}

}  // namespace

std::string entity_tag(const actors::document_version& version, actors::representation as) {
  return '"' + std::to_string(version.generation.value()) + '.' + std::to_string(version.revision.value()) + '.' +
         std::string(name_of(as)) + '"';
}

std::optional<actors::document_version> version_in(std::string_view tag) {
  if (!take(tag, "\""))
    return std::nullopt;
  const auto made = take_number<std::uint32_t>(tag);
  if (!made || !take(tag, "."))
    return std::nullopt;
  const auto at = take_number<std::uint64_t>(tag);
  if (!at || (tag != ".text\"" && tag != ".json\""))
    return std::nullopt;
  return actors::document_version{generation(*made), revision(*at)};
}

bool is_listed(std::string_view list, std::string_view tag) {
  while (!list.empty()) {
    const auto start = list.find_first_not_of(" \t,");
    if (start == std::string_view::npos)
      return false;
    list.remove_prefix(start);
    if (list.front() == '*')
      return true;
    take(list, "W/");
    const auto end = list.front() == '"' ? list.find('"', 1) : std::string_view::npos;
    if (end == std::string_view::npos)
      return false;
    if (list.substr(0, end + 1) == tag)
      return true;
    list.remove_prefix(end + 1);
  }
  return false;
}

}  // namespace quire::gateway::http
