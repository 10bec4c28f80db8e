#include "storage/snapshot_seal.hpp"

#include "protocol/limits.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace quire::storage {
namespace {

snapshot any_snapshot() {
  return {revision(*rc::gen::arbitrary<std::uint64_t>()), *rc::gen::arbitrary<std::uint16_t>(),
          to_bytes(*rc::gen::arbitrary<std::string>())};
}

RC_GTEST_PROP(snapshot_seal, what_is_sealed_is_unsealed, ()) {
  const auto taken = any_snapshot();
  const auto opened = unseal(seal(taken, *rc::gen::arbitrary<checksum>()).value());
  RC_ASSERT(opened);
  RC_ASSERT(opened->revision == taken.revision);
  RC_ASSERT(opened->format == taken.format);
  RC_ASSERT(opened->body == taken.body);
}

RC_GTEST_PROP(snapshot_seal, any_bit_that_flips_is_found, ()) {
  auto sealed = seal(any_snapshot(), 7).value();
  const auto bit = *rc::gen::inRange<std::size_t>(0, sealed.body.size() * 8);
  sealed.body[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
  RC_ASSERT(unseal(sealed).error().code == errc::document_damaged);
}

RC_GTEST_PROP(snapshot_seal, a_snapshot_of_another_log_revision_or_format_is_found, ()) {
  const auto good = seal(any_snapshot(), 7).value();
  auto bad = good;
  bad.chain = 8;
  RC_ASSERT_FALSE(unseal(bad));
  bad = good;
  bad.revision = bad.revision.next();
  RC_ASSERT_FALSE(unseal(bad));
  bad = good;
  ++bad.format;
  RC_ASSERT_FALSE(unseal(bad));
}

TEST(snapshot_seal, a_body_that_repeats_itself_is_stored_small) {
  EXPECT_LT(seal({revision(1), 1, bytes(1'000'000)}, 0)->body.size(), 1'000U);
}

/// What zstd writes before a content of so many bytes, and nothing of it.
bytes frame_head_of(std::uint64_t size) {
  bytes head = to_bytes("\x28\xB5\x2F\xFD\xE0");
  for (int shift = 0; shift < 64; shift += 8)
    head.push_back(static_cast<std::byte>(size >> shift & 0xFFU));
  return head;
}

TEST(snapshot_seal, one_that_says_that_it_is_larger_than_may_be_is_damage_before_it_is_unpacked) {
  const auto why_not = [](std::uint64_t size) {
    const auto opened = unseal(resealed({revision(1), 1, 0, 0, frame_head_of(size)}, 7));
    EXPECT_EQ(opened.error().code, errc::document_damaged);
    return opened.error().detail;
  };
  EXPECT_EQ(why_not(limits::snapshot_bytes_max), "the snapshot does not unpack");
  EXPECT_EQ(why_not(limits::snapshot_bytes_max + 1), "the snapshot says that it is larger than a snapshot can be");
}

// The formats of docs/storage.md: a checksum that changes makes every stored document unreadable.
TEST(checksum, documents_and_rows_have_the_checksums_they_always_had) {
  document_info document{{}, {"default", "notes"}, generation(2), "text", server_time(std::chrono::milliseconds(3))};
  document.id.octets.fill(0x11);
  log_entry entry{revision(1),
                  {},
                  client_sequence(4),
                  "alice",
                  server_time(std::chrono::milliseconds(5)),
                  6,
                  share(to_bytes("operation"))};
  entry.client.octets.fill(0x22);
  const auto identity = document_checksum(document);
  EXPECT_EQ(identity, 0xE65A0B3A29233299);
  EXPECT_EQ(row_chain().next(identity, entry, epoch(7)), 0x78441ABDE0C630B0);
}

}  // namespace
}  // namespace quire::storage
