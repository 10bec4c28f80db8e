#pragma once

#include "actors/types/text/operation.hpp"

#include <optional>
#include <string>
#include <utility>

namespace quire::actors::types::text {

/// An operation that is one insert or one erase: what typing makes. Its text is the operation's.
struct single_change {
  std::size_t at = 0;
  part_kind kind = part_kind::insert;
  std::size_t count = 0;

  [[nodiscard]] std::size_t end() const noexcept { return at + count; }
};

/// None if `op` does nothing or more.
[[nodiscard]] inline std::optional<single_change> as_single_change(const operation& op) noexcept {
  const auto parts = op.parts();
  if (parts.size() == 1)
    return single_change{0, parts[0].kind, parts[0].count};
  if (parts.size() == 2 && parts[0].kind == part_kind::retain)
    return single_change{parts[0].count, parts[1].kind, parts[1].count};
  return std::nullopt;
}

/// The operation that does `change` with `text`, which is empty or as long as the change. A change of nothing is no
/// part.
[[nodiscard]] inline operation to_operation(const single_change& change, std::string&& text) {
  operation_builder out;
  out.leave_texts_out();
  out.retain(static_cast<std::uint32_t>(change.at));
  out.add({change.kind, static_cast<std::uint32_t>(change.count), text});
  return std::move(out).finish_with(std::move(text));
}

}  // namespace quire::actors::types::text
