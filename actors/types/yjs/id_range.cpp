#include "actors/types/yjs/id_range.hpp"

#include "protocol/lib0/writer.hpp"

#include <algorithm>

namespace quire::actors::types::yjs {

namespace {

std::span<const id_range> first_client_of(std::span<const id_range> ranges) noexcept {
  const auto end = std::ranges::find_if(ranges, [&](const id_range& each) { return each.client != ranges[0].client; });
  return ranges.first(static_cast<std::size_t>(end - ranges.begin()));
}

}  // namespace

void sort_and_join(std::vector<id_range>& ranges) {
  if (ranges.size() < 2)
    return;
  std::ranges::sort(ranges, [](const id_range& a, const id_range& b) {
    return a.client != b.client ? a.client > b.client : a.clock < b.clock;
  });
  std::size_t kept = 0;
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    id_range& last = ranges[kept];
    if (ranges[i].client == last.client && ranges[i].clock <= last.end())
      last.length = std::max(last.end(), ranges[i].end()) - last.clock;
    else
      ranges[++kept] = ranges[i];
  }
  ranges.resize(kept + 1);
}

void write_delete_set(std::span<const id_range> ranges, bytes& out) {
  std::uint64_t clients = 0;
  for (auto rest = ranges; !rest.empty(); ++clients)
    rest = rest.subspan(first_client_of(rest).size());
  lib0::write_var_uint(clients, out);
  while (!ranges.empty()) {
    const auto group = first_client_of(ranges);
    lib0::write_var_uint(group[0].client, out);
    lib0::write_var_uint(group.size(), out);
    for (const id_range& each : group) {
      lib0::write_var_uint(each.clock, out);
      lib0::write_var_uint(each.length, out);
    }
    ranges = ranges.subspan(group.size());
  }
}

}  // namespace quire::actors::types::yjs
