#include "actors/types/text/difference.hpp"

#include "actors/types/utf8.hpp"
#include "protocol/utf8.hpp"

#include <algorithm>

namespace quire::actors::types::text {

operation difference(std::string_view before, std::string_view after) {
  const auto front = std::ranges::mismatch(before, after).in1 - before.begin();
  // Two code points may begin with the same bytes.
  const std::size_t kept = std::min(utf8_prefix(before, static_cast<std::size_t>(front)).size(),
                                    utf8_prefix(after, static_cast<std::size_t>(front)).size());
  std::string_view erased = before.substr(kept);
  std::string_view inserted = after.substr(kept);

  std::size_t end = 0;
  const std::size_t end_max = std::min(erased.size(), inserted.size());
  while (end < end_max && erased[erased.size() - end - 1] == inserted[inserted.size() - end - 1])
    ++end;
  // Or end with the same.
  while (end > 0 && utf8::is_continuation(erased[erased.size() - end]))
    --end;
  erased.remove_suffix(end);
  inserted.remove_suffix(end);

  operation_builder out;
  out.retain(static_cast<std::uint32_t>(utf8::count_code_points(before.substr(0, kept))));
  out.erase(static_cast<std::uint32_t>(utf8::count_code_points(erased)));
  out.insert(inserted);
  return std::move(out).finish();
}

}  // namespace quire::actors::types::text
