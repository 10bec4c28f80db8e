#include "storage/op_log/postgresql/connection.hpp"
#include "tests/fixture/throwaway_postgresql.hpp"

#include <gtest/gtest.h>

namespace quire::storage::postgresql {
namespace {

using namespace std::chrono_literals;

constexpr statement take_a_second{"take_a_second", "SELECT length($1::bytea), pg_sleep(1)::text"};

TEST(postgresql_connection, what_is_large_may_take_longer_and_what_follows_it_may_not) {
  auto made = connection::open(fixture::throwaway_postgresql::shared().address(), "test", 200ms);
  ASSERT_TRUE(made);
  EXPECT_TRUE(made->run(take_a_second, parameters::of(bytes(30 * 1024 * 1024))));
  const auto late = made->run(take_a_second, parameters::of(bytes(1)));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, errc::commit_in_doubt);
  EXPECT_TRUE(made->is_lost());
}

TEST(postgresql_connection, so_may_what_is_sent_with_something_large) {
  auto made = connection::open(fixture::throwaway_postgresql::shared().address(), "test", 200ms);
  ASSERT_TRUE(made);
  EXPECT_TRUE(
    made->run({{&take_a_second, parameters::of(bytes(30 * 1024 * 1024))}, {&take_a_second, parameters::of(bytes(1))}}));
  EXPECT_EQ(made->run({{&take_a_second, parameters::of(bytes(1))}}).error().code, errc::commit_in_doubt);
}

}  // namespace
}  // namespace quire::storage::postgresql
