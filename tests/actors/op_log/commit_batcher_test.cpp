#include "actors/op_log/commit_batcher.hpp"

#include "actors/op_log/commit_pace.hpp"
#include "protocol/limits.hpp"

#include <gtest/gtest.h>

namespace quire::actors {
namespace {

storage::append_request append_of(std::uint8_t document, std::uint64_t base, std::size_t edits, std::size_t size = 1) {
  storage::append_request request;
  request.document.id.octets[0] = document;
  request.base = revision{base};
  for (std::size_t i = 1; i <= edits; ++i) {
    storage::log_entry entry;
    entry.revision = revision{base + i};
    entry.operation = share(bytes(size));
    request.entries.push_back(entry);
  }
  return request;
}

TEST(commit_batcher, appends_of_one_document_become_one_request) {
  commit_batcher batcher;
  batcher.push(append_of(1, 0, 2));
  batcher.push(append_of(2, 0, 1));
  batcher.push(append_of(1, 2, 1));
  const auto batch = batcher.take();
  ASSERT_EQ(batch.requests.size(), 2U);
  EXPECT_EQ(batch.requests[0].entries.size(), 3U);
  EXPECT_EQ(batch.appends, (std::vector<std::uint32_t>{2, 1}));
  EXPECT_EQ(batch.edits, 4U);
  EXPECT_TRUE(batcher.is_empty());
  EXPECT_EQ(batcher.edits(), 0U);
}

TEST(commit_batcher, one_document_does_not_crowd_the_others_out) {
  commit_batcher batcher;
  for (std::uint64_t i = 0; i < 2 * limits::commit_edits_a_document_max; ++i)
    batcher.push(append_of(1, i, 1));
  batcher.push(append_of(2, 0, 1));
  const auto batch = batcher.take();
  ASSERT_EQ(batch.requests.size(), 2U);
  EXPECT_EQ(batch.requests[0].entries.size(), limits::commit_edits_a_document_max);
  const auto rest = batcher.take();
  ASSERT_EQ(rest.requests.size(), 1U);
  EXPECT_EQ(rest.requests[0].base, revision{limits::commit_edits_a_document_max});
}

TEST(commit_batcher, an_append_is_never_cut) {
  commit_batcher batcher;
  batcher.push(append_of(1, 0, limits::commit_edits_a_document_max + 10));
  EXPECT_EQ(batcher.take().edits, limits::commit_edits_a_document_max + 10);
}

TEST(commit_batcher, a_batch_is_bounded_and_nothing_is_forgotten) {
  commit_batcher batcher;
  for (std::uint8_t document = 0; document < 40; ++document)
    batcher.push(append_of(document, 0, 200));
  std::size_t edits = 0;
  std::size_t batches = 0;
  while (!batcher.is_empty()) {
    const auto batch = batcher.take();
    EXPECT_LT(batch.edits, limits::commit_edits_max + 200);
    edits += batch.edits;
    ++batches;
  }
  EXPECT_EQ(edits, 8000U);
  EXPECT_GE(batches, 4U);
}

TEST(commit_batcher, bytes_bound_a_batch_too) {
  commit_batcher batcher;
  batcher.push(append_of(1, 0, 1, limits::commit_bytes_max));
  batcher.push(append_of(2, 0, 1));
  EXPECT_EQ(batcher.take().requests.size(), 1U);
  EXPECT_EQ(batcher.take().requests.size(), 1U);
}

TEST(commit_batcher, a_new_owners_append_takes_the_place_of_the_old_ones) {
  commit_batcher batcher;
  batcher.push(append_of(1, 0, 2));
  auto renewed = append_of(1, 0, 1);
  renewed.epoch = epoch{2};
  batcher.push(renewed);
  EXPECT_EQ(batcher.edits(), 1U);
  const auto batch = batcher.take();
  ASSERT_EQ(batch.requests.size(), 1U);
  EXPECT_EQ(batch.requests[0].epoch, epoch{2});
  EXPECT_EQ(batch.requests[0].entries.size(), 1U);
  EXPECT_TRUE(batcher.is_empty());
}

TEST(commit_batcher, a_creation_without_edits_is_a_request) {
  commit_batcher batcher;
  batcher.push(append_of(1, 0, 0));
  EXPECT_FALSE(batcher.is_empty());
  EXPECT_EQ(batcher.take().requests.size(), 1U);
}

TEST(commit_pace, one_large_commit_is_as_many_as_its_bytes_fill) {
  commit_pace pace;
  pace.note(8 * 32 * limits::commit_slow, 32 * limits::commit_bytes_max);
  EXPECT_FALSE(pace.is_slow());
  pace.note(16 * limits::commit_slow, 1);
  EXPECT_TRUE(pace.is_slow());
}

}  // namespace
}  // namespace quire::actors
