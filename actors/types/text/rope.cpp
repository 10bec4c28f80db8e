#include "actors/types/text/rope.hpp"

#include "actors/types/utf8.hpp"
#include "protocol/utf8.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace quire::actors::types::text {

namespace {

// New leaves are not filled up, so that the first edits within do not split them.
constexpr std::size_t poured_bytes = leaf::capacity - leaf::capacity / 8;
// A leaf below the one takes a neighbour in if both together stay below the other.
constexpr std::size_t small_bytes = leaf::capacity / 4;
constexpr std::size_t joined_bytes_max = leaf::capacity - leaf::capacity / 4;

leaf::sizes narrow(const lengths<std::size_t>& size) noexcept {
  leaf::sizes narrowed;
  narrowed += size;
  return narrowed;
}

}  // namespace

rope::rope() : blocks_(1) {
  blocks_[0].leaves.push_back(std::make_unique<leaf>());
  blocks_[0].sizes.emplace_back();
}

rope::rope(std::string_view text) : rope() {
  if (!text.empty())
    insert(0, text);
}

void rope::apply(const operation& op) {
  std::size_t at = 0;
  std::string_view texts = op.text();
  for (const part& each : op.parts()) {
    const std::string_view text = texts.substr(0, each.text_bytes);
    texts.remove_prefix(each.text_bytes);
    if (each.kind == part_kind::erase) {
      erase(at, each.count);
      continue;
    }
    if (each.kind == part_kind::insert) {
      const bool is_ascii = each.count == each.text_bytes;
      insert(at, text, {text.size(), each.count, is_ascii ? each.count : utf8::count_utf16_units(text)});
    }
    at += each.count;
  }
}

void rope::insert(std::size_t at, std::string_view text, const lengths<std::size_t>& text_size) {
  assert(at <= size_.code_points);
  cursor_ = locate(at);
  block& home = blocks_[cursor_.block];
  leaf::sizes& size = home.sizes[cursor_.leaf];
  if (size.bytes + text.size() > leaf::capacity)
    return insert_splitting(at, text);
  home.leaves[cursor_.leaf]->insert(at - cursor_.start, text, narrow(text_size), size);
  home.total += text_size;
  size_ += text_size;
}

// What comes after `at` in the leaf is taken off, the text fills leaves from there on, and the rest follows it.
void rope::insert_splitting(std::size_t at, std::string_view text) {
  const std::string rest = slice(at, cursor_.start + length_at(cursor_) - at);
  if (!rest.empty()) {
    block& home = blocks_[cursor_.block];
    const lengths<std::size_t> rest_size = measure(rest);
    home.leaves[cursor_.leaf]->erase(at - cursor_.start, rest_size.code_points, home.sizes[cursor_.leaf]);
    home.total -= rest_size;
    size_ -= rest_size;
  }
  fill(text);
  const place end_of_text = cursor_;
  if (blocks_[cursor_.block].sizes[cursor_.leaf].bytes + rest.size() > leaf::capacity)
    add_leaf();
  fill(rest);
  // Typing goes on where the text ends. Blocks may have been split meanwhile: walk there.
  cursor_ = locate(end_of_text.start);
}

// Appends to the leaf at the cursor and to new ones after it.
void rope::fill(std::string_view text) {
  std::size_t room = leaf::capacity - blocks_[cursor_.block].sizes[cursor_.leaf].bytes;
  while (!text.empty()) {
    const std::string_view chunk = utf8_prefix(text, room);
    text.remove_prefix(chunk.size());
    if (!chunk.empty()) {
      block& home = blocks_[cursor_.block];
      const lengths<std::size_t> chunk_size = measure(chunk);
      home.leaves[cursor_.leaf]->insert(length_at(cursor_), chunk, narrow(chunk_size), home.sizes[cursor_.leaf]);
      home.total += chunk_size;
      size_ += chunk_size;
    }
    if (!text.empty())
      add_leaf();
    room = poured_bytes;
  }
}

// Adds an empty leaf after the cursor's and goes there.
void rope::add_leaf() {
  block& home = blocks_[cursor_.block];
  cursor_.start += length_at(cursor_);
  ++cursor_.leaf;
  const auto index = static_cast<std::ptrdiff_t>(cursor_.leaf);
  home.sizes.emplace(home.sizes.begin() + index);
  home.leaves.insert(home.leaves.begin() + index, std::make_unique<leaf>());
  if (home.leaves.size() > leaves_a_block_max)
    split_block();
}

void rope::split_block() {
  const std::size_t count = blocks_[cursor_.block].leaves.size();
  // A text that is poured in, or typed at its end, leaves full blocks behind.
  const std::size_t first_moved = cursor_.leaf + 1 == count ? cursor_.leaf : count / 2;
  add_block(first_moved);
  if (cursor_.leaf < first_moved)
    return;
  cursor_.block_start += blocks_[cursor_.block].total.code_points;
  cursor_.leaf -= first_moved;
  ++cursor_.block;
}

// Moves the leaves from `first_leaf` on to a new block after the cursor's.
void rope::add_block(std::size_t first_leaf) {
  block moved;
  block& home = blocks_[cursor_.block];
  const auto first = static_cast<std::ptrdiff_t>(first_leaf);
  moved.sizes.assign(home.sizes.begin() + first, home.sizes.end());
  moved.leaves.assign(std::make_move_iterator(home.leaves.begin() + first), std::make_move_iterator(home.leaves.end()));
  home.sizes.erase(home.sizes.begin() + first, home.sizes.end());
  home.leaves.erase(home.leaves.begin() + first, home.leaves.end());
  for (const leaf::sizes& size : moved.sizes)
    moved.total += size;
  home.total -= moved.total;
  blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(cursor_.block + 1), std::move(moved));
}

void rope::erase(std::size_t at, std::size_t count) {
  assert(at + count <= size_.code_points);
  while (count > 0) {
    cursor_ = locate_following(at);
    block& home = blocks_[cursor_.block];
    leaf::sizes& size = home.sizes[cursor_.leaf];
    const leaf::sizes before = size;
    const std::size_t here = std::min(count, cursor_.start + size.code_points - at);
    count -= here;
    home.leaves[cursor_.leaf]->erase(at - cursor_.start, here, size);
    lengths<std::size_t> erased;
    erased += before;
    erased -= size;
    home.total -= erased;
    size_ -= erased;
    if (size.bytes == 0)
      remove_leaf();
    else if (size.bytes < small_bytes)
      absorb_neighbour();
  }
}

// Removes the cursor's leaf, which is empty, unless it is the only one, and goes to one beside it.
// Blocks are not joined: the size limit of a document bounds how many there ever were.
void rope::remove_leaf() {
  block& home = blocks_[cursor_.block];
  if (home.leaves.size() == 1 && blocks_.size() == 1)
    return;
  home.sizes.erase(home.sizes.begin() + static_cast<std::ptrdiff_t>(cursor_.leaf));
  home.leaves.erase(home.leaves.begin() + static_cast<std::ptrdiff_t>(cursor_.leaf));
  if (!home.leaves.empty()) {
    if (cursor_.leaf > 0)
      cursor_.start -= home.sizes[--cursor_.leaf].code_points;
    return;
  }
  blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(cursor_.block));
  if (cursor_.block > 0)
    cursor_.block_start -= blocks_[--cursor_.block].total.code_points;
  cursor_.leaf = 0;
  cursor_.start = cursor_.block_start;
}

void rope::absorb_neighbour() {
  const std::vector<leaf::sizes>& sizes = blocks_[cursor_.block].sizes;
  const std::size_t here = cursor_.leaf;
  if (here + 1 < sizes.size() && sizes[here].bytes + sizes[here + 1].bytes <= joined_bytes_max) {
    join_with_next(here);
  } else if (here > 0 && sizes[here - 1].bytes + sizes[here].bytes <= joined_bytes_max) {
    cursor_.start -= sizes[here - 1].code_points;
    cursor_.leaf = here - 1;
    join_with_next(here - 1);
  }
}

void rope::join_with_next(std::size_t leaf_index) {
  block& home = blocks_[cursor_.block];
  leaf::sizes& size = home.sizes[leaf_index];
  const leaf& next = *home.leaves[leaf_index + 1];
  for (const std::string_view run : {next.front(), next.back(home.sizes[leaf_index + 1])})
    home.leaves[leaf_index]->insert(size.code_points, run, narrow(measure(run)), size);
  home.sizes.erase(home.sizes.begin() + static_cast<std::ptrdiff_t>(leaf_index + 1));
  home.leaves.erase(home.leaves.begin() + static_cast<std::ptrdiff_t>(leaf_index + 1));
}

rope::place rope::walk_to(std::size_t at) const noexcept {
  place found = cursor_;
  while (at < found.block_start) {
    --found.block;
    found.block_start -= blocks_[found.block].total.code_points;
    found.leaf = 0;
    found.start = found.block_start;
  }
  while (at > found.block_start + blocks_[found.block].total.code_points) {
    found.block_start += blocks_[found.block].total.code_points;
    ++found.block;
    found.leaf = 0;
    found.start = found.block_start;
  }
  const std::vector<leaf::sizes>& sizes = blocks_[found.block].sizes;
  while (at < found.start)
    found.start -= sizes[--found.leaf].code_points;
  while (at > found.start + sizes[found.leaf].code_points)
    found.start += sizes[found.leaf++].code_points;
  return found;
}

// The leaf that holds the code point at `at`, which exists.
rope::place rope::locate_following(std::size_t at) const noexcept {
  place found = locate(at);
  while (at == found.start + length_at(found))
    step_forward(found);
  return found;
}

void rope::step_forward(place& where) const noexcept {
  where.start += length_at(where);
  if (++where.leaf < blocks_[where.block].leaves.size())
    return;
  ++where.block;
  where.leaf = 0;
  where.block_start = where.start;
}

template <class Visitor>
void rope::visit_runs(std::size_t at, std::size_t count, Visitor&& visit) const {
  if (count == 0)
    return;
  for (place here = locate_following(at); count > 0; step_forward(here)) {
    const leaf& text = *blocks_[here.block].leaves[here.leaf];
    const leaf::sizes& size = blocks_[here.block].sizes[here.leaf];
    const std::size_t taken = std::min<std::size_t>(count, here.start + size.code_points - at);
    const std::size_t begin = text.offset_of(at - here.start, size);
    const std::size_t end = text.offset_of(at - here.start + taken, size);
    const std::size_t gap = text.front().size();
    if (begin < gap)
      visit(text.front().substr(begin, std::min(end, gap) - begin));
    if (end > gap)
      visit(text.back(size).substr(std::max(begin, gap) - gap, end - std::max(begin, gap)));
    at += taken;
    count -= taken;
    if (count == 0)
      return;
  }
}

std::string rope::slice(std::size_t at, std::size_t count) const {
  std::string text;
  visit_runs(at, count, [&](std::string_view run) { text.append(run); });
  return text;
}

bool rope::matches(std::size_t at, std::size_t count, std::string_view text) const {
  bool is_same = true;
  visit_runs(at, count, [&](std::string_view run) {
    is_same = is_same && text.substr(0, run.size()) == run;
    text.remove_prefix(std::min(run.size(), text.size()));
  });
  return is_same && text.empty();
}

std::size_t rope::bytes_of(std::size_t at, std::size_t count) const {
  if (size_.bytes == size_.code_points)
    return count;
  std::size_t bytes = 0;
  visit_runs(at, count, [&](std::string_view run) { bytes += run.size(); });
  return bytes;
}

std::size_t rope::utf16_of(std::size_t code_point) const {
  if (size_.utf16_units == size_.code_points)
    return code_point;
  const place found = locate(code_point);
  std::size_t units = 0;
  for (std::size_t i = 0; i < found.block; ++i)
    units += blocks_[i].total.utf16_units;
  const block& home = blocks_[found.block];
  for (std::size_t i = 0; i < found.leaf; ++i)
    units += home.sizes[i].utf16_units;
  visit_runs(found.start, code_point - found.start,
             [&](std::string_view run) { units += utf8::count_utf16_units(run); });
  return units;
}

std::size_t rope::code_point_of_utf16(std::size_t unit) const {
  if (size_.utf16_units == size_.code_points)
    return unit;
  std::size_t code_points = 0;
  std::size_t i = 0;
  for (; i + 1 < blocks_.size() && unit >= blocks_[i].total.utf16_units; ++i) {
    unit -= blocks_[i].total.utf16_units;
    code_points += blocks_[i].total.code_points;
  }
  const std::vector<leaf::sizes>& sizes = blocks_[i].sizes;
  std::size_t k = 0;
  for (; k + 1 < sizes.size() && unit >= sizes[k].utf16_units; ++k) {
    unit -= sizes[k].utf16_units;
    code_points += sizes[k].code_points;
  }
  return code_points + utf8::code_point_of_utf16(slice(code_points, sizes[k].code_points), unit);
}

std::string rope::to_string() const {
  std::string text;
  text.reserve(size_.bytes);
  for_each_run([&](std::string_view run) { text.append(run); });
  return text;
}

std::size_t rope::memory() const noexcept {
  std::size_t total = sizeof *this + blocks_.capacity() * sizeof(block);
  for (const block& each : blocks_) {
    total += each.leaves.size() * sizeof(leaf) + each.leaves.capacity() * sizeof(each.leaves[0]) +
             each.sizes.capacity() * sizeof(each.sizes[0]);
  }
  return total;
}

}  // namespace quire::actors::types::text
