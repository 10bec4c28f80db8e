#include "storage/archive_file/record.hpp"

#include "protocol/limits.hpp"
#include "tests/fixture/written_document.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace quire::storage::archive_file {
namespace {

template <class Strong>
rc::Gen<Strong> number() {
  return rc::gen::construct<Strong>(rc::gen::arbitrary<typename Strong::value_type>());
}

rc::Gen<server_time> time() {
  return rc::gen::map(rc::gen::arbitrary<std::int64_t>(),
                      [](std::int64_t count) { return server_time(std::chrono::milliseconds(count)); });
}

template <class Id>
rc::Gen<Id> id() {
  return rc::gen::map(rc::gen::arbitrary<std::array<std::uint8_t, 16>>(),
                      [](const auto& octets) { return Id{octets}; });
}

rc::Gen<bytes> content() {
  return rc::gen::map(rc::gen::arbitrary<std::string>(), [](const std::string& text) { return to_bytes(text); });
}

record any_document() {
  document_begin made;
  made.info = {*id<document_id>(),
               {*rc::gen::arbitrary<std::string>(), *rc::gen::arbitrary<std::string>()},
               *number<generation>(),
               *rc::gen::arbitrary<std::string>(),
               *time()};
  made.identity = *rc::gen::arbitrary<checksum>();
  made.state = *rc::gen::element(document_state::live, document_state::deleted);
  made.epoch = *number<epoch>();
  made.head = {*number<revision>(), *rc::gen::arbitrary<checksum>()};
  made.modified = *time();
  made.floor = {*number<revision>(), *rc::gen::arbitrary<checksum>()};
  return made;
}

record any_row() {
  return archived_entry{
    {*number<revision>(), *id<client_id>(), *number<client_sequence>(), *rc::gen::arbitrary<std::string>(), *time(),
     *rc::gen::arbitrary<std::uint16_t>(), share(*content())},
    *number<epoch>(),
    *rc::gen::arbitrary<checksum>()};
}

record any_record() {
  switch (*rc::gen::inRange(0, 7)) {
    case 0: return any_document();
    case 1: return any_row();
    case 2:
      return sealed_snapshot{*number<revision>(), *rc::gen::arbitrary<std::uint16_t>(), *rc::gen::arbitrary<checksum>(),
                             *rc::gen::arbitrary<checksum>(), *content()};
    case 3:
      return document_end{*rc::gen::arbitrary<std::uint64_t>(), *rc::gen::arbitrary<std::uint64_t>(),
                          *rc::gen::arbitrary<std::uint64_t>()};
    case 4:
      return withdrawal{
        *rc::gen::element(withdrawal_reason::deleted, withdrawal_reason::damaged, withdrawal_reason::again)};
    case 5:
      return archived_label{
        {*rc::gen::arbitrary<std::string>(), *number<revision>(), *rc::gen::arbitrary<std::string>(), *time()},
        *rc::gen::arbitrary<checksum>()};
    default:
      return file_end{*rc::gen::arbitrary<std::uint64_t>(), *rc::gen::arbitrary<std::uint64_t>(),
                      *rc::gen::arbitrary<std::uint64_t>(), *rc::gen::arbitrary<std::uint64_t>(),
                      *rc::gen::arbitrary<std::uint64_t>()};
  }
}

bytes encoded(const record& from) {
  bytes out;
  encode(from, out);
  return out;
}

}  // namespace

// Each field is somewhere in the bytes, so that equal bytes are equal records.
RC_GTEST_PROP(archive_record, what_is_encoded_is_decoded_the_same, ()) {
  const auto before = any_record();
  const auto content_before = encoded(before);
  const auto after = decode(type_of(before), content_before);
  RC_ASSERT(after.has_value());
  RC_ASSERT(after->index() == before.index());
  RC_ASSERT(encoded(*after) == content_before);
}

RC_GTEST_PROP(archive_record, a_record_that_lacks_bytes_or_has_more_is_refused, ()) {
  const auto whole = any_record();
  auto content_of_it = encoded(whole);
  auto longer = content_of_it;
  longer.push_back(std::byte{0});
  RC_ASSERT(!decode(type_of(whole), longer).has_value());
  content_of_it.resize(*rc::gen::inRange<std::size_t>(0, content_of_it.size()));
  RC_ASSERT(!decode(type_of(whole), content_of_it).has_value());
}

RC_GTEST_PROP(archive_record, any_bytes_decode_to_a_record_or_an_error, ()) {
  const auto type = static_cast<record_type>(*rc::gen::inRange(1, 8));
  const auto data = *content();
  if (const auto read = decode(type, data))
    RC_ASSERT(encoded(*read) == data);
}

TEST(archive_record, a_state_or_a_reason_that_there_is_not_is_refused) {
  document_begin document;
  document.state = static_cast<document_state>(3);
  EXPECT_FALSE(decode(record_type::document_begin, encoded(document)));
  EXPECT_FALSE(decode(record_type::withdrawal, encoded(withdrawal{static_cast<withdrawal_reason>(0)})));
  EXPECT_FALSE(decode(record_type::withdrawal, encoded(withdrawal{static_cast<withdrawal_reason>(4)})));
}

TEST(archive_record, the_fields_come_in_the_order_that_the_documentation_gives) {
  const auto row = encoded(archived_entry{fixture::edit(7), epoch(2), 0x0102030405060708U});
  EXPECT_EQ(row.size(), 8 + 8 + 16 + 4 + 8 + 2 + (4 + 5) + (4 + 11) + 8U);
  EXPECT_EQ(row.front(), std::byte{7}) << "the revision, its least byte first";
  EXPECT_EQ(as_text(bytes_view(row).subspan(46, 9)), std::string_view("\5\0\0\0alice", 9));
  EXPECT_EQ(row.back(), std::byte{1}) << "the checksum, its greatest byte last";
}

TEST(archive_record, every_type_has_a_bound_and_what_is_unknown_too) {
  EXPECT_LT(content_bytes_max(static_cast<std::uint16_t>(record_type::document_begin)), 10'000U);
  EXPECT_GT(content_bytes_max(static_cast<std::uint16_t>(record_type::row)), limits::yjs_update_bytes_max);
  EXPECT_GT(content_bytes_max(static_cast<std::uint16_t>(record_type::snapshot)), limits::snapshot_bytes_max);
  EXPECT_LT(content_bytes_max(77), std::size_t{1} << 30U);
}

}  // namespace quire::storage::archive_file
