#include "tests/storage/contract/op_log_contract.hpp"

#include <thread>

namespace quire::storage {

TEST_P(op_log_contract, history_is_read_in_pages_of_at_most_so_many_bytes) {
  notes_.create(log(), 9);  // of eleven bytes each
  std::vector<log_entry> found;
  int pages = 0;
  for (bool is_complete = false; !is_complete; ++pages) {
    auto page = past().read(notes_.id(), revision(found.size()), revision(9), 35);
    ASSERT_TRUE(page);
    EXPECT_LE(page->entries.size(), 3U);
    found.insert(found.end(), page->entries.begin(), page->entries.end());
    is_complete = page->is_complete;
  }
  EXPECT_EQ(pages, 3);
  EXPECT_TRUE(are_same(found, edits(0, 9)));
}

TEST_P(op_log_contract, a_page_has_at_least_one_entry) {
  notes_.create(log(), 3);
  const auto page = past().read(notes_.id(), revision(1), revision(3), 0);
  ASSERT_TRUE(page);
  EXPECT_FALSE(page->is_complete);
  EXPECT_TRUE(are_same(page->entries, edits(1, 2)));
}

TEST_P(op_log_contract, history_ends_at_the_revision_asked_for_or_at_the_head) {
  notes_.create(log(), 5);
  const auto middle = past().read(notes_.id(), revision(1), revision(3), 1'000);
  const auto beyond = past().read(notes_.id(), revision(3), revision(99), 1'000);
  const auto nothing = past().read(notes_.id(), revision(5), revision(99), 1'000);
  const auto backwards = past().read(notes_.id(), revision(4), revision(2), 1'000);
  ASSERT_TRUE(middle && beyond && nothing && backwards);
  EXPECT_TRUE(are_same(middle->entries, edits(1, 3)));
  EXPECT_TRUE(are_same(beyond->entries, edits(3, 5)));
  for (const auto* page : {&*middle, &*beyond, &*nothing, &*backwards})
    EXPECT_TRUE(page->is_complete);
  EXPECT_TRUE(nothing->entries.empty() && backwards->entries.empty());
}

TEST_P(op_log_contract, history_older_than_the_newest_snapshot_is_still_read) {
  notes_.create(log(), 5);
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(4), 1, to_bytes("state")}));
  const auto page = past().read(notes_.id(), revision(0), revision(5), 1'000);
  ASSERT_TRUE(page);
  EXPECT_TRUE(are_same(page->entries, edits(0, 5)));
}

TEST_P(op_log_contract, the_reading_side_sees_what_was_committed_before_the_call) {
  notes_.create(log());
  for (std::uint64_t count = 1; count <= 20; ++count) {
    notes_.write(log(), 1);
    ASSERT_EQ(load(notes_).tail.size(), count);
  }
}

TEST_P(op_log_contract, one_thread_reads_while_another_appends) {
  constexpr std::uint64_t commits = 100;
  notes_.create(log());
  const std::jthread writing([this] {
    for (std::uint64_t count = 0; count < commits; ++count)
      notes_.write(log(), 1);
  });
  std::size_t seen = 0;
  while (seen < commits && !HasFailure()) {
    const auto found = past().load(id_of(1));
    ASSERT_TRUE(found) << found.error().detail;
    ASSERT_GE(found->tail.size(), seen);
    seen = found->tail.size();
    ASSERT_TRUE(are_same(found->tail, edits(0, seen)));
  }
}

}  // namespace quire::storage
