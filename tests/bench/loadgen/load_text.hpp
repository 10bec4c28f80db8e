#pragma once

#include "protocol/bytes.hpp"
#include "tests/bench/loadgen/ledger.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// What the load writes into a text document, so that its content shows afterwards which edits are in it.
namespace quire::bench {

/// Bytes of an edit's text where each edit has a text of its own.
inline constexpr std::size_t word_bytes = 8;

/// The text that an edit inserts, which is ASCII: the last `size` characters of its author's and sequence's digits.
/// Range: size is from 1 to word_bytes.
class edit_text {
 public:
  edit_text(edit_name edit, std::size_t size) noexcept;

  [[nodiscard]] std::string_view view() const noexcept {
    return std::string_view(digits_.data(), word_bytes).substr(skip_);
  }

 private:
  std::array<char, word_bytes> digits_;
  std::size_t skip_;
};

/// Appends the operation that inserts the edit's text, in MessagePack: authors of an even number write at the beginning
/// of the document, the others at its end as of `base`.
void put_insert(bytes& out, edit_name edit, std::size_t size, std::uint64_t base);

/// Says what is wrong with a document's content, if it does not have the text of each of the edits, once.
[[nodiscard]] std::optional<std::string> check_content(std::span<const edit_name> edits, std::size_t size,
                                                       std::string_view content);

}  // namespace quire::bench
