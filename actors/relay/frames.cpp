#include "actors/relay/frames.hpp"

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

#include <algorithm>

namespace quire::actors {

namespace {

/// How many of `run`'s edits, at least one, go into one frame.
std::size_t piece_of(std::span<const protocol::committed_edit> run) {
  std::size_t count = 0;
  std::size_t operation_bytes = 0;
  while (count < run.size() && count < limits::run_edits_max && operation_bytes < limits::snapshot_part_bytes)
    operation_bytes += run[count++].operation->size();
  return count;
}

}  // namespace

shared_bytes to_frame(const protocol::server_message& message) {
  bytes out;
  protocol::encode(message, out);
  return share(std::move(out));
}

std::vector<shared_bytes> to_frames(document_number document, revision first,
                                    std::span<const protocol::committed_edit> run) {
  std::vector<shared_bytes> frames;
  while (!run.empty()) {
    const auto count = piece_of(run);
    frames.push_back(
      to_frame(protocol::edits{document, first, {run.begin(), run.begin() + static_cast<std::ptrdiff_t>(count)}}));
    first = first.plus(count);
    run = run.subspan(count);
  }
  return frames;
}

std::vector<shared_bytes> to_frames(document_number document, revision at, bytes_view content) {
  std::vector<shared_bytes> frames;
  do {
    const auto part = content.first(std::min(content.size(), limits::snapshot_part_bytes));
    content = content.subspan(part.size());
    frames.push_back(to_frame(protocol::snapshot_part{document, at, content.empty(), {part.begin(), part.end()}}));
  } while (!content.empty());
  return frames;
}

}  // namespace quire::actors
