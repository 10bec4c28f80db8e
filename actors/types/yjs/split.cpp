#include "actors/types/yjs/split.hpp"

#include "actors/types/yjs/content.hpp"
#include "actors/types/yjs/update.hpp"
#include "protocol/lib0/writer.hpp"

#include <algorithm>
#include <cassert>
#include <functional>
#include <optional>
#include <span>

namespace quire::actors::types::yjs {

namespace {

/// About what a struct takes besides its content.
constexpr std::size_t struct_bytes = 16;

/// Parts that are being written, one client's structs after the other's.
class part_writer {
 public:
  part_writer(const update& of, std::size_t part_bytes) : of_(of), part_bytes_(part_bytes), open_(of.blocks.size()) {}

  [[nodiscard]] std::size_t part_bytes() const noexcept { return part_bytes_; }

  void add(std::size_t block, const update_struct& what) {
    one_block& to = open_[block];
    if (to.structs == 0) {
      to.first = what.clock;
      touched_.push_back(block);
    } else if (what.clock > to.reached) {
      encode_skip(what.clock - to.reached, to.body);
      ++to.structs;
    }
    const std::size_t before = to.body.size();
    encode_struct(what, of_.blocks[block].client, 0, to.body);
    ++to.structs;
    to.reached = what.clock + what.length;
    size_ += to.body.size() - before;
    if (size_ >= part_bytes_)
      end_part({});
  }

  void add_deletes(std::span<const id_range> ranges) {
    const std::size_t a_part = std::max<std::size_t>(part_bytes_ / struct_bytes, 1);
    for (; ranges.size() > a_part; ranges = ranges.subspan(a_part))
      end_part(ranges.first(a_part));
    if (!ranges.empty() || !touched_.empty() || parts_.empty())
      end_part(ranges);
  }

  [[nodiscard]] std::vector<bytes> take() noexcept { return std::move(parts_); }

 private:
  struct one_block {
    std::uint64_t first = 0;
    std::uint64_t reached = 0;
    std::size_t structs = 0;
    bytes body;
  };

  // The blocks of an update are sorted as they have to be written.
  void end_part(std::span<const id_range> deletes) {
    bytes out;
    out.reserve(size_ + touched_.size() * struct_bytes + deletes.size() * struct_bytes);
    std::ranges::sort(touched_);
    lib0::write_var_uint(touched_.size(), out);
    for (const std::size_t block : touched_) {
      one_block& from = open_[block];
      lib0::write_var_uint(from.structs, out);
      lib0::write_var_uint(of_.blocks[block].client, out);
      lib0::write_var_uint(from.first, out);
      append(out, from.body);
      from = {};
    }
    write_delete_set(deletes, out);
    parts_.push_back(std::move(out));
    touched_.clear();
    size_ = 0;
  }

  const update& of_;
  std::size_t part_bytes_;
  std::vector<one_block> open_;
  std::vector<std::size_t> touched_;
  std::size_t size_ = 0;
  std::vector<bytes> parts_;
};

/// Of a struct as much as has about `room` bytes; the rest stays in it. Empty: it is not cut.
std::optional<update_struct> cut(update_struct& from, std::uint64_t client, std::size_t room) {
  if (from.content.size() <= room || from.length < 2)
    return std::nullopt;
  const auto at = head_within(from.kind, from.content, room);
  if (at.units == 0 || at.units >= from.length)
    return std::nullopt;
  update_struct first = from;
  first.length = at.units;
  first.content = from.content.substr(0, at.bytes);
  from.clock += at.units;
  from.length -= at.units;
  from.content.remove_prefix(at.bytes);
  from.has_origin = true;
  from.origin = {client, from.clock - 1};
  return first;
}

/// Takes structs so that what each needs is taken before it, as Yjs' own integration does.
class dependency_walk {
 public:
  dependency_walk(const update& of, part_writer& to) : of_(of), to_(to), next_(of.blocks.size()) {
    for (std::size_t i = 0; i < of.blocks.size(); ++i)
      advance(i, of.blocks[i].first);
  }

  void run() {
    for (std::size_t i = 0; i < next_.size(); ++i) {
      if (!is_done(i))
        begin(i, next_[i].end_clock);
      while (!stack_.empty())
        step();
    }
  }

 private:
  struct cursor {
    std::size_t at = 0;
    std::uint64_t clock = 0;  // of the next struct; after the last the end of it
    std::uint64_t end_clock = 0;
    bool is_on_stack = false;
  };
  struct visit {
    std::size_t block;
    std::uint64_t until;
  };

  [[nodiscard]] bool is_done(std::size_t block) const noexcept {
    return next_[block].at == of_.blocks[block].first + of_.blocks[block].count;
  }

  void advance(std::size_t block, std::size_t at) noexcept {
    cursor& one = next_[block];
    const std::size_t end = of_.blocks[block].first + of_.blocks[block].count;
    one.at = at;
    if (end > of_.blocks[block].first) {
      const update_struct& last = of_.structs[end - 1];
      one.end_clock = last.clock + last.length;
    }
    one.clock = at < end ? of_.structs[at].clock : one.end_clock;
  }

  void begin(std::size_t block, std::uint64_t until) {
    next_[block].is_on_stack = true;
    stack_.push_back({block, until});
  }

  void step() {
    const auto [block, until] = stack_.back();
    if (next_[block].clock >= until || is_done(block)) {
      next_[block].is_on_stack = false;
      stack_.pop_back();
      return;
    }
    const update_struct& what = of_.structs[next_[block].at];
    if (is_begun(what.origin, what.has_origin) || is_begun(what.right_origin, what.has_right_origin) ||
        is_begun(what.parent_item, what.parent == parent_form::item))
      return;
    emit(block, what);
    advance(block, next_[block].at + 1);
  }

  /// Whether what is named has to be taken first; then that is begun.
  bool is_begun(const id& needed, bool is_needed) {
    if (!is_needed)
      return false;
    const auto found = std::ranges::lower_bound(of_.blocks, needed.client, std::greater<>(), &update_block::client);
    if (found == of_.blocks.end() || found->client != needed.client)
      return false;
    const auto block = static_cast<std::size_t>(found - of_.blocks.begin());
    if (next_[block].is_on_stack || is_done(block) || next_[block].clock > needed.clock)
      return false;
    begin(block, needed.clock + 1);
    return true;
  }

  void emit(std::size_t block, const update_struct& what) {
    update_struct rest = what;
    while (const auto first = cut(rest, of_.blocks[block].client, to_.part_bytes()))
      to_.add(block, *first);
    to_.add(block, rest);
  }

  const update& of_;
  part_writer& to_;
  std::vector<cursor> next_;
  std::vector<visit> stack_;
};

}  // namespace

std::vector<bytes> split_update(bytes_view encoded, std::size_t part_bytes) {
  update read;
  [[maybe_unused]] const auto is_read = decode_update(encoded, own_update_limits, read);
  assert(is_read);
  part_writer parts(read, part_bytes);
  dependency_walk(read, parts).run();
  parts.add_deletes(read.deletes);
  return parts.take();
}

}  // namespace quire::actors::types::yjs
