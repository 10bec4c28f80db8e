#pragma once

#include "actors/types/yjs/item.hpp"

#include <memory>
#include <unordered_map>
#include <vector>

namespace quire::actors::types::yjs {

/// The items of one key: all but the last are deleted.
struct key_entry {
  key_index key = none;
  item_handle first = none;
  item_handle last = none;
};

/// What holds items: a root, or what an item of kind `type` holds. A list of items, and a list a key.
class shared_type {
 public:
  item_handle item = none;  ///< That holds it; a root has none.
  item_handle first = none;
  key_index name = none;  ///< Of a root, XML element or hook.
  type_ref ref = type_ref::array;
  std::uint64_t length = 0;  ///< Visible units of the list.

  [[nodiscard]] bool is_root() const noexcept { return item == none; }
  /// In the order in which they first came.
  [[nodiscard]] const std::vector<key_entry>& entries() const noexcept { return entries_; }
  /// Null if there is none.
  [[nodiscard]] key_entry* find(key_index key) noexcept {
    if (index_) {
      const auto found = index_->find(key);
      return found == index_->end() ? nullptr : &entries_[found->second];
    }
    for (key_entry& each : entries_) {
      if (each.key == key)
        return &each;
    }
    return nullptr;
  }
  key_entry& entry(key_index key) {
    if (key_entry* found = find(key))
      return *found;
    entries_.push_back({key, none, none});
    if (entries_.size() == entries_without_index && !index_) {
      index_ = std::make_unique<std::unordered_map<key_index, std::size_t>>();
      for (std::size_t i = 0; i + 1 < entries_.size(); ++i)
        index_->emplace(entries_[i].key, i);
    }
    if (index_)
      index_->emplace(key, entries_.size() - 1);
    return entries_.back();
  }

 private:
  static constexpr std::size_t entries_without_index = 16;

  std::vector<key_entry> entries_;
  std::unique_ptr<std::unordered_map<key_index, std::size_t>> index_;
};

/// Types by handle.
class type_table {
 public:
  [[nodiscard]] shared_type& operator[](type_handle at) noexcept { return types_[at]; }
  [[nodiscard]] const shared_type& operator[](type_handle at) const noexcept { return types_[at]; }

  [[nodiscard]] type_handle add() {
    if (free_.empty()) {
      types_.emplace_back();
      return static_cast<type_handle>(types_.size() - 1);
    }
    const type_handle taken = free_.back();
    free_.pop_back();
    return taken;
  }
  void remove(type_handle gone) {
    types_[gone] = shared_type{};
    free_.push_back(gone);
  }
  [[nodiscard]] std::size_t memory() const noexcept { return types_.capacity() * sizeof(shared_type); }

 private:
  std::vector<shared_type> types_;
  std::vector<type_handle> free_;
};

}  // namespace quire::actors::types::yjs
