#include "tests/bench/loadgen/ledger.hpp"

#include "tests/bench/loadgen/load_text.hpp"

#include <gtest/gtest.h>

namespace quire::bench {
namespace {

/// A document whose authors 10 and 11 have each sent two edits.
class a_ledger : public testing::Test {
 protected:
  a_ledger() {
    for (auto& each : document.paces()) {
      each.start_closed_loop();
      EXPECT_EQ(each.next_to_send(begin), 1U);
      EXPECT_EQ(each.next_to_send(begin), 2U);
    }
  }

  void show(edit_name edit) { EXPECT_EQ(document.check(document.newest() + 1, edit), std::nullopt); }

  instant begin{std::chrono::seconds(1)};
  ledger document{10, {pace(2), pace(2)}};
};

TEST_F(a_ledger, takes_each_authors_edits_one_by_one) {
  show({11, 1});
  show({10, 1});
  show({11, 2});
  EXPECT_EQ(document.newest(), 3U);
  EXPECT_EQ(document.edit_at(2), (edit_name{10, 1}));
  EXPECT_EQ(document.due_at(2), begin);
}

TEST_F(a_ledger, holds_everyone_to_the_same_order) {
  show({11, 1});
  EXPECT_EQ(document.check(1, {11, 1}), std::nullopt);
  EXPECT_NE(document.check(1, {10, 1}), std::nullopt);
}

TEST_F(a_ledger, notices_a_lost_edit) {
  EXPECT_NE(document.check(1, {10, 2}), std::nullopt);
}

TEST_F(a_ledger, notices_a_doubled_edit) {
  show({10, 1});
  EXPECT_NE(document.check(2, {10, 1}), std::nullopt);
}

TEST_F(a_ledger, notices_an_edit_that_nobody_sent) {
  show({10, 1});
  show({10, 2});
  EXPECT_NE(document.check(3, {10, 3}), std::nullopt);
  EXPECT_NE(document.check(3, {9, 1}), std::nullopt);
  EXPECT_NE(document.check(3, {12, 1}), std::nullopt);
}

TEST_F(a_ledger, finds_each_edit_in_the_content) {
  show({11, 1});
  show({10, 1});
  const auto text = [](edit_name edit) { return std::string(edit_text(edit, word_bytes).view()); };
  EXPECT_EQ(check_content(document.edits_until(2), word_bytes, text({10, 1}) + text({11, 1})), std::nullopt);
  EXPECT_NE(check_content(document.edits_until(2), word_bytes, text({10, 1})), std::nullopt);
  EXPECT_NE(check_content(document.edits_until(2), word_bytes, text({10, 1}) + text({10, 1})), std::nullopt);
  EXPECT_NE(check_content(document.edits_until(2), word_bytes, text({10, 1}) + text({11, 2})), std::nullopt);
}

}  // namespace
}  // namespace quire::bench
