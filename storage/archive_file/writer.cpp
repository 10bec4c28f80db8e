#include "storage/archive_file/writer.hpp"

#include "storage/little_endian.hpp"

#include <algorithm>

namespace quire::storage::archive_file {

namespace {

constexpr std::size_t piece_bytes = 1024 * 1024;

}  // namespace

writer::writer(byte_sink& to) : to_(&to), waiting_(file_head()), chain_(checksum_of(waiting_)) {}

result<void> writer::put(const record& next) {
  const auto type = static_cast<std::uint16_t>(type_of(next));
  const auto begin = waiting_.size();
  append_number(waiting_, type);
  append_number(waiting_, std::uint32_t{0});  // the length, known below
  encode(next, waiting_);
  const auto size = waiting_.size() - begin - record_head_bytes;
  if (size > content_bytes_max(type)) {
    waiting_.resize(begin);
    return fail(errc::document_too_large, "a record of " + std::to_string(size) + " bytes; " +
                                            std::to_string(content_bytes_max(type)) + " are allowed");
  }
  bytes length;
  append_number(length, static_cast<std::uint32_t>(size));
  std::ranges::copy(length, waiting_.begin() + static_cast<std::ptrdiff_t>(begin + sizeof type));
  const auto written = bytes_view(waiting_).subspan(begin);
  chain_ = checksum_of(chain_, written.first(record_head_bytes), written.subspan(record_head_bytes));
  append_number(waiting_, chain_);
  if (auto counted = tally_.take(next); !counted)
    return fail(errc::internal, counted.error().detail);
  if (waiting_.size() < piece_bytes)
    return {};
  auto done = to_->write(waiting_);
  waiting_.clear();
  return done;
}

result<void> writer::finish() {
  if (auto ended = put(tally_.of_file()); !ended)
    return ended;
  auto done = to_->write(waiting_);
  waiting_.clear();
  return done;
}

}  // namespace quire::storage::archive_file
