#include "protocol/yjs/awareness.hpp"

#include "protocol/lib0/writer.hpp"
#include "protocol/limits.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <string>

namespace quire::protocol::yjs {
namespace {

bytes encoded(const std::vector<awareness_entry>& entries) {
  bytes out;
  encode_awareness(entries, out);
  return out;
}

TEST(yjs_awareness, an_entry_is_a_client_a_clock_and_a_state) {
  const std::vector<awareness_entry> entries{{5, 300, R"({"a":1})"}, {7, 1, "null"}};
  const auto data = encoded(entries);
  EXPECT_EQ(as_text(data), "\x02\x05\xAC\x02\x07{\"a\":1}\x07\x01\x04null");
  EXPECT_EQ(decode_awareness(data), entries);
  EXPECT_FALSE(entries[0].is_gone());
  EXPECT_TRUE(entries[1].is_gone());
}

TEST(yjs_awareness, a_state_over_its_limit_is_too_much) {
  const std::string most(limits::awareness_state_bytes_max, ' ');
  EXPECT_TRUE(decode_awareness(encoded({{1, 1, most}})));
  const auto over = decode_awareness(encoded({{1, 1, most + " "}}));
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, errc::too_much_presence);
}

TEST(yjs_awareness, more_clients_at_once_than_a_document_shows_are_too_many) {
  std::vector<awareness_entry> most(limits::awareness_entries_max, {1, 1, "{}"});
  EXPECT_TRUE(decode_awareness(encoded(most)));
  most.push_back({1, 1, "{}"});
  const auto over = decode_awareness(encoded(most));
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, errc::too_much_presence);
}

TEST(yjs_awareness, a_count_that_cannot_be_there_takes_no_memory) {
  const auto decoded = decode_awareness(as_bytes("\xE7\x07\x01"));
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, errc::malformed_message);
}

TEST(yjs_awareness, what_is_cut_or_followed_by_more_is_refused) {
  auto data = encoded({{1, 1, "{}"}, {2, 2, "null"}});
  for (std::size_t size = 0; size < data.size(); ++size)
    EXPECT_FALSE(decode_awareness(bytes_view(data).first(size))) << size;
  data.push_back({});
  EXPECT_FALSE(decode_awareness(data));
}

RC_GTEST_PROP(yjs_awareness, what_is_encoded_is_decoded, ()) {
  const auto numbers = *rc::gen::container<std::vector<std::uint32_t>>(rc::gen::arbitrary<std::uint32_t>());
  std::vector<awareness_entry> entries;
  for (const auto number : numbers)
    entries.push_back({number, std::uint64_t{number} * 3, number % 2 == 0 ? R"({"user":"\u00e9"})" : "null"});
  RC_ASSERT(decode_awareness(encoded(entries)) == entries);
}

}  // namespace
}  // namespace quire::protocol::yjs
