#include "actors/types/text/position.hpp"

#include <algorithm>

namespace quire::actors::types::text {

std::size_t transform_position(std::size_t position, const operation& op) noexcept {
  std::size_t at = 0;
  for (const part& each : op.parts()) {
    if (position <= at)
      break;
    switch (each.kind) {
      case part_kind::retain: at += each.count; break;
      case part_kind::insert:
        at += each.count;
        position += each.count;
        break;
      case part_kind::erase: position -= std::min<std::size_t>(each.count, position - at); break;
    }
  }
  return position;
}

std::optional<std::size_t> end_of_last_change(const operation& op) noexcept {
  if (op.is_empty())
    return std::nullopt;
  // In normal form the last part is a change.
  std::size_t at = 0;
  for (const part& each : op.parts())
    at += each.kind == part_kind::erase ? 0 : each.count;
  return at;
}

}  // namespace quire::actors::types::text
