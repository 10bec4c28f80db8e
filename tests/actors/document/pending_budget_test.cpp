#include "actors/document/core.hpp"
#include "protocol/limits.hpp"
#include "tests/fixture/text_operations.hpp"

#include <gtest/gtest.h>

#include <string>

namespace quire::actors {
namespace {

using namespace fixture;

constexpr relay_key relay{7};
constexpr std::size_t megabyte = 1024 * 1024;

/// A document over a store that commits when the test says so.
class pending_document {
 public:
  explicit pending_document(const document_settings& settings)
    : core_(document_core::restore({{{}, {"default", "notes"}, generation{1}, "", {}}, false, epoch{1}, revision{0}},
                                   {}, settings)
              .value()) {
    note(core_.attach(relay, "text"));
  }

  /// Why the next edit was refused; nothing if it is pending now.
  std::optional<edit_answer> submit(std::size_t bytes) {
    const submitted_edit edit{client(1), "", sequence_.next(), revision{sequence_.value()},
                              share(insert_at(0, std::string(bytes, 'x')))};
    for (auto& effect : note(core_.submit(relay, std::span(&edit, 1))))
      if (auto* answered = std::get_if<document_effect::answer_edits>(&effect))
        return answered->answers.front();
    sequence_ = edit.sequence;
    return {};
  }

  void commit() { note(core_.appended(std::exchange(appends_, 0), {}, {})); }

 private:
  document_effects note(document_effects effects) {
    for (const auto& effect : effects)
      appends_ += std::holds_alternative<document_effect::append>(effect) ? 1U : 0U;
    return effects;
  }

  document_core core_;
  client_sequence sequence_;
  std::uint32_t appends_ = 0;
};

/// The documents of one node.
class pending_budget_test : public testing::Test {
 protected:
  pending_document open() { return pending_document(settings_); }

  /// Documents that have all pending that the node takes.
  std::vector<pending_document> fill() {
    std::vector<pending_document> full;
    for (std::size_t bytes = 0; bytes < limits::pending_node_bytes_max; bytes += limits::pending_bytes_max) {
      full.push_back(open());
      while (!full.back().submit(megabyte / 2)) {
      }
    }
    return full;
  }

  static void expect_refused(pending_document& document) {
    const auto answer = document.submit(1);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->refusal->code, errc::store_unavailable);
    EXPECT_GT(answer->retry.count(), 0);
  }

  document_settings settings_{{}, 1000, 1U << 20U};
};

TEST_F(pending_budget_test, all_documents_together_have_no_more_pending_than_the_node_takes) {
  auto full = fill();
  auto another = open();
  expect_refused(another);
  full.front().commit();
  EXPECT_FALSE(another.submit(1)) << "there is room again";
}

TEST_F(pending_budget_test, what_an_ended_document_had_pending_counts_no_more) {
  auto full = fill();
  auto another = open();
  full.pop_back();
  EXPECT_FALSE(another.submit(1));
  full.clear();
  EXPECT_EQ(fill().size(), limits::pending_node_bytes_max / limits::pending_bytes_max) << "as if nothing had been";
}

TEST_F(pending_budget_test, one_document_that_is_far_over_its_bound_leaves_room_for_others) {
  pending_share large(settings_.pending);
  constexpr std::size_t operations = 2 * limits::pending_node_bytes_max / megabyte;
  for (std::size_t i = 0; i < operations; ++i)
    large.add(megabyte);
  EXPECT_TRUE(large.is_spent());
  auto another = open();
  EXPECT_FALSE(another.submit(1));
  for (std::size_t i = 0; i < operations; ++i)
    large.remove(megabyte);
  EXPECT_FALSE(large.is_spent());
}

TEST_F(pending_budget_test, one_large_operation_leaves_room_for_others_of_its_document) {
  pending_share share(settings_.pending);
  share.add(limits::yjs_update_bytes_max);
  EXPECT_FALSE(share.is_spent());
  share.add(limits::yjs_update_bytes_max);
  EXPECT_TRUE(share.is_spent());
  share.remove(limits::yjs_update_bytes_max);
  EXPECT_FALSE(share.is_spent());
}

TEST_F(pending_budget_test, many_small_edits_count_with_what_is_kept_beside_them) {
  std::vector<pending_document> small;
  std::size_t taken = 0;
  for (bool is_taken = true; is_taken;) {
    small.push_back(open());
    is_taken = !small.back().submit(1);
    for (std::size_t i = 1; is_taken && i < limits::pending_edits_max && !small.back().submit(1); ++i)
      ++taken;
  }
  EXPECT_LT(taken, limits::pending_node_bytes_max / 128);
}

}  // namespace
}  // namespace quire::actors
