#include "gateway/http/origin.hpp"

#include <algorithm>

namespace quire::gateway::http {

namespace {

std::string lower(std::string_view text) {
  std::string made(text);
  std::transform(made.begin(), made.end(), made.begin(),
                 [](char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter; });
  return made;
}

/// The host without the port that its scheme has anyway.
std::string_view without_port(std::string_view authority, std::string_view port) {
  if (authority.ends_with(port))
    authority.remove_suffix(port.size());
  return authority;
}

bool is_of_host(std::string_view origin, std::string_view host) {
  const auto matches = [&](std::string_view scheme, std::string_view port) {
    return origin.starts_with(scheme) && !host.empty() &&
           without_port(origin.substr(scheme.size()), port) == without_port(host, port);
  };
  return matches("http://", ":80") || matches("https://", ":443");
}

}  // namespace

bool may_connect(std::string_view origin, std::string_view host, std::span<const std::string> allowed) {
  if (origin.empty())
    return true;
  const auto wanted = lower(origin);
  return is_of_host(wanted, lower(host)) || std::any_of(allowed.begin(), allowed.end(), [&](const std::string& one) {
           return one == "*" || lower(one) == wanted;
         });
}

}  // namespace quire::gateway::http
