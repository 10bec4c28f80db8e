#include "tests/storage/contract/op_log_contract.hpp"

namespace quire::storage {

TEST_P(op_log_contract, an_organisation_is_listed_by_name_in_pages) {
  std::uint8_t octet = 10;
  for (const auto* name : {"b", "\xC3\xA9", "a", "B", "ab", "Z"})
    written_document(name, id_of(++octet)).create(log());
  written_document("a", id_of(99), "another").create(log());
  EXPECT_EQ(names("default", "", 9), (std::vector<std::string>{"B", "Z", "a", "ab", "b", "\xC3\xA9"}));
  EXPECT_EQ(names("default", "", 2), (std::vector<std::string>{"B", "Z"}));
  EXPECT_EQ(names("default", "Z", 2), (std::vector<std::string>{"a", "ab"}));
  EXPECT_EQ(names("default", "aa", 2), (std::vector<std::string>{"ab", "b"}));
  EXPECT_EQ(names("default", "\xC3\xA9", 9), std::vector<std::string>{});
  EXPECT_EQ(names("another", "", 9), (std::vector<std::string>{"a"}));
  EXPECT_EQ(names("nobody", "", 9), std::vector<std::string>{});
}

TEST_P(op_log_contract, a_list_tells_what_a_document_is_and_when_it_changed) {
  notes_.create(log(), 6);
  plans_.create(log());
  const auto page = past().list("default", "", 9);
  ASSERT_TRUE(page);
  ASSERT_EQ(page->size(), 2U);
  EXPECT_EQ(page->at(0).info, notes_.info());
  EXPECT_EQ(page->at(0).head, revision(6));
  EXPECT_EQ(page->at(0).modified, at_second(6));
  EXPECT_EQ(page->at(1).modified, plans_.info().created);
}

TEST_P(op_log_contract, a_document_is_found_by_its_name_and_not_owned_by_that) {
  notes_.create(log(), 6);
  const auto found = past().find(notes_.info().document);
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_EQ(found->info, notes_.info());
  EXPECT_EQ(found->head, revision(6));
  EXPECT_EQ(found->modified, at_second(6));
  EXPECT_EQ(code_of(past().find({"default", "note"})), errc::not_found);
  EXPECT_EQ(code_of(past().find({"another", "notes"})), errc::not_found);
  notes_.write(log(), 1);  // under the same epoch
}

}  // namespace quire::storage
