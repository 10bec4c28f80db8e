#pragma once

#include "actors/types/text/part_list.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// Plain text: operations as npm's ot-text-unicode has them, on a rope.
namespace quire::actors::types::text {

/// A walk over a text that retains, inserts and erases on its way; what lies after its end is retained.
/// Invariant: normal form. No empty part, no two neighbours of one kind, no retain at the end.
/// Units:     code points.
/// Range:     `base_length` and what is inserted at most `length_max` each.
class operation {
 public:
  static constexpr std::size_t length_max = (std::size_t{1} << 31U) - 1;

  operation() = default;

  [[nodiscard]] std::span<const part> parts() const noexcept { return parts_.view(); }
  /// The texts of its parts, joined in order.
  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  [[nodiscard]] bool is_empty() const noexcept { return parts_.empty(); }
  [[nodiscard]] std::string take_text() && noexcept { return std::move(text_); }
  /// How long a text must be, at least, for it to fit.
  [[nodiscard]] std::size_t base_length() const noexcept;
  /// Whether an erased stretch comes with its text.
  [[nodiscard]] bool has_erased_text() const noexcept;

  friend bool operator==(const operation& a, const operation& b) noexcept {
    return std::ranges::equal(a.parts(), b.parts()) && a.text_ == b.text_;
  }

 private:
  friend class operation_builder;

  part_list parts_;
  std::string text_;
};

/// A part, or a piece of one, with its text.
struct piece {
  part_kind kind = part_kind::retain;
  std::uint32_t count = 0;
  std::string_view text;  ///< Of an insert, and of an erase that has one.
};

/// Puts an operation together and keeps it in normal form: empty pieces vanish and neighbours of one kind join.
/// Erased pieces with and without text join to one without.
class operation_builder {
 public:
  operation_builder() = default;

  void retain(std::uint32_t count) { add({part_kind::retain, count, {}}); }
  /// `text` is valid UTF-8.
  void insert(std::string_view text);
  void erase(std::uint32_t count) { add({part_kind::erase, count, {}}); }
  /// `text` is valid UTF-8.
  void erase(std::string_view text);
  void add(const piece& next);

  /// What `add` is given from now on will keep its text elsewhere, and `finish_with` brings it.
  void leave_texts_out() noexcept { texts_left_out_ = true; }

  [[nodiscard]] operation finish() &&;
  /// `text`: the texts of what was added, joined in order.
  [[nodiscard]] operation finish_with(std::string&& text) &&;

 private:
  void join(part& last, const piece& next);

  operation made_;
  bool texts_left_out_ = false;
};

/// Reads an operation in pieces of any length.
class piece_reader {
 public:
  explicit piece_reader(const operation& source) noexcept
    : parts_(source.parts()), text_(source.text()), left_(parts_.empty() ? 0 : parts_[0].count) {}

  [[nodiscard]] bool at_end() const noexcept { return next_ == parts_.size(); }
  /// The kind of what comes next. Not at the end.
  [[nodiscard]] part_kind kind() const noexcept { return parts_[next_].kind; }
  /// What is left of the part that comes next.
  [[nodiscard]] piece take_all() noexcept { return take(left_); }
  /// Not more than `count` of it. Not at the end.
  [[nodiscard]] piece take(std::uint32_t count) noexcept;

 private:
  std::span<const part> parts_;
  std::string_view text_;  // not yet taken
  std::size_t next_ = 0;
  std::size_t text_taken_ = 0;  // of the part that comes next
  std::uint32_t left_;
};

}  // namespace quire::actors::types::text
