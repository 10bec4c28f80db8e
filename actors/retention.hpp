#pragma once

#include "protocol/limits.hpp"
#include "protocol/result.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace quire::actors {

/// What is kept of a document's history.
struct retention_policy {
  enum class what : std::uint8_t {
    all,
    recent,   ///< What is not older than `age`, and labelled revisions.
    labelled  ///< Labelled revisions, and what is after the second newest snapshot.
  };

  what keeps = what::all;
  std::chrono::milliseconds age{0};

  friend bool operator==(const retention_policy&, const retention_policy&) = default;
};

/// `all`, `labels`, or a number of days: `30d`.
/// Errors: invalid_configuration.
[[nodiscard]] result<retention_policy> parse_retention(std::string_view text);

/// The policies of an engine.
struct retention {
  retention_policy others;
  std::map<std::string, retention_policy, std::less<>> organisations;
  std::size_t operations_min = limits::trim_operations_min;

  [[nodiscard]] const retention_policy& of(std::string_view organisation) const {
    const auto found = organisations.find(organisation);
    return found == organisations.end() ? others : found->second;
  }
};

}  // namespace quire::actors
