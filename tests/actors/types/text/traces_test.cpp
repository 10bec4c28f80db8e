#include "tests/fixture/text/traces.hpp"
#include "actors/types/text/codec.hpp"
#include "actors/types/text/rope.hpp"
#include "actors/types/type_state.hpp"

#include <gtest/gtest.h>

namespace quire::actors::types::text {
namespace {

const std::vector<fixture::trace>& traces() {
  static const std::vector<fixture::trace> loaded = fixture::load_traces();
  return loaded;
}

TEST(text_traces, a_document_edited_through_its_encoded_operations_ends_in_the_same_text) {
  for (const fixture::trace& history : traces()) {
    const auto state = find_type("text")->create({});
    for (const operation& op : history.operations) {
      bytes encoded;
      encode(op, encoded);
      const auto prepared = state->prepare(state->revision(), encoded);
      ASSERT_TRUE(prepared.has_value()) << history.name;
      state->apply(*prepared);
    }
    bytes content;
    state->write_content(content);
    EXPECT_TRUE(as_text(content) == history.end_content) << history.name;
    EXPECT_EQ(state->revision().value(), history.operations.size());
  }
}

TEST(text_traces, a_rope_ends_in_the_same_text_and_stays_small) {
  for (const fixture::trace& history : traces()) {
    rope text;
    for (const operation& op : history.operations)
      text.apply(op);
    EXPECT_TRUE(text.to_string() == history.end_content) << history.name;
    EXPECT_EQ(text.size(), measure(history.end_content)) << history.name;
    EXPECT_LT(text.memory(), 3 * history.end_content.size()) << history.name;
  }
}

}  // namespace
}  // namespace quire::actors::types::text
