#include "tests/protocol/golden_frames.hpp"

#include <charconv>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace quire::protocol {

std::map<std::string, golden_frame> golden_frames() {
  std::map<std::string, golden_frame> frames;
  for (const auto& entry : nlohmann::json::parse(read_source_file("tests/protocol/golden/messages.json")))
    frames[entry.at("name")] = {entry.at("from"), from_hex(entry.at("hex").get<std::string>())};
  return frames;
}

bytes from_hex(std::string_view digits) {
  std::string compact;
  for (const char digit : digits)
    if (digit != ' ' && digit != '\n')
      compact += digit;
  bytes data;
  for (std::size_t at = 0; at < compact.size(); at += 2) {
    std::uint8_t octet = 0;
    const auto* begin = compact.data() + at;
    if (at + 2 > compact.size() || std::from_chars(begin, begin + 2, octet, 16).ptr != begin + 2)
      throw std::invalid_argument("not pairs of hexadecimal digits: " + compact);
    data.push_back(static_cast<std::byte>(octet));
  }
  return data;
}

std::string read_source_file(std::string_view path) {
  const auto place = std::string(QUIRE_SOURCE_DIR "/").append(path);
  std::ifstream file{place, std::ios::binary};
  if (!file)
    throw std::invalid_argument("cannot read " + place);
  return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace quire::protocol
