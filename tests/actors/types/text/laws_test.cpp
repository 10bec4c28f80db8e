#include "actors/types/text/codec.hpp"
#include "actors/types/text/compose.hpp"
#include "actors/types/text/invert.hpp"
#include "actors/types/text/position.hpp"
#include "actors/types/text/rope.hpp"
#include "actors/types/text/transform.hpp"
#include "tests/fixture/text/generators.hpp"
#include "tests/fixture/text/model.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace quire::actors::types::text {
namespace {

using fixture::any_invertible_operation_on;
using fixture::any_operation_on;
using fixture::any_text;
using fixture::applied;

bool is_normal(const operation& op) {
  const auto parts = op.parts();
  const auto is_empty = [](const part& each) { return each.count == 0; };
  const auto are_alike = [](const part& a, const part& b) { return a.kind == b.kind; };
  return std::ranges::none_of(parts, is_empty) && std::ranges::adjacent_find(parts, are_alike) == parts.end() &&
         (parts.empty() || parts.back().kind != part_kind::retain);
}

RC_GTEST_PROP(text_laws, two_who_edit_at_once_come_to_the_same_text, ()) {
  const auto text = *any_text();
  const auto a = *any_operation_on(text);
  const auto b = *any_operation_on(text);
  const auto after_a = applied(transform(b, a, side::right), applied(a, text));
  const auto after_b = applied(transform(a, b, side::left), applied(b, text));
  RC_ASSERT(after_a == after_b);
}

RC_GTEST_PROP(text_laws, a_composed_operation_does_what_its_two_do_in_turn, ()) {
  const auto text = *any_text();
  const auto a = *any_operation_on(text);
  const auto between = applied(a, text);
  const auto b = *any_operation_on(between);
  RC_ASSERT(applied(compose(a, b), text) == applied(b, between));
}

RC_GTEST_PROP(text_laws, an_inverse_undoes, ()) {
  const auto text = *any_text();
  const auto op = *any_invertible_operation_on(text);
  const auto inverse = invert(op);
  RC_ASSERT(inverse.has_value());
  RC_ASSERT(applied(*inverse, applied(op, text)) == text);
}

RC_GTEST_PROP(text_laws, any_operation_can_be_made_invertible, ()) {
  const auto text = *any_text();
  const auto op = *any_operation_on(text);
  const auto full = make_invertible(op, rope(fixture::to_utf8(text)));
  RC_ASSERT(applied(full, text) == applied(op, text));
  RC_ASSERT(applied(invert(full).value(), applied(op, text)) == text);
}

RC_GTEST_PROP(text_laws, transforming_and_composing_keep_an_invertible_operation_invertible, ()) {
  const auto text = *any_text();
  const auto a = *any_invertible_operation_on(text);
  const auto b = *any_invertible_operation_on(text);
  const auto rebased = transform(b, a, side::left);
  RC_ASSERT(applied(invert(rebased).value(), applied(rebased, applied(a, text))) == applied(a, text));
  const auto both = compose(a, rebased);
  RC_ASSERT(applied(invert(both).value(), applied(both, text)) == text);
}

RC_GTEST_PROP(text_laws, what_is_made_of_operations_is_in_normal_form, ()) {
  const auto text = *any_text();
  const auto a = *any_operation_on(text);
  const auto b = *any_operation_on(text);
  RC_ASSERT(is_normal(transform(a, b, side::left)));
  RC_ASSERT(is_normal(transform(a, b, side::right)));
  RC_ASSERT(is_normal(compose(a, transform(b, a, side::right))));
}

RC_GTEST_PROP(text_laws, putting_an_operation_together_again_changes_nothing, ()) {
  const auto op = *any_operation_on(*any_text());
  operation_builder again;
  piece_reader from(op);
  while (!from.at_end())
    again.add(from.take_all());
  RC_ASSERT(std::move(again).finish() == op);
}

RC_GTEST_PROP(text_laws, an_operation_survives_its_encoding, ()) {
  const auto op = *any_operation_on(*any_text());
  bytes encoded;
  encode(op, encoded);
  const auto decoded = decode(encoded, own_codec_limits);
  RC_ASSERT(decoded.has_value());
  RC_ASSERT(*decoded == op);
}

RC_GTEST_PROP(text_laws, any_bytes_decode_to_an_operation_that_encodes_to_them_or_to_an_error, ()) {
  // Bytes that MessagePack uses for operations, so that some get far.
  const auto any_byte = rc::gen::weightedOneOf<std::uint8_t>({
    {3, rc::gen::element<std::uint8_t>(0x81, 0x91, 0x92, 0x93, 0x94, 0xA1, 0xA2, 0x64, 0xCC, 0xCD, 0xD9, 0xDC)},
    {1, rc::gen::arbitrary<std::uint8_t>()},
    {1, rc::gen::inRange<std::uint8_t>(0, 4)},
  });
  bytes encoded;
  for (const std::uint8_t byte : *rc::gen::container<std::vector<std::uint8_t>>(any_byte))
    encoded.push_back(std::byte{byte});
  const auto decoded = decode(encoded, own_codec_limits);
  if (!decoded)
    return;
  RC_ASSERT(is_normal(*decoded));
  bytes again;
  encode(*decoded, again);
  RC_ASSERT(again == encoded);
}

/// What `op` makes of a text of which it has only the part from `begin` to `end`; its inserts stay.
std::u32string with_only(std::size_t begin, std::size_t end, const operation& op, const std::u32string& text) {
  operation_builder cut;
  cut.erase(static_cast<std::uint32_t>(begin));
  cut.retain(static_cast<std::uint32_t>(end - begin));
  cut.erase(static_cast<std::uint32_t>(text.size() - end));
  return applied(transform(std::move(cut).finish(), op, side::left), applied(op, text));
}

RC_GTEST_PROP(text_laws, a_position_stays_between_the_characters_that_it_was_between, ()) {
  const auto text = *any_text();
  const auto op = *any_operation_on(text);
  const auto position = *rc::gen::inRange<std::size_t>(0, text.size() + 1);
  const auto after = applied(op, text);
  const auto moved = transform_position(position, op);
  RC_ASSERT(moved <= after.size());
  RC_ASSERT(with_only(0, position, op, text).starts_with(after.substr(0, moved)));
  RC_ASSERT(with_only(position, text.size(), op, text).ends_with(after.substr(moved)));
}

RC_GTEST_PROP(text_laws, a_position_has_before_it_what_was_left_and_what_was_inserted_there, ()) {
  const auto text = *any_text();
  const auto op = *any_operation_on(text);
  const auto position = *rc::gen::inRange<std::size_t>(0, text.size() + 1);
  std::size_t before = 0;
  std::size_t place = 0;  // On the text as it was.
  for (const part& each : op.parts()) {
    const auto still_before = position - std::min(place, position);
    if (each.kind == part_kind::insert)
      before += place < position ? each.count : 0;  // One at the position itself comes after it.
    else
      place += each.count;
    if (each.kind == part_kind::retain)
      before += std::min<std::size_t>(each.count, still_before);
  }
  before += position - std::min(place, position);
  RC_ASSERT(transform_position(position, op) == before);
}

operation edit_at(std::uint32_t at, std::uint32_t erased, std::string_view inserted) {
  operation_builder out;
  out.retain(at);
  out.erase(erased);
  out.insert(inserted);
  return std::move(out).finish();
}

// Why history is passed one by one: docs/decisions/0011.
TEST(text_laws, passing_a_composed_operation_is_not_passing_its_two) {
  const operation erase = edit_at(0, 1, "");
  const operation insert = edit_at(0, 0, "y");
  const operation late = edit_at(1, 0, "L");
  EXPECT_EQ(transform(transform(late, erase, side::left), insert, side::left), edit_at(0, 0, "L"));
  EXPECT_EQ(transform(late, compose(erase, insert), side::left), edit_at(1, 0, "L"));
}

}  // namespace
}  // namespace quire::actors::types::text
