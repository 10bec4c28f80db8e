#include "protocol/yjs/close_codes.hpp"

#include "protocol/errors.hpp"

#include <gtest/gtest.h>

namespace quire::protocol::yjs {
namespace {

template <class Check>
void for_each_error(Check check) {
  for (int number = 1; number <= static_cast<int>(errc::too_many_clients); ++number)
    check(describe(static_cast<errc>(number)));
}

bool stops_y_websocket(errc why) {
  const auto code = close_code(why, dialect::y_websocket);
  return code >= 4400 && code <= 4499;
}

TEST(provider_close_codes, what_another_attempt_mends_stops_no_client_of_y_websocket) {
  for_each_error([](const error_description& row) {
    if (row.remedy == remedy::retry || row.remedy == remedy::resend) {
      EXPECT_FALSE(stops_y_websocket(row.code)) << row.name;
    }
  });
  EXPECT_FALSE(stops_y_websocket(errc::future_revision));
}

TEST(provider_close_codes, what_nothing_mends_stops_a_client_of_y_websocket) {
  for (const auto why : {errc::unauthenticated, errc::forbidden, errc::malformed_message, errc::type_mismatch,
                         errc::document_too_large, errc::invalid_name, errc::malformed_operation})
    EXPECT_TRUE(stops_y_websocket(why)) << describe(why).name;
}

TEST(provider_close_codes, hocuspocus_gets_its_own_and_else_what_makes_it_sync_anew) {
  const auto code_of = [](errc why) { return close_code(why, dialect::hocuspocus); };
  EXPECT_EQ(code_of(errc::unauthenticated), 4401);
  EXPECT_EQ(code_of(errc::forbidden), 4403);
  EXPECT_EQ(code_of(errc::message_too_large), 1009);
  EXPECT_EQ(code_of(errc::silent), 4408);
  EXPECT_EQ(code_of(errc::hello_timeout), 4408);
  EXPECT_EQ(code_of(errc::slow_reader), 1013);
  EXPECT_EQ(code_of(errc::shutting_down), 1012);
  EXPECT_EQ(code_of(errc::malformed_message), 4205);
  EXPECT_EQ(code_of(errc::not_here), 4205);
}

TEST(provider_close_codes, a_code_may_be_sent) {
  for_each_error([](const error_description& row) {
    for (const auto of : {dialect::y_websocket, dialect::hocuspocus}) {
      const auto code = close_code(row.code, of);
      EXPECT_TRUE((code >= 1009 && code <= 1013) || (code >= 4000 && code <= 4999)) << row.name;
    }
  });
}

}  // namespace
}  // namespace quire::protocol::yjs
