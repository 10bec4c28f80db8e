#pragma once

#include "protocol/bytes.hpp"
#include "protocol/result.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

/// Awareness: who is here, as Yjs' clients tell each other. Source: y-protocols, awareness.js.
namespace quire::protocol::yjs {

/// What one client says of itself. Of two the one with the higher clock counts.
struct awareness_entry {
  std::uint64_t client = 0;  ///< A Yjs client id.
  std::uint64_t clock = 0;
  std::string_view state;  ///< JSON; `null`: it is gone.

  [[nodiscard]] bool is_gone() const noexcept { return state == "null"; }

  friend bool operator==(const awareness_entry&, const awareness_entry&) = default;
};

/// Decodes the entries of an awareness update; views are of `data`. That a state is JSON is not looked at.
/// Errors: malformed_message; too_much_presence over limits::awareness_entries_max or awareness_state_bytes_max.
[[nodiscard]] result<std::vector<awareness_entry>> decode_awareness(bytes_view data);

/// Appends the entries of an awareness update.
void encode_awareness(std::span<const awareness_entry> entries, bytes& out);

}  // namespace quire::protocol::yjs
