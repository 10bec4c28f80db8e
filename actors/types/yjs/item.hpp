#pragma once

#include "actors/types/yjs/content_arena.hpp"
#include "actors/types/yjs/update.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace quire::actors::types::yjs {

/// Numbers of what a store holds: 32 bits each.
using item_handle = std::uint32_t;
using type_handle = std::uint32_t;
using client_index = std::uint32_t;
using key_index = std::uint32_t;

inline constexpr std::uint32_t none = 0xFFFF'FFFF;

/// An id within a store.
struct local_id {
  std::uint64_t clock = 0;
  client_index client = none;  ///< `none`: there is no such id.

  [[nodiscard]] bool is_there() const noexcept { return client != none; }
  friend bool operator==(const local_id& a, const local_id& b) noexcept {
    return a.client == b.client && (a.clock == b.clock || a.client == none);
  }
};

/// A run of units of one client that stand next to each other, or a run of which nothing is left (`collected`).
struct item {
  std::uint64_t clock = 0;
  std::uint32_t length = 0;
  client_index client = none;
  // Its neighbours in the list of its parent; of its key, if it has one.
  item_handle left = none;
  item_handle right = none;
  type_handle parent = none;
  key_index key = none;
  std::uint64_t origin_clock = 0;
  std::uint64_t right_origin_clock = 0;
  client_index origin_client = none;
  client_index right_origin_client = none;
  char* data = nullptr;
  std::uint32_t bytes = 0;  ///< Of a type: its handle.
  std::uint16_t spare = 0;
  content_kind kind = content_kind::collected;
  bool is_deleted = false;

  [[nodiscard]] std::uint64_t end() const noexcept { return clock + length; }
  [[nodiscard]] local_id origin() const noexcept { return {origin_clock, origin_client}; }
  [[nodiscard]] local_id right_origin() const noexcept { return {right_origin_clock, right_origin_client}; }
  [[nodiscard]] bool is_collected() const noexcept { return kind == content_kind::collected; }
  [[nodiscard]] bool is_type() const noexcept { return kind == content_kind::type; }
  [[nodiscard]] bool is_visible() const noexcept { return !is_deleted && is_countable(kind); }
  [[nodiscard]] type_handle type() const noexcept { return bytes; }
  [[nodiscard]] std::string_view content() const noexcept {
    return is_type() ? std::string_view{} : std::string_view{data, bytes};
  }
};

static_assert(sizeof(item) <= 72);

/// Items by handle, in blocks: they never move.
class item_slab {
 public:
  [[nodiscard]] item& operator[](item_handle at) noexcept { return blocks_[at / block_items][at % block_items]; }
  [[nodiscard]] const item& operator[](item_handle at) const noexcept {
    return blocks_[at / block_items][at % block_items];
  }

  [[nodiscard]] item_handle add() {
    ++count_;
    if (free_ != none) {
      const item_handle taken = free_;
      free_ = (*this)[taken].right;
      (*this)[taken] = item{};
      return taken;
    }
    if (end_ % block_items == 0)
      blocks_.push_back(std::make_unique<item[]>(block_items));
    return end_++;
  }

  void remove(item_handle gone) noexcept {
    --count_;
    item& slot = (*this)[gone];
    slot = item{};
    slot.right = free_;
    free_ = gone;
  }

  /// Every handle is below it.
  [[nodiscard]] item_handle end() const noexcept { return end_; }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  [[nodiscard]] std::size_t memory() const noexcept {
    return blocks_.size() * (block_items * sizeof(item) + sizeof(void*));
  }

 private:
  static constexpr item_handle block_items = 64;

  std::vector<std::unique_ptr<item[]>> blocks_;
  item_handle end_ = 0;
  item_handle free_ = none;
  std::size_t count_ = 0;
};

}  // namespace quire::actors::types::yjs
