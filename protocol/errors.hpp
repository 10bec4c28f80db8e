#pragma once

#include "protocol/result.hpp"

#include <cstdint>
#include <string_view>

namespace quire {

enum class fault : std::uint8_t { client, server, nobody };

/// What the one who gets an error should do.
enum class remedy : std::uint8_t {
  retry,           ///< The same again, later.
  resend,          ///< The same again, now.
  reload,          ///< Drop the local state, open anew; keep unsent work as a copy.
  reauthenticate,  ///< Get a new token, connect again.
  give_up,         ///< Nothing the client does by itself will help.
};

/// One row of the table of errors.
struct error_description {
  errc code;
  std::string_view name;  ///< As logs, metrics and REST answers show it.
  quire::fault fault;
  quire::remedy remedy;
  std::uint16_t close_code;  ///< WebSocket: 4400 to 4499 are permanent, 45xx and 1011 to 1013 transient.
  std::uint16_t http_status;
};

/// The row of `code`.  Cost: constant.
[[nodiscard]] const error_description& describe(errc code) noexcept;

/// The name of a remedy, as docs and clients spell it.
[[nodiscard]] std::string_view to_string(remedy what) noexcept;

}  // namespace quire
