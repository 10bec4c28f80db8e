#include "actors/types/text/cursor.hpp"

#include "actors/types/text/codec.hpp"
#include "actors/types/text/position.hpp"

#include <cassert>

namespace quire::actors::types::text {

namespace {

cursor moved(const cursor& where, const operation& op, bool is_own) noexcept {
  if (is_own) {
    const std::size_t end = end_of_last_change(op).value_or(where.head);
    return op.is_empty() ? where : cursor{end, end};
  }
  return {transform_position(where.anchor, op), transform_position(where.head, op)};
}

}  // namespace

result<void> check_cursor(bytes_view cursor) {
  return decode_cursor(cursor).map([](const auto&) {});
}

bytes move_cursor(bytes_view encoded, bytes_view operation, bool is_own) {
  const auto where = decode_cursor(encoded);
  const auto op = decode(operation, own_codec_limits);
  assert(where && op);  // both were checked when they came in
  bytes out;
  encode(moved(*where, *op, is_own), out);
  return out;
}

}  // namespace quire::actors::types::text
