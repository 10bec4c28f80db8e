#include "storage/archive_file/reader.hpp"

#include "protocol/limits.hpp"
#include "tests/storage/archive_file/sample_records.hpp"

#include <gtest/gtest.h>

namespace quire::storage::archive_file {
namespace {

using namespace quire::fixture;

/// Reads a file to its end: how many records it has, or why not.
result<std::size_t> read_all(bytes content) {
  memory_file file(std::move(content));
  reader from(file);
  for (std::size_t count = 1;; ++count) {
    const auto next = from.next();
    if (!next)
      return tl::unexpected(next.error());
    if (std::holds_alternative<file_end>(*next))
      return count;
  }
}

result<std::size_t> read_all(const hand_written_file& file) {
  return read_all(file.content());
}

testing::AssertionResult is_refused(const result<std::size_t>& read, errc code, const std::string& words) {
  if (read)
    return testing::AssertionFailure() << "it reads";
  if (read.error().code != code || read.error().detail.find(words) == std::string::npos)
    return testing::AssertionFailure() << read.error().detail;
  return testing::AssertionSuccess();
}

hand_written_file two_documents() {
  return hand_written_file().put(sample("notes", 1, 3)).put(sample("plans", 2, 0)).put(file_end{2, 0, 3, 0});
}

}  // namespace

TEST(archive_reader, a_written_file_reads_back_and_is_that_which_the_documentation_describes) {
  memory_file file;
  writer to(file);
  for (const auto& document : {sample("notes", 1, 3), sample("plans", 2, 0)}) {
    ASSERT_TRUE(to.begin(document.begin));
    for (const auto& row : document.rows)
      ASSERT_TRUE(to.add(row));
    ASSERT_TRUE(to.end_document());
  }
  ASSERT_TRUE(to.finish());
  EXPECT_EQ(file.content(), two_documents().content());
  EXPECT_EQ(read_all(file.content()), 8U);
}

TEST(archive_reader, a_file_that_ends_anywhere_before_its_end_is_refused) {
  const auto whole = two_documents().content();
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_TRUE(is_refused(read_all(bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))),
                           size < file_head().size() ? errc::schema_mismatch : errc::document_damaged, "byte "))
      << size;
}

TEST(archive_reader, no_bit_can_be_another) {
  const auto whole = two_documents().content();
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (unsigned bit = 0; bit < 8; ++bit) {
      auto changed = whole;
      changed[at] ^= std::byte{1} << bit;
      EXPECT_FALSE(read_all(changed)) << "byte " << at << ", bit " << bit;
    }
}

TEST(archive_reader, records_that_changed_places_are_found_out) {
  const auto file = two_documents();
  const auto& ends = file.ends();
  const auto piece = [&](std::size_t from, std::size_t to) {
    return bytes(file.content().begin() + static_cast<std::ptrdiff_t>(from),
                 file.content().begin() + static_cast<std::ptrdiff_t>(to));
  };
  auto changed = piece(0, ends[0]);
  append(changed, piece(ends[1], ends[2]));
  append(changed, piece(ends[0], ends[1]));
  append(changed, piece(ends[2], ends.back()));
  EXPECT_TRUE(is_refused(read_all(changed), errc::document_damaged,
                         "byte " + std::to_string(ends[0]) + ": the record does not match its checksum"));
}

TEST(archive_reader, what_follows_the_end_is_refused) {
  auto longer = two_documents().content();
  longer.push_back(std::byte{0});
  EXPECT_TRUE(is_refused(read_all(longer), errc::document_damaged, "after the archive's end"));
}

TEST(archive_reader, another_format_and_a_later_version_are_told_apart) {
  EXPECT_TRUE(is_refused(read_all(to_bytes("SQLite format 3, and so on")), errc::schema_mismatch, "no archive"));
  EXPECT_TRUE(is_refused(read_all(bytes{}), errc::schema_mismatch, "no archive"));
  EXPECT_TRUE(is_refused(read_all(hand_written_file(2).put(file_end{})), errc::schema_mismatch, "has version 2"));
}

TEST(archive_reader, an_unknown_record_is_passed_over_if_it_is_optional_and_else_refused) {
  const auto notes = sample("notes", 1, 0);
  const auto with = [&](std::uint16_t type) {
    return read_all(hand_written_file()
                      .put(type, to_bytes("of a later version"))
                      .put(notes.begin)
                      .put(type, {})
                      .put(document_end{})
                      .put(file_end{1, 0, 0, 0}));
  };
  EXPECT_EQ(with(optional_bit | 77U), 3U);
  EXPECT_TRUE(is_refused(with(77), errc::schema_mismatch, "type 77, which this build does not know"));
}

TEST(archive_reader, a_record_stands_only_where_it_can) {
  const auto notes = sample("notes", 1, 1);
  const auto refused = [](const hand_written_file& file, const std::string& words) {
    return is_refused(read_all(file), errc::document_damaged, words);
  };
  EXPECT_TRUE(refused(hand_written_file().put(notes.rows[0]), "outside of any"));
  EXPECT_TRUE(refused(hand_written_file().put(document_end{}), "outside of any"));
  EXPECT_TRUE(refused(hand_written_file().put(withdrawal{}), "outside of any"));
  EXPECT_TRUE(refused(hand_written_file().put(notes.begin).put(notes.begin), "does not end"));
  EXPECT_TRUE(refused(hand_written_file().put(notes.begin).put(file_end{}), "does not end"));
  EXPECT_TRUE(refused(hand_written_file().put(notes.begin).put(document_end{1, 0}), "counts at a document's end"));
  EXPECT_TRUE(refused(hand_written_file().put(notes).put(file_end{}), "counts at the end"));
  auto gone = notes;
  gone.begin.state = document_state::deleted;
  EXPECT_TRUE(refused(hand_written_file().put(gone), "a deleted document has rows"));
  EXPECT_TRUE(refused(hand_written_file().put(std::uint16_t{3}, to_bytes("short")), "does not have the fields"));
}

TEST(archive_reader, a_withdrawn_document_counts_as_nothing_but_withdrawn) {
  const auto notes = sample("notes", 1, 1);
  EXPECT_EQ(read_all(hand_written_file()
                       .put(notes.begin)
                       .put(notes.rows[0])
                       .put(withdrawal{withdrawal_reason::deleted})
                       .put(file_end{0, 1, 0, 0})),
            4U);
}

TEST(archive_reader, a_length_over_the_bound_is_refused_before_it_is_believed) {
  auto file = hand_written_file().content();
  append_number(file, static_cast<std::uint16_t>(record_type::document_begin));
  append_number(file, std::uint32_t{0xFFFFFFFF});
  EXPECT_TRUE(is_refused(read_all(file), errc::document_damaged, "4294967295 bytes; 4096 are allowed"));
}

TEST(archive_reader, a_record_over_its_bound_is_not_written) {
  memory_file file;
  writer to(file);
  const auto notes = sample("notes", 1, 1);
  ASSERT_TRUE(to.begin(notes.begin));
  auto huge = notes.rows[0];
  huge.entry.operation = share(bytes(2 * limits::yjs_update_bytes_max));
  EXPECT_EQ(code_of(to.add(huge)), errc::document_too_large);
}

}  // namespace quire::storage::archive_file
