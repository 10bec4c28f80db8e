#include "actors/document/client_records.hpp"

#include "actors/document/snapshot_envelope.hpp"
#include "protocol/limits.hpp"
#include "tests/fixture/one_document.hpp"

#include <gtest/gtest.h>

namespace quire::actors {
namespace {

using namespace fixture;

/// None of them is one of the fixture's `client(n)`.
client_id stranger(std::size_t number) {
  client_id id;
  id.octets = {0xFF, static_cast<std::uint8_t>(number >> 16U), static_cast<std::uint8_t>(number >> 8U),
               static_cast<std::uint8_t>(number)};
  return id;
}

client_records records_of(std::size_t clients) {
  client_records records;
  for (std::size_t i = 0; i < clients; ++i)
    records.set(stranger(i), {client_sequence{1}, revision{}, 7, {}});
  return records;
}

TEST(client_records, a_document_takes_as_many_clients_as_its_bound_and_no_more) {
  auto records = records_of(limits::clients_a_document_max - 1);
  EXPECT_EQ(records.standing(client(1), client_sequence{1}, 9), edit_standing::next);
  records.set(client(1), {client_sequence{1}, revision{1}, 9, {}});
  EXPECT_EQ(records.standing(client(2), client_sequence{1}, 9), edit_standing::too_many_clients);
  EXPECT_EQ(records.standing(client(1), client_sequence{2}, 9), edit_standing::next);
  EXPECT_EQ(records.standing(stranger(0), client_sequence{1}, 7), edit_standing::repeated);
}

class crowded_document : public one_document {};

TEST_F(crowded_document, at_its_bound_of_clients_a_new_one_is_refused_and_a_known_one_is_not) {
  snapshot_envelope envelope{
    types::find_type("text")->snapshot_format, records_of(limits::clients_a_document_max - 1), {}};
  types::find_type("text")->create({})->write_snapshot(envelope.state);
  kept = storage::snapshot{revision{}, envelope_format, seal(envelope)};
  exists = true;
  info.type = "text";
  open();
  submit(1, 1, 0, insert_at(0, "a"));
  EXPECT_TRUE(answers.empty());
  submit(2, 1, 0, insert_at(0, "b"));
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].refusal->code, errc::too_many_clients);
  submit(1, 2, 1, insert_at(1, "c"));
  commit();
  EXPECT_EQ(text(), "ac");
}

}  // namespace
}  // namespace quire::actors
