#include "gateway/environment.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <numeric>
#include <regex>
#include <utility>

#include <unistd.h>

namespace quire::gateway {

namespace {

/// What our own tests, benchmarks and tools are told by. CONTRIBUTING.md says what each is for.
constexpr std::array<std::string_view, 14> of_tools{
  "QUIRE_BINARY", "QUIRE_BUILD",         "QUIRE_CHROMIUM", "QUIRE_DIFFERENTIAL_CASES",
  "QUIRE_KILLS",  "QUIRE_OS_RELEASE",    "QUIRE_PAGES",    "QUIRE_PROGRAM",
  "QUIRE_ROUNDS", "QUIRE_SEED",          "QUIRE_SEEDS",    "QUIRE_TRACES",
  "QUIRE_URL",    "QUIRE_YJS_OPERATIONS"};

/// Longer than any of a service is: their names have at most 63 letters, as those of ports have 15.
constexpr std::size_t entry_bytes_max = 256;

/// A whole entry that Kubernetes makes for a service: QUIRE_SERVICE_HOST=10.0.0.1, or QUIRE_ADMIN_... of `quire-admin`.
bool is_of_a_service(std::string_view entry) {
  static const std::regex form(
    "QUIRE_([A-Z0-9_]+_)?("
    "SERVICE_HOST=[0-9a-fA-F.:]+|"
    "SERVICE_PORT(_[A-Z0-9_]+)?=[0-9]+|"
    "PORT(_[0-9]+_(TCP|UDP|SCTP))?=(tcp|udp|sctp)://[0-9a-fA-F.:\\[\\]]+:[0-9]+|"
    "PORT_[0-9]+_(TCP|UDP|SCTP)_(PROTO=(tcp|udp|sctp)|PORT=[0-9]+|ADDR=[0-9a-fA-F.:]+))");
  return entry.size() <= entry_bytes_max && std::regex_match(entry.begin(), entry.end(), form);
}

/// How many letters must be inserted, left out or changed to make one word of the other.
/// Cost: O(|one| * |other|).
std::size_t distance(std::string_view one, std::string_view other) {
  std::vector<std::size_t> row(other.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t at = 0; at < one.size(); ++at) {
    auto diagonal = std::exchange(row[0], at + 1);
    for (std::size_t column = 0; column < other.size(); ++column) {
      const auto changed = diagonal + (one[at] == other[column] ? 0 : 1);
      diagonal = std::exchange(row[column + 1], std::min({changed, row[column] + 1, row[column + 1] + 1}));
    }
  }
  return row.back();
}

const std::string& nearest(std::span<const std::string> settings, std::string_view name) {
  return *std::ranges::min_element(settings, {}, [&](const std::string& each) { return distance(each, name); });
}

}  // namespace

std::string variable_of(std::string_view setting) {
  std::string name = "QUIRE_";
  for (const char letter : setting)
    name.push_back(letter == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(letter))));
  return name;
}

result<void> check_variables(std::span<const std::string> settings, std::span<const std::string_view> entries) {
  std::vector<std::string_view> unknown;
  for (const auto entry : entries) {
    const auto name = entry.substr(0, entry.find('='));
    if (name.starts_with("QUIRE_") && std::ranges::find(settings, name) == settings.end() &&
        std::ranges::find(of_tools, name) == of_tools.end() && !is_of_a_service(entry))
      unknown.push_back(name);
  }
  if (unknown.empty())
    return {};
  std::ranges::sort(unknown);
  std::string all;
  for (const auto name : unknown)
    all.append(all.empty() ? "" : "; ")
      .append("the variable ")
      .append(name)
      .append(" means nothing; the nearest that does is ")
      .append(nearest(settings, name));
  return fail(errc::invalid_configuration, all);
}

std::vector<std::string_view> environment() {
  std::vector<std::string_view> entries;
  for (char** entry = environ; *entry; ++entry)
    entries.emplace_back(*entry);
  return entries;
}

}  // namespace quire::gateway
