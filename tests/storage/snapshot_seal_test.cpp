#include "storage/snapshot_seal.hpp"

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
