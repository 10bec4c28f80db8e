#pragma once

#include <span>
#include <string>
#include <string_view>

namespace quire::gateway::http {

/// Whether a page of `origin` may connect: it is of the server's own host, as the request names it, or on the list.
/// No origin at all is no browser, and may. `*` on the list lets all in; `null` is only let in by that.
/// Source: RFC 6454; RFC 6455, section 10.2.
[[nodiscard]] bool may_connect(std::string_view origin, std::string_view host, std::span<const std::string> allowed);

}  // namespace quire::gateway::http
