#include "actors/types/text/operation_json.hpp"
#include "actors/types/text/codec.hpp"
#include "actors/types/type_state.hpp"

#include <gtest/gtest.h>

namespace quire::actors::types::text {

namespace {

operation example() {
  operation_builder made;
  made.retain(5);
  made.insert("hi \"you\"\n\xC3\xA9");
  made.erase(3);
  made.retain(2);
  made.erase("\\");
  return std::move(made).finish();
}

constexpr std::string_view example_json = "[5,\"hi \\\"you\\\"\\n\xC3\xA9\",{\"d\":3},2,{\"d\":\"\\\\\"}]";

}  // namespace

TEST(operation_json, each_part_is_written_as_tools_read_it) {
  bytes out;
  write_json(example(), out);
  EXPECT_EQ(as_text(out), example_json);
}

TEST(operation_json, an_operation_that_does_nothing_is_an_empty_array) {
  bytes out;
  write_json(operation(), out);
  EXPECT_EQ(as_text(out), "[]");
}

TEST(operation_json, the_type_writes_what_the_log_has_of_it) {
  bytes logged;
  encode(example(), logged);
  const auto* const type = find_type("text");
  bytes out;
  ASSERT_TRUE(type->write_operation_json(logged, out));
  EXPECT_EQ(as_text(out), example_json);
  EXPECT_EQ(type->write_operation_json(to_bytes("what"), out).error().code, errc::document_damaged);
}

}  // namespace quire::actors::types::text
