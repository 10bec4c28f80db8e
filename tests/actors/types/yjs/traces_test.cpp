#include "actors/types/yjs/yjs_state.hpp"
#include "tests/fixture/yjs/histories.hpp"

#include <gtest/gtest.h>

namespace quire::actors::types::yjs {
namespace {

std::string text_of(const type_state& state) {
  bytes content;
  EXPECT_TRUE(state.read_text(content));
  return std::string(as_text(content));
}

TEST(yjs_traces, a_document_that_takes_every_update_ends_in_the_same_text_and_loads_from_its_snapshot) {
  for (const fixture::yjs_history& history : fixture::load_yjs_histories()) {
    const auto state = find_type("yjs")->create({});
    for (const bytes& update : history.updates) {
      const auto prepared = state->prepare(state->revision(), update);
      ASSERT_TRUE(prepared.has_value()) << history.name << ": " << prepared.error().detail;
      state->apply(*prepared);
    }
    EXPECT_TRUE(text_of(*state) == history.end_content) << history.name;
    bytes snapshot;
    state->write_snapshot(snapshot);
    const auto loaded = find_type("yjs")->load(snapshot, state->revision(), {});
    ASSERT_TRUE(loaded.has_value()) << history.name;
    EXPECT_TRUE(text_of(**loaded) == history.end_content) << history.name;
    bytes again;
    (*loaded)->write_snapshot(again);
    EXPECT_TRUE(again == snapshot) << history.name;
  }
}

}  // namespace
}  // namespace quire::actors::types::yjs
