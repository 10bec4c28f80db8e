#include "storage/op_log/postgresql.hpp"
#include "tests/fixture/postgresql_proxy.hpp"
#include "tests/fixture/throwaway_postgresql.hpp"
#include "tests/fixture/written_document.hpp"

#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <algorithm>
#include <future>
#include <random>
#include <thread>

namespace quire::storage {
namespace {

using namespace quire::fixture;

constexpr std::size_t tries_in_an_outage = 3;
constexpr std::size_t connections_max = 40;

/// A store on a PostgreSQL of its own, which is about to fail.
class outage : public testing::Test {
 protected:
  outage() {
    auto opened = open_postgresql(server_.address());
    EXPECT_TRUE(opened) << opened.error().detail;
    store_ = std::move(*opened);
    notes_.create(lane(), 3);
    // Each of its connections has been used.
    EXPECT_TRUE(store_.log->acquire({"default", "another"}));
    EXPECT_TRUE(store_.history->load(notes_.id()));
  }

  op_log& lane() { return *store_.lanes.front(); }

  /// Neither acknowledged nor refused, however often it is tried.
  void expect_unknown(const append_request& request) {
    for (std::size_t i = 0; i < tries_in_an_outage; ++i)
      EXPECT_EQ(code_of(append_alone(lane(), request)), errc::store_unavailable);
  }
  void expect_no_opens() {
    for (std::size_t i = 0; i < tries_in_an_outage; ++i) {
      EXPECT_EQ(code_of(store_.log->acquire(notes_.info().document)), errc::store_unavailable);
      EXPECT_EQ(code_of(store_.history->load(notes_.id())), errc::store_unavailable);
    }
  }

  /// The same append succeeds at once, and is in the log once; the next one and an open do, too.
  void expect_carried_on(const append_request& request) {
    const auto done = append_alone(lane(), request);
    EXPECT_TRUE(done) << done.error().detail;
    expect_sound(request);
  }
  void expect_sound(const append_request& last) {
    notes_.set_head(notes_.head() + last.entries.size());
    notes_.write(lane(), 1);
    const auto head = std::to_string(notes_.head());
    EXPECT_EQ(server_.sql("SELECT count(*), min(seq), max(seq) FROM op_log"), head + "|1|" + head);
    EXPECT_EQ(server_.sql("SELECT head_seq FROM doc_head"), head);
    const auto acquired = store_.log->acquire(notes_.info().document);
    ASSERT_TRUE(acquired) << acquired.error().detail;
    EXPECT_EQ(acquired->head.value(), notes_.head());
    const auto loaded = store_.history->load(notes_.id());
    ASSERT_TRUE(loaded) << loaded.error().detail;
    EXPECT_TRUE(are_same(loaded->tail, edits(0, notes_.head())));
  }

  /// Appends until that fails; what did not succeed.
  template <class Next>
  append_request fill(written_document& document, Next next) {
    for (;;) {
      auto request = next();
      if (!append_alone(lane(), request))
        return request;
      document.set_head(document.head() + request.entries.size());
    }
  }

  /// As the op log does.
  void append_until_done(const append_request& request) {
    for (;;) {
      const auto done = append_alone(lane(), request);
      if (done)
        return;
      ASSERT_EQ(done.error().code, errc::store_unavailable) << done.error().detail;
    }
  }

  throwaway_postgresql server_;
  store store_;
  written_document notes_{"notes", id_of(1)};
};

TEST_F(outage, a_server_that_is_stopped_is_waited_for) {
  const auto request = notes_.next(2);
  server_.stop();
  expect_unknown(request);
  expect_no_opens();
  server_.start();
  expect_carried_on(request);
}

TEST_F(outage, a_server_that_is_killed_is_waited_for) {
  const auto request = notes_.next(2);
  server_.kill();
  expect_unknown(request);
  expect_no_opens();
  server_.start();
  expect_carried_on(request);
}

TEST_F(outage, a_server_that_was_restarted_meanwhile_costs_each_connection_that_writes_one_try) {
  server_.stop();
  server_.start();
  const auto request = notes_.next(2);
  EXPECT_EQ(code_of(append_alone(lane(), request)), errc::store_unavailable);
  EXPECT_EQ(code_of(store_.log->acquire(notes_.info().document)), errc::store_unavailable);
  EXPECT_TRUE(store_.history->load(notes_.id())) << "reading connects anew before it fails";
  expect_carried_on(request);
}

TEST_F(outage, a_server_that_an_operator_made_read_only_is_not_written_to) {
  const auto set = [this](const std::string& to) {
    server_.sql("ALTER SYSTEM SET default_transaction_read_only = " + to);
    server_.sql("SELECT pg_reload_conf()");
  };
  set("on");
  const auto request = fill(notes_, [this] { return notes_.next(2); });
  expect_unknown(request);
  while (store_.log->acquire({"default", "another"})) {
  }
  EXPECT_EQ(code_of(store_.log->acquire(notes_.info().document)), errc::store_unavailable);
  EXPECT_TRUE(store_.history->load(notes_.id())) << "reading goes on";
  set("off");
  append_until_done(request);
  while (!store_.log->acquire({"default", "another"})) {
  }
  expect_sound(request);
}

TEST_F(outage, a_server_without_a_free_connection_is_waited_for) {
  struct closer {
    void operator()(PGconn* open) const { PQfinish(open); }
  };
  std::vector<std::unique_ptr<PGconn, closer>> others;
  const auto take_all = [&] {
    for (;;) {
      std::unique_ptr<PGconn, closer> one(PQconnectdb(server_.address().c_str()));
      if (PQstatus(one.get()) != CONNECTION_OK)
        return;
      others.push_back(std::move(one));
    }
  };
  const auto request = notes_.next(2);
  take_all();
  PQclear(
    PQexec(others.front().get(),
           "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name LIKE '%/single/%'"));
  take_all();
  EXPECT_EQ(others.size(), connections_max);
  expect_unknown(request);
  expect_no_opens();
  others.clear();
  while (PQping(server_.address().c_str()) != PQPING_OK || server_.sql("SELECT 1") != "1") {
  }
  expect_carried_on(request);
}

TEST_F(outage, a_server_whose_disk_is_full_is_waited_for) {
  constexpr std::size_t megabyte = 1024 * 1024;
  // More than a segment of the WAL, and not at the end of a block.
  constexpr std::size_t file_bytes_max = 20 * megabyte + 4096;
  server_.limit_files(file_bytes_max);
  std::mt19937 random(1);
  written_document big("big", id_of(2));
  big.create(lane());
  const auto request = fill(big, [&] {
    auto made = big.next(1);
    bytes body(megabyte);  // That no compression makes smaller.
    std::ranges::generate(body, [&] { return static_cast<std::byte>(random() & 0xFF); });
    made.entries.front().operation = share(std::move(body));
    return made;
  });
  EXPECT_LT(big.head() * megabyte, file_bytes_max) << "it is in one file";
  EXPECT_NE(append_alone(lane(), request).error().detail.find("53100"), std::string::npos) << "disk_full";
  expect_unknown(request);
  EXPECT_TRUE(store_.history->load(notes_.id())) << "reading goes on";
  server_.free_files();
  const auto done = append_alone(lane(), request);
  EXPECT_TRUE(done) << done.error().detail;
  const auto loaded = store_.history->load(big.id());
  ASSERT_TRUE(loaded) << loaded.error().detail;
  EXPECT_EQ(loaded->tail.size(), big.head() + 1);
  EXPECT_TRUE(is_same(loaded->tail.back(), request.entries.front()));
}

TEST_F(outage, a_server_that_is_slow_is_waited_for) {
  postgresql_proxy proxy(server_.socket());
  store_ = {};
  auto slow = open_postgresql(proxy.through(server_.address()));
  ASSERT_TRUE(slow) << slow.error().detail;
  store_ = std::move(*slow);
  ASSERT_TRUE(store_.log->acquire(notes_.info().document));
  notes_.set_epoch(notes_.epoch().next());
  const auto request = notes_.next(2);
  proxy.harm_next_append({append_fault::kind::reply_late});
  auto answer = std::async(std::launch::async, [&] { return append_alone(lane(), request); });
  while (!proxy.has_harmed())
    std::this_thread::yield();
  EXPECT_EQ(answer.wait_for(std::chrono::seconds(0)), std::future_status::timeout) << "not before it knows";
  proxy.release();
  const auto done = answer.get();
  EXPECT_TRUE(done) << done.error().detail;
  notes_.set_head(5);
  expect_carried_on(notes_.next(1));
}

}  // namespace
}  // namespace quire::storage
