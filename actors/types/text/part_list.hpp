#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace quire::actors::types::text {

enum class part_kind : std::uint32_t {
  retain,  ///< Skip so many code points.
  insert,  ///< Put a text here.
  erase,   ///< Remove so many code points; their text may be given.
};

/// A stretch of an operation. Its text, if it has one, is kept by the operation.
struct part {
  std::uint32_t count = 0;  ///< Code points. Range: from 1.
  part_kind kind : 2 = part_kind::retain;
  std::uint32_t text_bytes : 30 = 0;

  friend bool operator==(const part&, const part&) = default;
};

/// The texts of one operation together are shorter than this.
inline constexpr std::size_t part_text_bytes_max = (std::size_t{1} << 30U) - 1;

[[nodiscard]] constexpr part make_part(part_kind kind, std::uint32_t count, std::size_t text_bytes) noexcept {
  assert(text_bytes <= part_text_bytes_max);
  part made;
  made.count = count;
  made.kind = kind;
  made.text_bytes = static_cast<std::uint32_t>(text_bytes) & ((std::uint32_t{1} << 30U) - 1);
  return made;
}

/// A vector of parts that keeps up to two inside itself: almost every operation that typing makes has one or two.
class part_list {
 public:
  part_list() noexcept = default;
  part_list(const part_list& other) { *this = other; }
  part_list(part_list&& other) noexcept { *this = std::move(other); }
  ~part_list() = default;

  part_list& operator=(const part_list& other) {
    if (this == &other)
      return *this;
    size_ = 0;
    reserve(other.size_);
    std::copy_n(other.data(), other.size_, data());
    size_ = other.size_;
    return *this;
  }

  part_list& operator=(part_list&& other) noexcept {
    inside_[0] = other.inside_[0];
    inside_[1] = other.inside_[1];
    heap_ = std::move(other.heap_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, inside_max);
    return *this;
  }

  [[nodiscard]] part* data() noexcept { return heap_ ? heap_.get() : inside_; }
  [[nodiscard]] const part* data() const noexcept { return heap_ ? heap_.get() : inside_; }
  [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] part& back() noexcept { return data()[size_ - 1]; }
  [[nodiscard]] part& operator[](std::size_t index) noexcept { return data()[index]; }
  [[nodiscard]] std::span<const part> view() const noexcept { return {data(), size_}; }

  void push_back(part more) {
    if (size_ == capacity_)
      reserve(capacity_ * 2);
    data()[size_++] = more;
  }

  void pop_back() noexcept { --size_; }
  void clear() noexcept { size_ = 0; }

 private:
  static constexpr std::uint32_t inside_max = 2;

  void reserve(std::uint32_t wanted) {
    if (wanted <= capacity_)
      return;
    auto larger = std::make_unique<part[]>(wanted);
    std::copy_n(data(), size_, larger.get());
    heap_ = std::move(larger);
    capacity_ = wanted;
  }

  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = inside_max;
  part inside_[inside_max];
  std::unique_ptr<part[]> heap_;
};

}  // namespace quire::actors::types::text
