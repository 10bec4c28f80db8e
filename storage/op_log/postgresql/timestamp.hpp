#pragma once

#include "protocol/names.hpp"

#include <cstdint>

namespace quire::storage::postgresql {

/// A timestamptz counts microseconds since 2000-01-01 00:00 UTC; ours are milliseconds since 1970.
inline constexpr std::int64_t milliseconds_to_2000 = 946'684'800'000;

[[nodiscard]] inline std::int64_t to_timestamp(server_time at) {
  return (at.time_since_epoch().count() - milliseconds_to_2000) * 1000;
}

[[nodiscard]] inline server_time from_timestamp(std::int64_t microseconds) {
  return server_time(std::chrono::milliseconds(microseconds / 1000 + milliseconds_to_2000));
}

}  // namespace quire::storage::postgresql
