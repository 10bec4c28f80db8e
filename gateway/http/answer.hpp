#pragma once

#include "protocol/bytes.hpp"
#include "protocol/names.hpp"
#include "protocol/result.hpp"

#include <boost/beast/http/field.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/status.hpp>
#include <ctime>
#include <string>
#include <string_view>

namespace quire::gateway::http {

namespace beast_http = boost::beast::http;
using status = beast_http::status;
using field = beast_http::field;

/// What is answered to a request.
struct answer {
  http::status status = status::ok;
  beast_http::fields fields;
  shared_bytes body;       ///< Null: none.
  std::string_view error;  ///< What is refused, for the metrics: a name that lives for ever. Empty: nothing.

  answer& set(field name, std::string_view value);
  answer& set(std::string_view name, std::string_view value);
};

/// A moment as HTTP's Date field has it. Source: RFC 9110, section 5.6.7.
[[nodiscard]] std::string date_text(std::time_t at);

/// A moment as JSON has it: RFC 3339, with milliseconds.
[[nodiscard]] std::string moment_text(server_time at);

/// An answer with a body.
[[nodiscard]] answer with_body(status code, std::string_view content_type, shared_bytes body);
[[nodiscard]] answer with_text(status code, std::string_view text);

/// An error as the engine knows it: `{"error", "detail", "remedy"}`, with the status of protocol/errors.hpp.
[[nodiscard]] answer refusal(const error& why);
/// The same with another status, where HTTP has a better one than the engine's table. `name` is a literal.
[[nodiscard]] answer refusal(status code, std::string_view name, std::string_view detail, std::string_view remedy);

}  // namespace quire::gateway::http
