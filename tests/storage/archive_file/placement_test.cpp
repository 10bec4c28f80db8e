#include "storage/archive_file/placement.hpp"

#include "tests/storage/archive_file/sample_records.hpp"

#include <gtest/gtest.h>

namespace quire::storage::archive_file {
namespace {

using namespace quire::fixture;

document_begin of_generation(std::uint32_t number, document_state state = document_state::live) {
  auto made = sample("notes", 1, 0).begin;
  made.info.generation = generation(number);
  made.identity = document_checksum(made.info);
  made.epoch = epoch(5);
  made.state = state;
  return made;
}

known_generation known(std::uint32_t number, std::uint64_t under, bool is_live = false) {
  return {id_of(8), generation(number), epoch(under), is_live};
}

const auto fresh = id_of(77);

}  // namespace

TEST(archive_placement, a_name_that_nobody_had_changes_nothing) {
  for (const auto state : {document_state::live, document_state::deleted}) {
    const auto document = of_generation(3, state);
    const auto placed = place(document, {}, {}, fresh);
    EXPECT_TRUE(placed->is_needed && placed->is_same(document));
    EXPECT_EQ(placed->info, document.info);
    EXPECT_EQ(placed->epoch, document.epoch);
  }
}

TEST(archive_placement, a_live_document_is_never_replaced) {
  EXPECT_EQ(code_of(place(of_generation(1), known(1, 1, true), {}, fresh)), errc::already_exists);
  EXPECT_EQ(code_of(place(of_generation(9), known(1, 1, true), {}, fresh)), errc::already_exists);
  EXPECT_EQ(code_of(place(of_generation(9), known(1, 1, true), document_name{"default", "taken"}, fresh)),
            errc::already_exists);
  EXPECT_EQ(code_of(place(of_generation(2, document_state::deleted), known(1, 1, true), {}, fresh)),
            errc::already_exists);
}

TEST(archive_placement, a_generation_above_the_one_remembered_is_kept) {
  const auto document = of_generation(2);
  const auto placed = place(document, known(1, 3), {}, fresh);
  EXPECT_TRUE(placed->is_same(document));
  EXPECT_EQ(placed->epoch, epoch(5));
  EXPECT_EQ(place(document, known(1, 9), {}, fresh)->epoch, epoch(10)) << "the former owner stays fenced";
}

TEST(archive_placement, a_generation_that_was_used_becomes_the_next_one) {
  for (const std::uint32_t used : {2U, 6U}) {
    const auto document = of_generation(2);
    const auto placed = place(document, known(used, 9), {}, fresh);
    EXPECT_EQ(placed->info.generation, generation(used + 1));
    EXPECT_EQ(placed->info.id, fresh);
    EXPECT_EQ(placed->info.created, document.info.created);
    EXPECT_EQ(placed->identity, document_checksum(placed->info));
    EXPECT_FALSE(placed->is_same(document));
    EXPECT_EQ(placed->epoch, epoch(10));
  }
}

TEST(archive_placement, a_deleted_document_is_only_remembered_if_that_adds_something) {
  const auto document = of_generation(2, document_state::deleted);
  EXPECT_FALSE(place(document, known(2, 1), {}, fresh)->is_needed);
  EXPECT_FALSE(place(document, known(3, 1, true), {}, fresh)->is_needed);
  const auto placed = place(document, known(1, 9), {}, fresh);
  EXPECT_TRUE(placed->is_needed && placed->is_same(document));
  EXPECT_EQ(placed->epoch, epoch(9));
}

TEST(archive_placement, a_copy_is_the_first_or_the_next_generation_of_its_name) {
  const document_name copy{"other", "copy"};
  const auto first = place(of_generation(4), {}, copy, fresh);
  EXPECT_EQ(first->info.document, copy);
  EXPECT_EQ(first->info.generation, generation(1));
  EXPECT_EQ(first->info.id, fresh);
  EXPECT_EQ(place(of_generation(4), known(2, 1), copy, fresh)->info.generation, generation(3));
}

}  // namespace quire::storage::archive_file
