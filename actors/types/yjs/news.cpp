#include "actors/types/yjs/document.hpp"
#include "protocol/lib0/writer.hpp"

#include <algorithm>

namespace quire::actors::types::yjs {

template <class With>
void document::for_each_new_part(const id_range& range, With with) const {
  const client_index client = store_.find_client(range.client);
  const std::uint64_t known = client == none ? 0 : store_.client(client).next_clock;
  const std::uint64_t end = std::min(range.end(), known);
  for (std::uint64_t clock = range.clock; clock < end;) {
    const item& run = store_[store_.item_with(client, clock)];
    const std::uint64_t run_end = std::min(run.end(), end);
    if (!run.is_deleted)
      with(id_range{range.client, clock, run_end - clock});
    clock = run_end;
  }
  const std::uint64_t unknown = std::max(range.clock, known);
  if (unknown < range.end() && !pending_.has_deletes({range.client, unknown, range.end() - unknown}))
    with(id_range{range.client, unknown, range.end() - unknown});
}

bool document::is_known(std::uint64_t client, const update_struct& what) const noexcept {
  const std::uint64_t end = what.clock + what.length;
  const std::uint64_t known = store_.next_clock(client);
  return end <= known || pending_.has(client, std::max(known, what.clock), end);
}

news document::news_in(const update& what) const {
  bool has_new = false;
  bool has_known = false;
  for (const update_block& block : what.blocks) {
    const std::uint64_t known = store_.next_clock(block.client);
    for (std::size_t i = block.first; i < block.first + block.count; ++i) {
      const update_struct& each = what.structs[i];
      if (is_known(block.client, each)) {
        has_known = true;
      } else {
        has_new = true;
        has_known = has_known || each.clock < known;
      }
    }
  }
  for (const id_range& range : what.deletes) {
    std::uint64_t new_units = 0;
    for_each_new_part(range, [&](const id_range& part) { new_units += part.length; });
    has_new = has_new || new_units > 0;
    // Deletions of units that the same update brings are new with them.
    has_known = has_known || new_units < range.length;
  }
  if (!has_new)
    return news::nothing;
  return has_known ? news::part : news::whole;
}

void document::encode_news(const update& what, bytes& out) const {
  std::size_t blocks = 0;
  bytes body;
  for (const update_block& block : what.blocks) {
    std::uint64_t reached = store_.next_clock(block.client);
    std::uint64_t first = 0;
    std::size_t structs = 0;
    bytes written;
    for (std::size_t i = block.first; i < block.first + block.count; ++i) {
      const update_struct& each = what.structs[i];
      if (is_known(block.client, each))
        continue;
      if (each.clock > reached && structs > 0) {
        encode_skip(each.clock - reached, written);
        ++structs;
      }
      if (structs == 0)
        first = std::max(reached, each.clock);
      const std::uint64_t offset = each.clock < reached ? reached - each.clock : 0;
      encode_struct(each, block.client, static_cast<std::uint32_t>(offset), written);
      ++structs;
      reached = each.clock + each.length;
    }
    if (structs == 0)
      continue;
    ++blocks;
    lib0::write_var_uint(structs, body);
    lib0::write_var_uint(block.client, body);
    lib0::write_var_uint(first, body);
    append(body, written);
  }
  std::vector<id_range> deletes;
  for (const id_range& range : what.deletes)
    for_each_new_part(range, [&](const id_range& part) { deletes.push_back(part); });
  sort_and_join(deletes);
  lib0::write_var_uint(blocks, out);
  append(out, body);
  write_delete_set(deletes, out);
}

bool document::is_incomplete(const update& what) const {
  /// Where a client's knowledge ends once the update is integrated, if nothing in it waits.
  const auto reach_of = [&](std::uint64_t client) {
    std::uint64_t reached = store_.next_clock(client);
    const auto block = std::ranges::lower_bound(what.blocks, client, std::greater<>(), &update_block::client);
    if (block == what.blocks.end() || block->client != client || block->count == 0)
      return reached;
    const update_struct& last = what.structs[block->first + block->count - 1];
    return std::max(reached, last.clock + last.length);
  };
  for (const update_block& block : what.blocks) {
    std::uint64_t reached = store_.next_clock(block.client);
    for (std::size_t i = block.first; i < block.first + block.count; ++i) {
      const update_struct& each = what.structs[i];
      if (each.clock > reached || (each.has_origin && each.origin.clock >= reach_of(each.origin.client)) ||
          (each.has_right_origin && each.right_origin.clock >= reach_of(each.right_origin.client)) ||
          (each.parent == parent_form::item && each.parent_item.clock >= reach_of(each.parent_item.client)))
        return true;
      reached = std::max(reached, each.clock + each.length);
    }
  }
  return std::ranges::any_of(what.deletes, [&](const id_range& range) { return range.end() > reach_of(range.client); });
}

}  // namespace quire::actors::types::yjs
