// What a document is made of again: the newest snapshot and the log after it.

#include "actors/document/snapshot_envelope.hpp"
#include "tests/fixture/one_document.hpp"

#include <gtest/gtest.h>

#include <string>

namespace quire::actors {
namespace {

using namespace fixture;

class document_restore : public one_document {
 protected:
  /// A document of a snapshot at revision 0 alone.
  void keep(std::uint16_t format, std::uint16_t type_format) {
    snapshot_envelope envelope{type_format, {}, {}};
    types::find_type("text")->create({})->write_snapshot(envelope.state);
    kept = storage::snapshot{revision{}, format, seal(envelope)};
    exists = true;
    info.type = "text";
  }

  /// Why the document can not be made.
  error refusal() {
    const storage::acquired found{info, true, epoch{1}, revision{log.size()}};
    auto restored = document_core::restore(found, storage::loaded{kept, log}, {{}, 1000, 1000});
    return restored ? error{errc::internal, "it was made"} : restored.error();
  }
};

TEST_F(document_restore, a_snapshot_in_an_envelope_of_another_format_is_refused_by_its_number) {
  keep(envelope_format + 1, types::find_type("text")->snapshot_format);
  EXPECT_EQ(refusal().code, errc::document_damaged);
  EXPECT_EQ(refusal().detail, "snapshot: format 2 is unknown");
}

TEST_F(document_restore, a_snapshot_in_another_format_of_its_type_is_refused_by_its_number) {
  keep(envelope_format, 77);
  EXPECT_EQ(refusal().code, errc::document_damaged);
  EXPECT_EQ(refusal().detail, "snapshot: the type's format 77 is unknown");
}

TEST_F(document_restore, an_operation_in_a_later_encoding_is_refused_by_its_revision_and_encoding) {
  keep(envelope_format, types::find_type("text")->snapshot_format);
  log.push_back({revision{1}, client(1), client_sequence{1}, "", {}, 1, share(insert_at(0, "x"))});
  open();
  EXPECT_EQ(text(), "x");
  log.push_back({revision{2}, client(1), client_sequence{2}, "", {}, 2, share(insert_at(0, "x"))});
  EXPECT_EQ(refusal().code, errc::document_damaged);
  EXPECT_EQ(refusal().detail, "log: revision 2: encoding 2 is unknown");
}

TEST_F(document_restore, a_snapshot_is_taken_after_a_number_of_bytes) {
  snapshot_after_bytes = 1000;
  open();
  const std::string long_text(600, 'x');
  submit(1, 1, 0, insert_at(0, long_text));
  submit(1, 2, 1, erase_at(0, 600));
  commit();
  EXPECT_FALSE(kept);
  submit(1, 3, 2, insert_at(0, long_text));
  commit();
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->revision, revision{3});
  open();
  EXPECT_EQ(text(), long_text);
}

TEST_F(document_restore, a_snapshot_of_a_long_document_waits_for_as_many_bytes_as_that_has) {
  snapshot_after_bytes = 100;
  open();
  submit(1, 1, 0, insert_at(0, std::string(600, 'x')));
  commit();
  do_now(core->snapshot_stored());
  const auto first = kept->revision;
  submit(1, 2, 1, insert_at(0, std::string(200, 'y')));
  commit();
  EXPECT_EQ(kept->revision, first);
}

TEST_F(document_restore, a_log_that_does_not_fit_is_damaged) {
  const storage::acquired found{{{}, {"default", "notes"}, generation{1}, "text", {}}, true, epoch{1}, revision{1}};
  const storage::log_entry entry{revision{1}, client(1), client_sequence{1}, "", {}, 1, share(insert_at(9, "x"))};
  const auto restored = document_core::restore(found, storage::loaded{{}, {entry}}, {{}, 1000, 1000});
  ASSERT_FALSE(restored);
  EXPECT_EQ(restored.error().code, errc::document_damaged);
  EXPECT_NE(restored.error().detail.find("revision 1"), std::string::npos);
}

}  // namespace
}  // namespace quire::actors
