#include "tests/fixture/one_document.hpp"

namespace quire::actors {
namespace {

using namespace fixture;

class document_labels : public one_document {
 protected:
  void label(std::uint64_t at) { ask(label_revision{"draft", revision{at}, "", true}); }
};

TEST_F(document_labels, a_revision_is_labelled_only_once_it_is_durable) {
  submit(1, 1, 0, insert_at(0, "hi"));
  label(1);
  EXPECT_TRUE(labelled.empty());
  EXPECT_FALSE(answer);
  commit();
  EXPECT_EQ(labelled, std::vector{revision{1}});
}

TEST_F(document_labels, what_is_durable_is_labelled_at_once) {
  submit(1, 1, 0, insert_at(0, "hi"));
  commit();
  label(0);
  EXPECT_EQ(labelled, std::vector{revision{0}});
  ask(remove_label{"draft"});
  EXPECT_EQ(unlabelled, std::vector<std::string>{"draft"});
}

TEST_F(document_labels, a_revision_that_is_not_there_is_refused) {
  submit(1, 1, 0, insert_at(0, "hi"));
  commit();
  label(2);
  EXPECT_TRUE(labelled.empty());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->error().code, errc::future_revision);
}

TEST_F(document_labels, a_document_that_does_not_exist_has_none) {
  label(0);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->error().code, errc::not_found);
  ask(remove_label{"draft"});
  EXPECT_EQ(answer->error().code, errc::not_found);
}

TEST_F(document_labels, who_waits_for_a_label_learns_why_the_document_ended) {
  submit(1, 1, 0, insert_at(0, "hi"));
  label(1);
  do_now(core->appended(1, {}, fail(errc::stale_epoch, "another owner")));
  EXPECT_EQ(ended, errc::stale_epoch);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->error().code, errc::stale_epoch);
}

}  // namespace
}  // namespace quire::actors
