#include "gateway/http/answer.hpp"

#include "protocol/errors.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace quire::gateway::http {

namespace {

boost::beast::string_view viewed(std::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

answer& answer::set(field name, std::string_view value) {
  fields.set(name, viewed(value));
  return *this;
}

answer& answer::set(std::string_view name, std::string_view value) {
  fields.set(viewed(name), viewed(value));
  return *this;
}

std::string date_text(std::time_t at) {
  constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm parts{};
  gmtime_r(&at, &parts);
  std::array<char, 32> rest{};  // names by hand: those of strftime are the locale's
  const auto size = std::strftime(rest.data(), rest.size(), " %Y %H:%M:%S GMT", &parts);
  std::string text = days[static_cast<std::size_t>(parts.tm_wday)];
  text += parts.tm_mday < 10 ? ", 0" : ", ";
  text += std::to_string(parts.tm_mday) + " " + months[static_cast<std::size_t>(parts.tm_mon)];
  return text.append(rest.data(), size);
}

std::string moment_text(server_time at) {
  const auto since = at.time_since_epoch().count();
  const auto milliseconds = ((since % 1'000) + 1'000) % 1'000;
  const auto seconds = static_cast<std::time_t>((since - milliseconds) / 1'000);
  std::tm parts{};
  std::array<char, 32> text{};
  const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S.", gmtime_r(&seconds, &parts));
  return std::string(text.data(), size) + std::to_string(1'000 + milliseconds).substr(1) + "Z";
}

answer with_body(status code, std::string_view content_type, shared_bytes body) {
  answer made{code, {}, std::move(body), {}};
  made.set(field::content_type, content_type);
  return made;
}

answer with_text(status code, std::string_view text) {
  return with_body(code, "text/plain; charset=utf-8", share(to_bytes(text)));
}

answer refusal(const error& why) {
  const error_description& row = describe(why.code);
  return refusal(static_cast<status>(row.http_status), row.name, why.detail, to_string(row.remedy));
}

answer refusal(status code, std::string_view name, std::string_view detail, std::string_view remedy) {
  const nlohmann::json body{{"error", name}, {"detail", detail}, {"remedy", remedy}};
  const auto text = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  auto made = with_body(code, "application/json", share(to_bytes(text)));
  made.set(field::cache_control, "no-store");
  made.error = name;
  if (code == status::service_unavailable)
    made.set(field::retry_after, "1");
  return made;
}

}  // namespace quire::gateway::http
