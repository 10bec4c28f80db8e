#include "storage/archive_file/reader.hpp"
#include "storage/little_endian.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>

namespace {

using namespace quire;
using namespace quire::storage;

class source final : public archive_file::byte_source {
 public:
  explicit source(bytes_view content) : left_(content) {}
  [[nodiscard]] result<std::size_t> read(std::span<std::byte> into) override {
    const auto count = std::min(into.size(), left_.size());
    std::copy_n(left_.begin(), count, into.begin());
    left_ = left_.subspan(count);
    return count;
  }

 private:
  bytes_view left_;
};

/// What reads is written the same.
void read_all(bytes_view file) {
  source content(file);
  archive_file::reader from(content);
  for (;;) {
    const auto next = from.next();
    if (!next || std::holds_alternative<archive_file::file_end>(*next))
      return;
    bytes again;
    encode(*next, again);
    const auto decoded = decode(type_of(*next), again);
    if (!decoded || decoded->index() != next->index())
      std::abort();
  }
}

/// The input as records - a byte for the type, two for the length, the content - in a file whose checksums are right:
/// past them a fuzzer would not get.
bytes framed(bytes_view input) {
  auto file = archive_file::file_head();
  auto chain = archive_file::checksum_of(file);
  while (input.size() >= 3) {
    const auto type = std::to_integer<std::uint16_t>(input[0]);
    const auto claimed = std::to_integer<std::size_t>(input[1]) | std::to_integer<std::size_t>(input[2]) << 8U;
    input = input.subspan(3);
    const auto content = input.first(std::min(claimed, input.size()));
    input = input.subspan(content.size());
    bytes head;
    append_number(head, static_cast<std::uint16_t>((type & 0x7FU) | (type & 0x80U) << 8U));
    append_number(head, static_cast<std::uint32_t>(content.size()));
    chain = archive_file::checksum_of(chain, head, content);
    append(file, head);
    append(file, content);
    append_number(file, chain);
  }
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = std::as_bytes(std::span{data, size});
  read_all(input);
  read_all(framed(input));
  return 0;
}
