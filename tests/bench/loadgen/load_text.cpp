#include "tests/bench/loadgen/load_text.hpp"

#include <algorithm>
#include <msgpack/pack.hpp>
#include <vector>

namespace quire::bench {

namespace {

constexpr std::string_view digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
constexpr unsigned bits_a_digit = 6;
constexpr std::size_t digits_a_number = word_bytes / 2;

class byte_sink {
 public:
  explicit byte_sink(bytes& out) noexcept : out_(out) {}
  void write(const char* data, std::size_t size) { append(out_, as_bytes({data, size})); }

 private:
  bytes& out_;
};

}  // namespace

edit_text::edit_text(edit_name edit, std::size_t size) noexcept : skip_(word_bytes - size) {
  for (std::size_t i = 0; i < digits_a_number; ++i) {
    const auto shift = bits_a_digit * (digits_a_number - 1 - i);
    digits_[i] = digits[(edit.author >> shift) % digits.size()];
    digits_[digits_a_number + i] = digits[(edit.sequence >> shift) % digits.size()];
  }
}

void put_insert(bytes& out, edit_name edit, std::size_t size, std::uint64_t base) {
  byte_sink sink(out);
  msgpack::packer<byte_sink> pack(sink);
  const edit_text text(edit, size);
  const std::uint64_t length = edit.author % 2 == 0 ? 0 : base * size;
  pack.pack_array(length == 0 ? 1 : 2);
  if (length > 0)
    pack.pack_uint64(length);
  pack.pack_str(static_cast<std::uint32_t>(size)).pack_str_body(text.view().data(), static_cast<std::uint32_t>(size));
}

// Inserts at the beginning and the end never split another's text, so the content is a row of whole ones; in which
// order is the document type's affair and not checked here.
std::optional<std::string> check_content(std::span<const edit_name> edits, std::size_t size, std::string_view content) {
  if (content.size() != edits.size() * size)
    return "the content has " + std::to_string(content.size()) + " bytes and should have " +
           std::to_string(edits.size() * size);
  std::vector<std::string> expected;
  std::vector<std::string> found;
  for (std::size_t each = 0; each < edits.size(); ++each) {
    expected.emplace_back(edit_text(edits[each], size).view());
    found.emplace_back(content.substr(each * size, size));
  }
  std::ranges::sort(expected);
  std::ranges::sort(found);
  const auto [missing, instead] = std::ranges::mismatch(expected, found);
  if (missing == expected.end())
    return std::nullopt;
  return "the content lacks or doubles an edit: " + *instead + " where " + *missing + " should be";
}

}  // namespace quire::bench
