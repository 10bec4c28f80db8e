#include "protocol/name_check.hpp"

#include "protocol/limits.hpp"
#include "protocol/utf8.hpp"

#include <string>
#include <string_view>

namespace quire {

namespace {

/// C0, DEL and C1: in UTF-8 the last are C2 80 to C2 9F.
bool has_control_characters(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 || byte == 0x7F)
      return true;
    if (byte == 0xC2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0)
      return true;
  }
  return false;
}

result<void> check_part(std::string_view part, std::string_view what, std::size_t bytes_max) {
  const auto refuse = [&](const std::string& why) { return fail(errc::invalid_name, std::string(what) + " " + why); };
  if (part.empty())
    return refuse("is empty");
  if (part.size() > bytes_max)
    return refuse("has " + std::to_string(part.size()) + " bytes; " + std::to_string(bytes_max) + " are allowed");
  if (!is_utf8(part))
    return refuse("is not valid UTF-8");
  if (has_control_characters(part))
    return refuse("has control characters");
  return {};
}

}  // namespace

result<void> check_name(const document_name& document) {
  return check_part(document.organisation, "the organisation", limits::organisation_bytes_max).and_then([&] {
    return check_part(document.name, "the document's name", limits::name_bytes_max);
  });
}

result<void> check_label(std::string_view name) {
  return check_part(name, "the label", limits::label_bytes_max);
}

}  // namespace quire
