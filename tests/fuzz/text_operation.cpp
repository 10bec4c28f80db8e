#include "actors/types/text/codec.hpp"
#include "actors/types/type_state.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>

// An operation from outside, given to a document that has one of its own already; and the same bytes as a snapshot and
// as a cursor. What decodes must encode to the same bytes, and what is accepted must apply.
namespace quire::actors::types::text {
namespace {

void require(bool holds) {
  if (!holds)
    std::abort();
}

void decode_again(bytes_view data) {
  const auto op = decode(data, own_codec_limits);
  if (!op)
    return;
  bytes again;
  encode(*op, again);
  require(std::ranges::equal(again, data));
}

void edit(bytes_view data) {
  static const bytes first = [] {
    operation_builder op;
    op.insert("some text, é漢😀 and more");
    bytes encoded;
    encode(std::move(op).finish(), encoded);
    return encoded;
  }();
  const auto document = find_type("text")->create({});
  for (const std::uint64_t base : {0U, 0U, 1U}) {
    const auto prepared = document->prepare(revision(base), document->revision().value() == 0 ? first : data);
    if (prepared)
      document->apply(*prepared);
  }
  bytes snapshot;
  document->write_snapshot(snapshot);
  require(find_type("text")->load(snapshot, document->revision(), {}).has_value());
}

void load(bytes_view data) {
  const auto loaded = find_type("text")->load(data, revision(1'000), {});
  if (!loaded)
    return;
  bytes again;
  (*loaded)->write_snapshot(again);
  require(find_type("text")->load(again, revision(1'000), {}).has_value());
}

void move_cursor(bytes_view data) {
  static const bytes nothing{std::byte{0x90}};
  if (find_type("text")->check_cursor(data))
    require(std::ranges::equal(find_type("text")->move_cursor(data, nothing, false), data));
}

}  // namespace
}  // namespace quire::actors::types::text

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto view = std::as_bytes(std::span{data, size});
  quire::actors::types::text::decode_again(view);
  quire::actors::types::text::edit(view);
  quire::actors::types::text::load(view);
  quire::actors::types::text::move_cursor(view);
  return 0;
}
