#pragma once

#include "protocol/bytes.hpp"

#include <map>
#include <string>
#include <string_view>

namespace quire::protocol {

/// One message of golden/messages.json.
struct golden_frame {
  std::string from;  ///< "client", "server" or "both".
  bytes data;
};

/// The messages of golden/messages.json by name.
[[nodiscard]] std::map<std::string, golden_frame> golden_frames();

/// Bytes from hexadecimal digits, which may have spaces and line ends between them.
[[nodiscard]] bytes from_hex(std::string_view digits);

/// A file of the source tree.
[[nodiscard]] std::string read_source_file(std::string_view path);

}  // namespace quire::protocol
