#include "protocol/msgpack_reader.hpp"

#include "protocol/limits.hpp"

#include <gtest/gtest.h>
#include <msgpack/null_visitor.hpp>
#include <msgpack/unpack.hpp>
#include <rapidcheck/gtest.h>
#include <span>
#include <string>
#include <vector>

namespace quire::protocol {
namespace {

using namespace std::string_literals;

TEST(msgpack_reader, stands_still_after_a_failure) {
  const auto data = "\xA5short"s.substr(0, 4);
  msgpack_reader reader{as_bytes(data)};
  std::string_view text;
  std::uint64_t number = 0;
  EXPECT_EQ(reader.read_text(text), reading::cut_off);
  EXPECT_EQ(reader.read_unsigned(number), reading::other_kind);
  EXPECT_EQ(reader.skip(1), reading::cut_off);
  EXPECT_EQ(reader.rest().size(), data.size());
}

TEST(msgpack_reader, reads_a_map_by_its_pairs_and_none_that_cannot_be_there) {
  msgpack_reader reader{as_bytes("\x81\xA1k\x05")};
  std::uint32_t pairs = 0;
  std::string_view key;
  std::uint64_t value = 0;
  EXPECT_EQ(reader.read_array(pairs), reading::other_kind);
  EXPECT_EQ(reader.read_map(pairs), reading::good);
  EXPECT_EQ(pairs, 1U);
  EXPECT_EQ(reader.read_text(key), reading::good);
  EXPECT_EQ(reader.read_unsigned(value), reading::good);
  EXPECT_TRUE(reader.rest().empty());
  EXPECT_EQ(msgpack_reader(as_bytes("\xDF\xFF\xFF\xFF\xFF\x01\x01")).read_map(pairs), reading::cut_off);
}

TEST(msgpack_reader, skips_each_kind_of_value_whole) {
  const std::vector<std::string> values{"\xC0"s,
                                        "\xC2"s,
                                        "\x7F"s,
                                        "\xE0"s,
                                        "\xCC\x01"s,
                                        "\xCD\x01\x02"s,
                                        "\xCE\x01\x02\x03\x04"s,
                                        "\xCF"
                                        "12345678"s,
                                        "\xD0\x81"s,
                                        "\xD1\x81\x02"s,
                                        "\xD2\x81\x02\x03\x04"s,
                                        "\xD3"
                                        "12345678"s,
                                        "\xCA"
                                        "1234"s,
                                        "\xCB"
                                        "12345678"s,
                                        "\xA3"
                                        "abc"s,
                                        "\xD9\x03"
                                        "abc"s,
                                        "\xDA\x00\x03"
                                        "abc"s,
                                        "\xDB\x00\x00\x00\x03"
                                        "abc"s,
                                        "\xC4\x03"
                                        "abc"s,
                                        "\xC5\x00\x03"
                                        "abc"s,
                                        "\xC6\x00\x00\x00\x03"
                                        "abc"s,
                                        "\xD4t1"s,
                                        "\xD5t12"s,
                                        "\xD6t1234"s,
                                        "\xD7t12345678"s,
                                        "\xD8t1234567812345678"s,
                                        "\xC7\x03t123"s,
                                        "\xC8\x00\x03t123"s,
                                        "\xC9\x00\x00\x00\x03t123"s,
                                        "\x90"s,
                                        "\x80"s,
                                        "\x92\x01\x91\x02"s,
                                        "\x82\x01\x91\x02\x03\x80"s,
                                        "\xDC\x00\x01\x05"s,
                                        "\xDD\x00\x00\x00\x01\x05"s,
                                        "\xDE\x00\x01\x05\x06"s,
                                        "\xDF\x00\x00\x00\x01\x05\x06"s};
  for (const auto& value : values) {
    const auto data = value + "next";
    msgpack_reader reader{as_bytes(data)};
    EXPECT_EQ(reader.skip(limits::nesting_max), reading::good) << testing::PrintToString(value);
    EXPECT_EQ(as_text(reader.rest()), "next") << testing::PrintToString(value);
    for (std::size_t length = 0; length < value.size(); ++length) {
      msgpack_reader cut{as_bytes(std::string_view{value}.substr(0, length))};
      EXPECT_EQ(cut.skip(limits::nesting_max), reading::cut_off) << testing::PrintToString(value);
    }
  }
}

TEST(msgpack_reader, counts_that_the_bytes_left_cannot_hold_are_cut_off) {
  for (const auto& data : {"\xDD\xFF\xFF\xFF\xFF\x01"s, "\xDF\xFF\xFF\xFF\xFF\x01"s, "\xDF\x80\x00\x00\x00\x01"s,
                           "\xC9\xFF\xFF\xFF\xFF\x01"s, "\xC6\xFF\xFF\xFF\xFF\x01"s, "\x81\x01"s}) {
    msgpack_reader reader{as_bytes(data)};
    EXPECT_EQ(reader.skip(limits::nesting_max), reading::cut_off);
  }
}

TEST(msgpack_reader, the_levels_allowed_count_every_container_even_an_empty_one) {
  const auto data = "\x91\x91\x90"s;
  EXPECT_EQ(msgpack_reader{as_bytes(data)}.skip(3), reading::good);
  EXPECT_EQ(msgpack_reader{as_bytes(data)}.skip(2), reading::too_deep);
  EXPECT_EQ(msgpack_reader{as_bytes("\x90"s)}.skip(0), reading::too_deep);
  EXPECT_EQ(msgpack_reader{as_bytes("\x05"s)}.skip(0), reading::good);
}

RC_GTEST_PROP(msgpack_reader, agrees_with_msgpack_c_about_where_a_value_ends, (const std::vector<std::uint8_t>& data)) {
  msgpack_reader reader{std::as_bytes(std::span{data})};
  const auto went = reader.skip(limits::nesting_max);
  RC_PRE(went == reading::good);
  std::size_t end = 0;
  msgpack::null_visitor nobody;
  RC_ASSERT(msgpack::parse(reinterpret_cast<const char*>(data.data()), data.size(), end, nobody));
  RC_ASSERT(end == data.size() - reader.rest().size());
}

}  // namespace
}  // namespace quire::protocol
