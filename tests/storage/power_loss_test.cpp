#include "protocol/limits.hpp"
#include "storage/op_log.hpp"
#include "tests/fixture/power_loss_disk.hpp"
#include "tests/fixture/temporary_folder.hpp"
#include "tests/fixture/written_document.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <span>

namespace quire::storage {
namespace {

using namespace quire::fixture;  // NOLINT: the tests speak its language

using dice = std::mt19937_64;

std::uint64_t roll(dice& source, std::uint64_t sides) {
  return source() % sides;
}

/// What must be in the store of one document, and what may be because nobody can know.
struct expectation {
  explicit expectation(std::uint8_t octet) : written("document " + std::to_string(octet), id_of(octet)) {}

  written_document written;  // Its head counts what is certain only.
  bool is_created = false;
  std::vector<log_entry> certain;
  std::vector<log_entry> doubtful;  // The next, from an append in doubt: all of them or none.
  bool is_creation_doubtful = false;
  std::optional<snapshot> newest;
  std::optional<snapshot> doubtful_snapshot;
  quire::epoch least_epoch;
};

/// A store on a disk whose power fails, time after time, and what it has promised so far.
class life {
 public:
  explicit life(std::uint64_t seed) : source_(seed), disk_("power-loss") {
    for (std::uint8_t octet = 1; octet <= 4; ++octet)
      documents_.emplace_back(octet);
  }

  /// Works until the power fails, which may be at any write or sync; then all that was promised must be there.
  void live_once() {
    const bool is_long = roll(source_, 32) == 0;  // long enough for a checkpoint on the way
    disk_.fail_power_after(roll(source_, is_long ? 12'000 : 500));
    const std::uint64_t works = 1 + roll(source_, is_long ? 300 : 60);
    if (auto opened = open(); opened) {
      store_ = std::move(*opened);
      for (std::uint64_t done = 0; done < works && !disk_.is_powerless(); ++done)
        work();
      if (roll(source_, 3) != 0)
        disk_.fail_power_after(0);  // what is written at an orderly end is not to be relied on either
      store_ = {};
    }
    disk_.restore_power(static_cast<double>(roll(source_, 3)) / 2, source_());
    check();
  }

  [[nodiscard]] std::uint64_t acknowledged() const noexcept { return acknowledged_; }

 private:
  result<store> open() { return open_store("sqlite:" + (folder_.path() / "store.db").string() + "?vfs=power-loss"); }

  void work() {
    switch (roll(source_, 12)) {
      case 0: take_snapshot(); break;
      case 1: acquire(); break;
      default: append(); break;
    }
  }

  void append() {
    std::vector<append_request> requests;
    std::vector<expectation*> asked;
    for (auto& document : documents_) {
      if (!document.doubtful.empty() || document.is_creation_doubtful || roll(source_, 2) == 0)
        continue;
      const auto count = roll(source_, 6);
      requests.push_back(document.is_created ? document.written.next(count) : document.written.creation(count));
      for (auto& entry : requests.back().entries)
        entry.operation = random_operation();
      asked.push_back(&document);
    }
    const auto done = store_.log->append(requests);
    for (std::size_t index = 0; index < asked.size(); ++index)
      note(*asked[index], requests[index], done);
  }

  void note(expectation& document, const append_request& request, const result<std::vector<result<void>>>& done) {
    if (!done) {
      // Refused for good must be gone for good: then there is nothing to note.
      ASSERT_TRUE(done.error().code == errc::commit_in_doubt || done.error().code == errc::store_unavailable);
      if (done.error().code == errc::commit_in_doubt) {
        document.doubtful = request.entries;
        document.is_creation_doubtful = request.creates;
      }
      return;
    }
    document.is_created = true;
    document.certain.insert(document.certain.end(), request.entries.begin(), request.entries.end());
    document.written.set_head(document.certain.size());
    acknowledged_ += request.entries.size();
  }

  void take_snapshot() {
    auto& document = documents_[roll(source_, documents_.size())];
    if (!document.is_created)
      return;
    const snapshot taken{revision(roll(source_, document.certain.size() + 1)), 1, *random_operation()};
    const auto done = store_.log->write_snapshot(document.written.id(), document.written.epoch(), taken);
    if (document.newest && taken.revision <= document.newest->revision)
      return;
    if (done)
      document.newest = taken;
    else if (done.error().code == errc::commit_in_doubt)
      document.doubtful_snapshot = taken;
  }

  void acquire() {
    auto& document = documents_[roll(source_, documents_.size())];
    const auto done = store_.log->acquire(document.written.info().document);
    if (done && document.is_created) {
      document.written.set_epoch(done->epoch);
      document.least_epoch = done->epoch;
    }
  }

  // Mostly as small as people's edits; some that fill the write-ahead log, so that it is checkpointed on the way.
  shared_bytes random_operation() {
    const auto size = roll(source_, 10) == 0 ? roll(source_, 512 * 1024) : roll(source_, 300);
    bytes made(size);
    for (std::size_t index = 0; index < size; index += 97)
      made[index] = static_cast<std::byte>(source_());
    return share(std::move(made));
  }

  void check() {
    auto opened = open();
    ASSERT_TRUE(opened) << opened.error().detail;
    store_ = std::move(*opened);
    for (auto& document : documents_)
      check(document);
    store_ = {};
  }

  void check(expectation& document) {
    const auto found = store_.log->acquire(document.written.info().document);
    ASSERT_TRUE(found) << found.error().detail;
    if (found->exists && document.is_creation_doubtful)
      document.is_created = true;
    ASSERT_EQ(found->exists, document.is_created);
    document.is_creation_doubtful = false;
    if (!document.is_created)
      return document.doubtful.clear();
    ASSERT_GT(found->epoch, document.least_epoch);
    document.written.set_epoch(found->epoch);
    document.least_epoch = found->epoch;
    check_content(document);
  }

  void check_content(expectation& document) {
    const auto all = store_.history->read(document.written.id(), revision(0), revision(1'000'000), SIZE_MAX);
    ASSERT_TRUE(all) << all.error().detail;
    if (all->entries.size() != document.certain.size())
      document.certain.insert(document.certain.end(), document.doubtful.begin(), document.doubtful.end());
    document.doubtful.clear();
    ASSERT_TRUE(are_same(all->entries, document.certain));
    document.written.set_head(document.certain.size());

    const auto found = store_.history->load(document.written.id());
    ASSERT_TRUE(found) << found.error().detail;
    if (document.doubtful_snapshot && found->newest && found->newest->revision == document.doubtful_snapshot->revision)
      document.newest = document.doubtful_snapshot;
    document.doubtful_snapshot.reset();
    ASSERT_EQ(found->newest.has_value(), document.newest.has_value());
    if (found->newest) {
      ASSERT_EQ(found->newest->revision, document.newest->revision);
      ASSERT_EQ(found->newest->body, document.newest->body);
    }
  }

  dice source_;
  temporary_folder folder_;
  power_loss_disk disk_;
  std::vector<expectation> documents_;
  store store_;
  std::uint64_t acknowledged_ = 0;
};

RC_GTEST_PROP(power_loss, what_an_append_has_acknowledged_survives_every_power_failure, ()) {
  constexpr int failures_a_life = 4;
  life one(*rc::gen::arbitrary<std::uint64_t>());
  for (int count = 0; count < failures_a_life && !testing::Test::HasFailure(); ++count)
    one.live_once();
  RC_CLASSIFY(one.acknowledged() > 100, "more than 100 edits acknowledged");
  RC_ASSERT(!testing::Test::HasFailure());
}

/// A store on a disk that can fail in other ways.
class failing_disk : public testing::Test {
 protected:
  void SetUp() override {
    open();
    notes_.create(log(), 3);
  }

  void open() {
    auto opened = open_store("sqlite:" + (folder_.path() / "store.db").string() + "?vfs=failing");
    ASSERT_TRUE(opened) << opened.error().detail;
    store_ = std::move(*opened);
  }

  /// What is there after the power failed, with all that was written and not synced on the disk or none of it.
  [[nodiscard]] std::size_t entries_after_power_loss(double survival) {
    disk_.fail_power_after(0);
    static_cast<void>(log().append({}));
    store_ = {};
    disk_.restore_power(survival, 1);
    open();
    return store_.history->load(notes_.id()).value().tail.size();
  }

  [[nodiscard]] op_log& log() { return *store_.log; }

  temporary_folder folder_;
  power_loss_disk disk_{"failing"};
  written_document notes_{"notes", id_of(1)};
  store store_;
};

TEST_F(failing_disk, every_append_is_synced_before_it_returns) {
  for (int count = 0; count < 10; ++count) {
    const auto before = disk_.syncs();
    notes_.write(log(), 1);
    EXPECT_GT(disk_.syncs(), before);
  }
}

// One transaction: what waits while a commit runs is made durable by the next at the price of one edit.
TEST_F(failing_disk, an_append_to_twenty_documents_is_synced_as_often_as_one_to_one) {
  std::vector<written_document> documents;
  for (std::uint8_t octet = 101; octet <= 120; ++octet)
    documents.emplace_back("document " + std::to_string(octet), id_of(octet)).create(log());
  const auto syncs_of = [&](std::size_t count) {
    std::vector<append_request> requests;
    for (auto& document : std::span(documents).first(count)) {
      requests.push_back(document.next(1));
      document.set_head(document.head() + 1);
    }
    const auto before = disk_.syncs();
    const auto done = log().append(requests);
    EXPECT_TRUE(done && std::ranges::all_of(*done, [](const auto& one) { return one.has_value(); }));
    return disk_.syncs() - before;
  };
  const auto of_one = syncs_of(1);
  EXPECT_GT(of_one, 0U);
  EXPECT_EQ(syncs_of(20), of_one);
  EXPECT_EQ(syncs_of(1), of_one);
}

TEST_F(failing_disk, a_full_disk_refuses_appends_and_nothing_else_and_only_while_it_is_full) {
  for (const int code : {SQLITE_FULL, SQLITE_READONLY, SQLITE_IOERR_WRITE}) {
    disk_.fail_writes(code);
    for (int count = 0; count < 3; ++count) {
      const auto refused = code_of(append_alone(log(), notes_.next(2)));
      EXPECT_TRUE(refused == errc::store_unavailable ||
                  (code == SQLITE_IOERR_WRITE && refused == errc::commit_in_doubt));
      EXPECT_EQ(store_.history->load(notes_.id()).value().tail.size(), notes_.head());
    }
    disk_.fail_writes(SQLITE_OK);
    notes_.write(log(), 2);
  }
  EXPECT_EQ(entries_after_power_loss(0), notes_.head());
}

TEST_F(failing_disk, an_append_too_large_for_the_cache_is_undone_on_a_full_disk_as_well) {
  auto request = notes_.next(40);
  for (auto& entry : request.entries)
    entry.operation = share(bytes(512 * 1024));
  disk_.fail_writes(SQLITE_FULL);
  EXPECT_EQ(code_of(append_alone(log(), request)), errc::store_unavailable);
  disk_.fail_writes(SQLITE_OK);
  EXPECT_EQ(store_.history->load(notes_.id()).value().tail.size(), 3U);
  ASSERT_TRUE(append_alone(log(), request));
  EXPECT_EQ(entries_after_power_loss(0), 43U);
}

TEST_F(failing_disk, an_append_whose_sync_failed_once_is_undone_for_good) {
  disk_.fail_syncs(1);
  EXPECT_EQ(code_of(append_alone(log(), notes_.next(2))), errc::store_unavailable);
  EXPECT_EQ(entries_after_power_loss(1), 3U);
}

TEST_F(failing_disk, an_append_whose_sync_cannot_be_made_up_for_is_in_doubt) {
  disk_.fail_syncs(2);
  EXPECT_EQ(code_of(append_alone(log(), notes_.next(2))), errc::commit_in_doubt);
}

TEST_F(failing_disk, acquiring_settles_a_doubt) {
  disk_.fail_syncs(2);
  ASSERT_EQ(code_of(append_alone(log(), notes_.next(2))), errc::commit_in_doubt);
  const auto found = log().acquire(notes_.info().document);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->head, revision(3));
  EXPECT_EQ(entries_after_power_loss(1), 3U);
}

TEST_F(failing_disk, a_load_that_cannot_be_read_says_so_and_works_when_it_can) {
  const auto large = share(bytes(64 * 1024));
  auto request = notes_.next(1);
  request.entries[0].operation = large;
  ASSERT_TRUE(append_alone(log(), request));
  disk_.fail_reads(SQLITE_IOERR_READ);
  EXPECT_EQ(code_of(store_.history->load(notes_.id())), errc::store_unavailable);
  disk_.fail_reads(SQLITE_OK);
  EXPECT_EQ(store_.history->load(notes_.id()).value().tail.size(), 4U);
}

}  // namespace
}  // namespace quire::storage
