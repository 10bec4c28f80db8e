#include "protocol/codec.hpp"

#include "tests/protocol/golden_frames.hpp"

#include <gtest/gtest.h>
#include <numeric>
#include <set>

namespace quire::protocol {
namespace {

client_id golden_client() {
  client_id id;
  std::iota(id.octets.begin(), id.octets.end(), std::uint8_t{0});
  return id;
}

const auto insert_hi = from_hex("92 05 a2 6869");
const auto cursor = from_hex("92 02 02");
const auto state = from_hex("81 a4 6e616d65 a3 416461");
constexpr document_number seven{7};

const std::map<std::string, client_message> client_messages{
  {"hello", hello{1, 1, golden_client(), "", {}, "example/1.0"}},
  {"open", open{1, {"default", "notes"}, "text", {}}},
  {"open_since", open{2, {"default", "notes"}, "text", position{generation{1}, revision{42}}}},
  {"edit", edit{seven, client_sequence{1}, revision{42}, insert_hi}},
  {"presence_update", presence_update{seven, revision{42}, cursor, state}},
  {"close", close{seven}},
  {"ping", ping{1'000}},
  {"pong", pong{1'000}},
};

const std::map<std::string, server_message> server_messages{
  {"welcome", welcome{1, {2'097'152, 1'048'576, 256, 32, 4'096}, from_hex("f0e1d2c3"), std::chrono::seconds{5}}},
  {"opened", opened{1, seven, generation{1}, revision{42}, "text", client_sequence{0}, presence_id{3}}},
  {"snapshot_part", snapshot_part{seven, revision{42}, true, to_bytes("hello")}},
  {"edits", edits{seven, revision{43}, {{golden_client(), client_sequence{1}, share(bytes{insert_hi})}}}},
  {"ack", ack{seven, client_sequence{1}, revision{43}}},
  {"nack", nack{seven, client_sequence{3}, errc::sequence_gap, "sequence 2 must come first", client_sequence{2}, {}}},
  {"presence_changes", presence_changes{seven, {{presence_id{3}, golden_client(), cursor, state}}}},
  {"closed", closed{seven, errc::document_deleted, "it was deleted"}},
  {"resync", resync{seven}},
  {"bye", bye{errc::shutting_down, "", std::chrono::milliseconds{1'500}}},
  {"failure", failure{1, errc::invalid_name, "the document's name is empty", {}}},
  {"ping", ping{1'000}},
  {"pong", pong{1'000}},
};

template <class Message>
void expect_golden(const std::map<std::string, Message>& messages, std::string_view side,
                   result<Message> (*decode)(bytes_view&)) {
  std::set<std::size_t> kinds;
  std::set<std::string> names;
  for (const auto& [name, message] : messages) {
    SCOPED_TRACE(name);
    kinds.insert(message.index());
    names.insert(name);
    const auto frames = golden_frames();
    ASSERT_TRUE(frames.contains(name));
    bytes data;
    encode(message, data);
    EXPECT_EQ(data, frames.at(name).data);
    bytes_view frame{frames.at(name).data};
    EXPECT_EQ(decode(frame), message);
    EXPECT_TRUE(frame.empty());
  }
  EXPECT_EQ(kinds.size(), std::variant_size_v<Message>) << "a kind of message has no golden frame";
  for (const auto& [name, frame] : golden_frames())
    EXPECT_EQ(names.contains(name), frame.from == side || frame.from == "both") << name;
}

TEST(golden, every_message_of_a_client_has_the_bytes_that_were_published) {
  expect_golden(client_messages, "client", &decode_client_message);
}

TEST(golden, every_message_of_a_server_has_the_bytes_that_were_published) {
  expect_golden(server_messages, "server", &decode_server_message);
}

}  // namespace
}  // namespace quire::protocol
