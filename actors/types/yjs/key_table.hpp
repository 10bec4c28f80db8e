#pragma once

#include "actors/types/yjs/item.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace quire::actors::types::yjs {

/// Names by number: keys of maps, roots, XML elements. A name stays as long as the store.
class key_table {
 public:
  [[nodiscard]] key_index index_of(std::string_view name) {
    if (const auto found = numbers_.find(name); found != numbers_.end())
      return found->second;
    names_.emplace_back(name);
    bytes_ += name.size() + bytes_a_name;
    const auto number = static_cast<key_index>(names_.size() - 1);
    numbers_.emplace(names_.back(), number);
    return number;
  }
  /// `none` if there is no such name.
  [[nodiscard]] key_index find(std::string_view name) const noexcept {
    const auto found = numbers_.find(name);
    return found == numbers_.end() ? none : found->second;
  }
  [[nodiscard]] std::string_view operator[](key_index at) const noexcept { return names_[at]; }
  [[nodiscard]] std::size_t memory() const noexcept { return bytes_; }

 private:
  static constexpr std::size_t bytes_a_name = 96;  // string, node and bucket

  std::deque<std::string> names_;
  std::unordered_map<std::string_view, key_index> numbers_;
  std::size_t bytes_ = 0;
};

}  // namespace quire::actors::types::yjs
