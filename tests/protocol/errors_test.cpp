#include "protocol/errors.hpp"

#include <gtest/gtest.h>

namespace quire {
namespace {

bool is_permanent(const error_description& row) {
  return row.close_code >= 4400 && row.close_code <= 4499;
}

TEST(errors, a_remedy_that_tries_again_never_has_a_permanent_close_code) {
  for (int number = 1; number <= static_cast<int>(errc::too_many_clients); ++number) {
    const auto& row = describe(static_cast<errc>(number));
    if (row.remedy == remedy::retry || row.remedy == remedy::resend) {
      EXPECT_FALSE(is_permanent(row)) << row.name;
    }
  }
}

TEST(errors, an_unknown_number_is_described_as_our_mistake) {
  EXPECT_EQ(describe(static_cast<errc>(0)).code, errc::internal);
  EXPECT_EQ(describe(static_cast<errc>(255)).code, errc::internal);
}

}  // namespace
}  // namespace quire
