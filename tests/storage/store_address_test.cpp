#include "storage/store_address.hpp"

#include "storage/op_log.hpp"

#include <gtest/gtest.h>

namespace quire::storage {
namespace {

TEST(store_address, it_is_shown_without_its_password) {
  EXPECT_EQ(without_password("postgresql://quire:s3cret@db.example:5432/quire"),
            "postgresql://quire:***@db.example:5432/quire");
  EXPECT_EQ(without_password("postgresql://quire:p@ss@db/quire?sslmode=require"),
            "postgresql://quire:***@db/quire?sslmode=require");
  EXPECT_EQ(without_password("postgresql://db/quire?user=a&password=s3cret&sslpassword=x"),
            "postgresql://db/quire?user=a&password=***&sslpassword=***");
}

TEST(store_address, what_has_none_is_shown_as_it_is) {
  for (const auto* address : {"memory", "sqlite:/var/lib/quire.db", "postgresql://quire@db:5432/quire",
                              "postgresql:///quire?host=/run/postgresql", "postgresql://[::1]:5432/quire"})
    EXPECT_EQ(without_password(address), address);
}

TEST(store_address, what_is_none_is_refused_with_the_forms_there_are) {
  for (const auto* address : {"", "mysql://db/quire", "sqlite:", "sqlite:x?vfs="}) {
    const auto opened = open_store(address);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, errc::invalid_configuration) << address;
    EXPECT_NE(opened.error().detail.find("postgresql://"), std::string::npos);
  }
  const auto opened = open_store("postgresql://db/quire?nonsense=1");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, errc::invalid_configuration);
}

}  // namespace
}  // namespace quire::storage
