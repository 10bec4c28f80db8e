#include "actors/retention.hpp"

#include <charconv>

namespace quire::actors {

namespace {

constexpr std::uint32_t days_max = 36'500;

}  // namespace

result<retention_policy> parse_retention(std::string_view text) {
  if (text == "all")
    return retention_policy{};
  if (text == "labels")
    return retention_policy{retention_policy::what::labelled, {}};
  std::uint32_t days = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), days);
  const bool is_whole = failed == std::errc() && std::string_view(end, text.data() + text.size()) == "d";
  if (!is_whole || days == 0 || days > days_max)
    return fail(errc::invalid_configuration,
                "what is kept is all, labels or a number of days as in 30d, not \"" + std::string(text) + "\"");
  return retention_policy{retention_policy::what::recent, std::chrono::hours(24) * days};
}

}  // namespace quire::actors
