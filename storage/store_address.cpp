#include "storage/store_address.hpp"

#include <algorithm>

namespace quire::storage {

namespace {

constexpr std::string_view mask = "***";

}  // namespace

std::string without_password(std::string_view address) {
  std::string shown(address);
  // postgresql://USER:PASSWORD@HOST
  if (const auto begin = shown.find("://"); begin != std::string::npos) {
    const auto end = std::min(shown.find_first_of("/?", begin + 3), shown.size());
    const auto at = shown.rfind('@', end);
    const auto colon = shown.find(':', begin + 3);
    if (at != std::string::npos && at > begin && colon < at)
      shown.replace(colon + 1, at - colon - 1, mask);
  }
  // ?password=… and sslpassword=…
  for (auto at = shown.find("password="); at != std::string::npos; at = shown.find("password=", at + 1)) {
    const auto begin = at + std::string_view("password=").size();
    shown.replace(begin, std::min(shown.find('&', begin), shown.size()) - begin, mask);
  }
  return shown;
}

}  // namespace quire::storage
