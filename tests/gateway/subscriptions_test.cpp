#include "gateway/subscriptions.hpp"

#include "protocol/limits.hpp"

#include <gtest/gtest.h>

namespace quire::gateway {

namespace {

constexpr document_number here(1);
constexpr document_number there(2);

std::shared_ptr<relay_lane> lane() {
  return std::make_shared<relay_lane>();
}

void send(subscriptions& open, document_number document, std::uint32_t count, std::size_t size = 1) {
  for (std::uint32_t sent = 0; sent < count; ++sent)
    open.sent(*open.find(document), size);
}

}  // namespace

TEST(subscriptions, credit_is_shared_by_all_documents_of_a_connection) {
  subscriptions open;
  open.begin(here, lane());
  open.begin(there, lane());
  send(open, here, limits::edits_in_flight_max - 1);
  EXPECT_TRUE(open.has_credit());
  send(open, there, 1);
  EXPECT_FALSE(open.has_credit());
  open.settled(here, 1, 1);
  EXPECT_TRUE(open.has_credit());
}

TEST(subscriptions, few_large_edits_use_the_credit_up_too) {
  subscriptions open;
  open.begin(here, lane());
  send(open, here, 1, limits::edit_bytes_in_flight_max);
  EXPECT_FALSE(open.has_credit());
}

TEST(subscriptions, a_document_that_ends_gives_its_credit_back) {
  subscriptions open;
  open.begin(here, lane());
  send(open, here, limits::edits_in_flight_max);
  open.end(here);
  EXPECT_TRUE(open.has_credit());
  EXPECT_EQ(open.find(here), nullptr);
}

TEST(subscriptions, answers_to_what_was_sent_before_a_resync_give_no_credit_twice) {
  subscriptions open;
  open.begin(here, lane());
  open.begin(there, lane());
  send(open, here, 5);
  open.lapse(*open.find(here));
  EXPECT_TRUE(open.find(here)->is_lapsed);
  open.begin(here, lane());
  EXPECT_FALSE(open.find(here)->is_lapsed);
  send(open, there, limits::edits_in_flight_max);
  open.settled(here, 5, 5);
  EXPECT_FALSE(open.has_credit());
}

TEST(subscriptions, those_that_lapsed_are_forgotten_and_others_keep_what_they_have_in_flight) {
  subscriptions open;
  open.begin(here, lane());
  open.begin(there, lane());
  send(open, there, limits::edits_in_flight_max);
  open.lapse(*open.find(here));
  open.forget_lapsed();
  EXPECT_EQ(open.find(here), nullptr);
  EXPECT_EQ(open.all().size(), 1U);
  EXPECT_FALSE(open.has_credit());
}

}  // namespace quire::gateway
