#include "storage/op_log/postgresql.hpp"
#include "tests/fixture/throwaway_postgresql.hpp"
#include "tests/fixture/written_document.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace quire::storage {
namespace {

using namespace quire::fixture;

constexpr std::size_t megabyte = 1024 * 1024;

TEST(full_wal, nothing_acknowledged_is_lost_the_engine_says_why_and_goes_on_when_there_is_room) {
  throwaway_postgresql server;
  server.restart_with(QUIRE_FULL_WAL_DISK);
  auto opened = open_postgresql(server.address());
  ASSERT_TRUE(opened) << opened.error().detail;
  auto& lane = *opened->lanes.front();
  written_document big("big", id_of(1));
  big.create(lane, 2);

  server.fill_wal();
  std::mt19937 random(1);
  append_request request;
  for (;;) {
    request = big.next(1);
    bytes body(megabyte);  // That no compression makes smaller.
    std::ranges::generate(body, [&] { return static_cast<std::byte>(random() & 0xFF); });
    request.entries.front().operation = share(std::move(body));
    const auto done = append_alone(lane, request);
    if (!done) {
      EXPECT_EQ(done.error().code, errc::store_unavailable);
      EXPECT_NE(done.error().detail.find("No space left on device"), std::string::npos) << done.error().detail;
      break;
    }
    big.set_head(big.head() + 1);
  }
  EXPECT_EQ(code_of(append_alone(lane, request)), errc::store_unavailable);

  server.free_wal();
  auto done = append_alone(lane, request);
  while (!done && done.error().code == errc::store_unavailable) {
    server.start();  // It gives up when it cannot even recover; if it has not, this does nothing.
    done = append_alone(lane, request);
  }
  ASSERT_TRUE(done) << done.error().detail;
  const auto loaded = opened->history->load(big.id());
  ASSERT_TRUE(loaded) << loaded.error().detail;
  ASSERT_EQ(loaded->tail.size(), big.head() + 1);
  EXPECT_TRUE(is_same(loaded->tail.back(), request.entries.front()));
}

}  // namespace
}  // namespace quire::storage
