#include "protocol/errors.hpp"

#include <gtest/gtest.h>

namespace quire {
namespace {

bool is_permanent(const error_description& row) {
  return row.close_code >= 4400 && row.close_code <= 4499;
}

bool is_transient(const error_description& row) {
  return (row.close_code >= 4500 && row.close_code <= 4599) || (row.close_code >= 1011 && row.close_code <= 1013);
}

TEST(errors, a_remedy_that_tries_again_never_has_a_permanent_close_code) {
  for (int number = 1; number <= static_cast<int>(errc::history_trimmed); ++number) {
    const auto& row = describe(static_cast<errc>(number));
    if (row.remedy == remedy::retry || row.remedy == remedy::resend) {
      EXPECT_FALSE(is_permanent(row)) << row.name;
    }
  }
}

TEST(errors, every_close_code_says_by_its_range_whether_to_come_back) {
  for (int number = 1; number <= static_cast<int>(errc::history_trimmed); ++number) {
    const auto& row = describe(static_cast<errc>(number));
    EXPECT_TRUE(is_permanent(row) || is_transient(row)) << row.name << ": " << row.close_code;
  }
}

TEST(errors, an_error_of_the_connection_that_nothing_helps_has_a_permanent_close_code) {
  // These keep a process from starting: no client ever sees them.
  const auto is_of_the_start = [](errc code) {
    return code == errc::schema_mismatch || code == errc::store_locked || code == errc::invalid_configuration;
  };
  for (int number = 1; number <= static_cast<int>(errc::history_trimmed); ++number) {
    const auto& row = describe(static_cast<errc>(number));
    if (!is_of_the_start(row.code) && (row.remedy == remedy::give_up || row.remedy == remedy::reauthenticate)) {
      EXPECT_TRUE(is_permanent(row)) << row.name;
    }
  }
}

TEST(errors, an_unknown_number_is_described_as_our_mistake) {
  EXPECT_EQ(describe(static_cast<errc>(0)).code, errc::internal);
  EXPECT_EQ(describe(static_cast<errc>(255)).code, errc::internal);
}

}  // namespace
}  // namespace quire
