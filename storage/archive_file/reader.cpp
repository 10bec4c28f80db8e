#include "storage/archive_file/reader.hpp"

#include "storage/archive_file/field_reader.hpp"

#include <algorithm>

namespace quire::storage::archive_file {

namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;
// What a length claims is only believed as far as it is there.
constexpr std::size_t growth_bytes = 1024 * 1024;

}  // namespace

tl::unexpected<error> reader::fail_here(const error& what) const {
  return fail(what.code, "byte " + std::to_string(record_begin_) + ": " + what.detail);
}

result<record> reader::next() {
  if (!has_begun_) {
    if (auto begun = read_file_head(); !begun)
      return fail_here(begun.error());
    has_begun_ = true;
  }
  for (;;) {
    record_begin_ = position_;
    const auto type = read_frame();
    if (!type)
      return fail_here(type.error());
    if (!is_known(*type) && (*type & optional_bit) != 0)
      continue;
    auto read = read_record(*type, content_);
    if (!read)
      return fail_here(read.error());
    return read;
  }
}

result<record> reader::read_record(std::uint16_t type, bytes_view content) {
  if (!is_known(type))
    return fail(errc::schema_mismatch, "a record of type " + std::to_string(type) +
                                         ", which this build does not know. A newer build of Quire wrote it");
  auto read = decode(static_cast<record_type>(type), content);
  if (!read)
    return read;
  if (auto taken = tally_.take(*read); !taken)
    return tl::unexpected(taken.error());
  if (std::holds_alternative<file_end>(*read))
    if (auto ended = expect_end(); !ended)
      return tl::unexpected(ended.error());
  return read;
}

result<void> reader::read_file_head() {
  const auto expected = file_head();
  const auto head = read_whole(head_, expected.size());
  if (!head || !std::ranges::equal(head->first(magic.size()), as_bytes(magic))) {
    if (!head && head.error().code == errc::store_unavailable)
      return tl::unexpected(head.error());
    return fail(errc::schema_mismatch, "this is no archive of Quire");
  }
  field_reader fields(head->subspan(magic.size()));
  if (const auto found = fields.number<std::uint32_t>(); found != version)
    return fail(errc::schema_mismatch, "the archive has version " + std::to_string(found) +
                                         "; this build knows version " + std::to_string(version));
  chain_ = checksum_of(*head);
  return {};
}

result<std::uint16_t> reader::read_frame() {
  const auto head = read_whole(head_, record_head_bytes);
  if (!head)
    return tl::unexpected(head.error());
  field_reader fields(*head);
  const auto type = fields.number<std::uint16_t>();
  const auto size = fields.number<std::uint32_t>();
  if (size > content_bytes_max(type))
    return fail(errc::document_damaged, "a record of type " + std::to_string(type) + " with " + std::to_string(size) +
                                          " bytes; " + std::to_string(content_bytes_max(type)) + " are allowed");
  const auto content = read_whole(content_, size);
  if (!content)
    return tl::unexpected(content.error());
  const auto sum = read_whole(checksum_, record_checksum_bytes);
  if (!sum)
    return tl::unexpected(sum.error());
  chain_ = checksum_of(chain_, *head, *content);
  if (field_reader(*sum).number<checksum>() != chain_)
    return fail(errc::document_damaged, "the record does not match its checksum, or does not follow the one before");
  return type;
}

result<bytes_view> reader::read_whole(bytes& into, std::size_t count) {
  into.clear();
  while (into.size() < count) {
    const auto begin = into.size();
    into.resize(begin + std::min(count - begin, growth_bytes));
    for (auto at = begin; at < into.size();) {
      const auto taken = take(std::span(into).subspan(at));
      if (!taken)
        return tl::unexpected(taken.error());
      if (*taken == 0)
        return fail(errc::document_damaged, "the archive ends here, before its end");
      at += *taken;
    }
  }
  return bytes_view(into);
}

result<std::size_t> reader::take(std::span<std::byte> into) {
  if (unread_ == buffer_.size()) {
    buffer_.resize(buffer_bytes);
    unread_ = 0;
    const auto read = from_->read(buffer_);
    buffer_.resize(read ? *read : 0);
    if (!read)
      return tl::unexpected(read.error());
  }
  const auto count = std::min(into.size(), buffer_.size() - unread_);
  std::copy_n(buffer_.begin() + static_cast<std::ptrdiff_t>(unread_), count, into.begin());
  unread_ += count;
  position_ += count;
  return count;
}

result<void> reader::expect_end() {
  std::array<std::byte, 1> more{};
  const auto taken = take(more);
  if (!taken)
    return tl::unexpected(taken.error());
  if (*taken != 0)
    return fail(errc::document_damaged, "there is something after the archive's end");
  return {};
}

}  // namespace quire::storage::archive_file
