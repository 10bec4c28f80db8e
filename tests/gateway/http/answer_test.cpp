#include "gateway/http/answer.hpp"

#include <gtest/gtest.h>

namespace quire::gateway::http {

TEST(answer, a_date_is_as_http_has_it) {
  EXPECT_EQ(date_text(784'111'777), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(answer, an_error_has_its_name_and_its_remedy_and_the_status_of_its_table) {
  const auto made = refusal({errc::sequence_gap, "say \"2\" next"});
  EXPECT_EQ(made.status, status::conflict);
  EXPECT_EQ(as_text(*made.body),
            "{\"detail\":\"say \\\"2\\\" next\",\"error\":\"sequence_gap\",\"remedy\":\"resend\"}\n");
}

TEST(answer, whoever_is_refused_for_now_is_told_to_come_back) {
  EXPECT_EQ(refusal({errc::overloaded, ""}).fields[field::retry_after], "1");
}

}  // namespace quire::gateway::http
