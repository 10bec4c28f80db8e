#pragma once

#include "actors/types/text/leaf.hpp"
#include "actors/types/text/operation.hpp"
#include "protocol/bytes.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace quire::actors::types::text {

/// A text that is edited in place: leaves of one KiB, in blocks of at most `leaves_a_block_max`.
/// Units: code points, where nothing else is said.
/// Cost:  near the last edit constant; elsewhere a walk over the lengths of leaves and blocks in between.
class rope {
 public:
  static constexpr std::size_t leaves_a_block_max = 512;

  rope();
  /// `text` is valid UTF-8.
  explicit rope(std::string_view text);

  [[nodiscard]] const lengths<std::size_t>& size() const noexcept { return size_; }

  /// `text` is valid UTF-8; `at` lies within the text or at its end.
  void insert(std::size_t at, std::string_view text) { insert(at, text, measure(text)); }
  /// The stretch lies within the text.
  void erase(std::size_t at, std::size_t count);
  /// `op` must fit: its base length is at most the text's.
  void apply(const operation& op);

  [[nodiscard]] std::string slice(std::size_t at, std::size_t count) const;
  /// Whether `text` is what stands at `at`, which lies within the text with as many code points after it.
  [[nodiscard]] bool matches(std::size_t at, std::size_t count, std::string_view text) const;
  /// Units: bytes.
  [[nodiscard]] std::size_t bytes_of(std::size_t at, std::size_t count) const;
  /// How many UTF-16 units lie before a code point, and which code point holds a UTF-16 unit.
  [[nodiscard]] std::size_t utf16_of(std::size_t code_point) const;
  [[nodiscard]] std::size_t code_point_of_utf16(std::size_t unit) const;

  /// Calls `visit` with the text, run by run.
  template <class Visitor>
  void for_each_run(Visitor&& visit) const;
  [[nodiscard]] std::string to_string() const;

  /// What it holds altogether, about. Units: bytes.
  [[nodiscard]] std::size_t memory() const noexcept;

 private:
  struct block {
    std::vector<leaf::sizes> sizes;  // of the leaves, side by side for the walk
    std::vector<std::unique_ptr<leaf>> leaves;
    lengths<std::size_t> total;
  };

  // A leaf, and where its block and itself begin.
  struct place {
    std::size_t block = 0;
    std::size_t leaf = 0;
    std::size_t block_start = 0;
    std::size_t start = 0;
  };

  void insert(std::size_t at, std::string_view text, const lengths<std::size_t>& text_size);
  void insert_splitting(std::size_t at, std::string_view text);
  void fill(std::string_view text);
  void add_leaf();
  void split_block();
  void add_block(std::size_t first_leaf);
  void remove_leaf();
  void absorb_neighbour();
  void join_with_next(std::size_t leaf_index);

  // A leaf that holds `at` or ends there: mostly the one that was edited last.
  [[nodiscard]] place locate(std::size_t at) const noexcept {
    return at - cursor_.start <= length_at(cursor_) ? cursor_ : walk_to(at);
  }
  [[nodiscard]] place walk_to(std::size_t at) const noexcept;
  [[nodiscard]] place locate_following(std::size_t at) const noexcept;
  [[nodiscard]] std::size_t length_at(const place& where) const noexcept {
    return blocks_[where.block].sizes[where.leaf].code_points;
  }
  void step_forward(place& where) const noexcept;
  template <class Visitor>
  void visit_runs(std::size_t at, std::size_t count, Visitor&& visit) const;

  // There is always a block, and in each a leaf: an empty text is one empty leaf.
  std::vector<block> blocks_;
  lengths<std::size_t> size_;
  place cursor_;  // where the last edit was
};

template <class Visitor>
void rope::for_each_run(Visitor&& visit) const {
  for (const block& each : blocks_) {
    for (std::size_t i = 0; i < each.leaves.size(); ++i) {
      visit(each.leaves[i]->front());
      visit(each.leaves[i]->back(each.sizes[i]));
    }
  }
}

}  // namespace quire::actors::types::text
