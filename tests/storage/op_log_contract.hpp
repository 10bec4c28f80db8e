#pragma once

#include "protocol/limits.hpp"
#include "storage/op_log.hpp"
#include "tests/fixture/temporary_folder.hpp"
#include "tests/fixture/written_document.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <thread>

namespace quire::storage {

using namespace quire::fixture;  // NOLINT: the tests speak its language

/// How to reach an implementation: the address of a new store in a folder.
struct implementation {
  std::string name;
  std::function<std::string(const std::filesystem::path&)> address;
};

/// What every implementation of the op log promises. An implementation's test instantiates it.
class op_log_contract : public testing::TestWithParam<implementation> {
 protected:
  void SetUp() override {
    auto opened = open_store(GetParam().address(folder_.path()));
    ASSERT_TRUE(opened) << opened.error().detail;
    store_ = std::move(*opened);
  }

  [[nodiscard]] op_log& log() { return *store_.log; }
  [[nodiscard]] storage::history& past() { return *store_.history; }

  [[nodiscard]] loaded load(const written_document& document) {
    auto done = past().load(document.id());
    if (!done) {
      ADD_FAILURE() << done.error().detail;
      return {};
    }
    return std::move(*done);
  }

  [[nodiscard]] std::vector<std::string> names(std::string_view organisation, std::string_view after,
                                               std::size_t count) {
    std::vector<std::string> found;
    const auto page = past().list(organisation, after, count);
    for (const auto& summary : page.value())
      found.push_back(summary.info.document.name);
    return found;
  }

  written_document notes_{"notes", id_of(1)};
  written_document plans_{"plans", id_of(2)};

 private:
  temporary_folder folder_;
  store store_;
};

TEST_P(op_log_contract, what_was_appended_is_read_back_byte_for_byte_and_in_order) {
  notes_.create(log(), 3);
  notes_.write(log(), 2, bob);
  auto expected = edits(0, 3);
  for (auto& entry : edits(3, 5, bob))
    expected.push_back(entry);
  const auto found = load(notes_);
  EXPECT_FALSE(found.newest);
  EXPECT_TRUE(are_same(found.tail, expected));
}

TEST_P(op_log_contract, every_byte_value_and_an_empty_operation_and_author_are_kept) {
  auto request = notes_.creation(2);
  bytes all;
  for (int value = 0; value < 256; ++value)
    all.push_back(static_cast<std::byte>(value));
  request.entries[0].operation = share(std::move(all));
  request.entries[1].operation = share({});
  request.entries[0].author = std::string("a\0b", 3);
  request.entries[1].author = "";
  request.entries[1].encoding = 65'535;
  request.entries[1].sequence = client_sequence(4'294'967'295);
  ASSERT_TRUE(append_alone(log(), request));
  EXPECT_TRUE(are_same(load(notes_).tail, request.entries));
}

TEST_P(op_log_contract, one_call_appends_for_many_documents) {
  const std::vector requests{notes_.creation(2), plans_.creation(3)};
  const auto done = log().append(requests);
  ASSERT_TRUE(done);
  EXPECT_TRUE(done->at(0));
  EXPECT_TRUE(done->at(1));
  EXPECT_EQ(load(notes_).tail.size(), 2U);
  EXPECT_EQ(load(plans_).tail.size(), 3U);
}

TEST_P(op_log_contract, an_append_of_nothing_is_done) {
  const auto done = log().append({});
  ASSERT_TRUE(done);
  EXPECT_TRUE(done->empty());
}

TEST_P(op_log_contract, an_append_under_a_stale_epoch_appends_nothing) {
  notes_.create(log(), 1);
  ASSERT_TRUE(log().acquire(notes_.info().document));
  EXPECT_EQ(code_of(append_alone(log(), notes_.next(1))), errc::stale_epoch);
  EXPECT_EQ(load(notes_).tail.size(), 1U);
}

TEST_P(op_log_contract, an_append_under_an_epoch_that_was_never_given_appends_nothing) {
  notes_.create(log(), 1);
  notes_.set_epoch(epoch(9));
  EXPECT_EQ(code_of(append_alone(log(), notes_.next(1))), errc::stale_epoch);
}

TEST_P(op_log_contract, an_append_on_another_base_than_the_head_appends_nothing) {
  notes_.create(log(), 3);
  for (const std::uint64_t base : {0U, 2U, 4U}) {
    notes_.set_head(base);
    EXPECT_EQ(code_of(append_alone(log(), notes_.next(1, bob))), errc::stale_epoch) << base;
  }
  EXPECT_EQ(load(notes_).tail.size(), 3U);
}

TEST_P(op_log_contract, entries_that_leave_a_gap_are_refused) {
  auto request = notes_.creation(3);
  request.entries.erase(request.entries.begin() + 1);
  EXPECT_EQ(code_of(append_alone(log(), request)), errc::internal);
  EXPECT_EQ(code_of(past().load(notes_.id())), errc::not_found);
}

TEST_P(op_log_contract, an_append_without_entries_tells_who_owns_the_document) {
  notes_.create(log(), 1);
  EXPECT_TRUE(append_alone(log(), notes_.next(0)));
  ASSERT_TRUE(log().acquire(notes_.info().document));
  EXPECT_EQ(code_of(append_alone(log(), notes_.next(0))), errc::stale_epoch);
}

TEST_P(op_log_contract, an_append_to_a_document_that_is_not_there_is_refused) {
  EXPECT_EQ(code_of(append_alone(log(), notes_.next(1))), errc::not_found);
  EXPECT_EQ(code_of(past().load(notes_.id())), errc::not_found);
}

TEST_P(op_log_contract, a_document_is_created_once) {
  notes_.create(log(), 1);
  const written_document again("notes", id_of(9));
  EXPECT_EQ(code_of(append_alone(log(), again.creation(2))), errc::already_exists);
  EXPECT_EQ(load(notes_).tail.size(), 1U);
  EXPECT_EQ(code_of(past().load(again.id())), errc::not_found);
}

TEST_P(op_log_contract, an_id_in_use_creates_nothing) {
  notes_.create(log(), 1);
  const written_document thief("other", notes_.id());
  EXPECT_EQ(code_of(append_alone(log(), thief.creation(1))), errc::already_exists);
  EXPECT_EQ(names("default", "", 9), std::vector<std::string>{"notes"});
}

TEST_P(op_log_contract, one_document_refused_leaves_the_others_of_its_commit_alone) {
  notes_.create(log(), 1);
  written_document third("third", id_of(3));
  auto repeated = notes_.next(3);
  repeated.entries[2].sequence = client_sequence(1);  // alice's first edit again, after two new ones
  const std::vector requests{plans_.creation(2), repeated, third.creation(4)};
  const auto done = log().append(requests);
  ASSERT_TRUE(done);
  EXPECT_TRUE(done->at(0));
  EXPECT_EQ(code_of(done->at(1)), errc::sequence_reused);
  EXPECT_TRUE(done->at(2));
  EXPECT_EQ(load(plans_).tail.size(), 2U);
  EXPECT_EQ(load(notes_).tail.size(), 1U);
  EXPECT_EQ(load(third).tail.size(), 4U);
  notes_.write(log(), 1);
}

TEST_P(op_log_contract, an_edit_is_in_the_log_of_a_document_once) {
  notes_.create(log(), 1);
  EXPECT_EQ(code_of(append_alone(log(), {notes_.info(), false, notes_.epoch(), revision(1), {edit(2, alice, 1)}})),
            errc::sequence_reused);
  plans_.create(log(), 1);  // the same client with the same sequence in another document
  EXPECT_EQ(code_of(append_alone(
              log(), {notes_.info(), false, notes_.epoch(), revision(1), {edit(2, bob, 5), edit(3, bob, 5)}})),
            errc::sequence_reused);
  EXPECT_EQ(load(notes_).tail.size(), 1U);
}

TEST_P(op_log_contract, a_creation_that_is_refused_leaves_nothing_behind) {
  auto request = notes_.creation(2);
  request.entries[1].sequence = request.entries[0].sequence;
  EXPECT_EQ(code_of(append_alone(log(), request)), errc::sequence_reused);
  EXPECT_TRUE(names("default", "", 9).empty());
  EXPECT_FALSE(log().acquire(notes_.info().document)->exists);
}

TEST_P(op_log_contract, acquiring_raises_the_epoch_and_tells_the_head) {
  notes_.create(log(), 7);
  const auto first = log().acquire(notes_.info().document);
  const auto second = log().acquire(notes_.info().document);
  ASSERT_TRUE(first && second);
  EXPECT_TRUE(first->exists);
  EXPECT_EQ(first->info, notes_.info());
  EXPECT_EQ(first->head, revision(7));
  EXPECT_GT(first->epoch, notes_.epoch());
  EXPECT_GT(second->epoch, first->epoch);
  notes_.set_epoch(second->epoch);
  notes_.write(log(), 1);
}

TEST_P(op_log_contract, acquiring_what_is_not_there_stores_nothing_and_says_how_to_create_it) {
  const auto found = log().acquire(notes_.info().document);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->exists);
  EXPECT_EQ(found->info.id, document_id());
  EXPECT_TRUE(found->info.type.empty());
  EXPECT_EQ(found->info.document, notes_.info().document);
  EXPECT_EQ(found->info.generation, generation(1));
  EXPECT_TRUE(names("default", "", 9).empty());
  notes_.set_epoch(found->epoch);
  notes_.create(log(), 1);
}

TEST_P(op_log_contract, of_two_who_would_create_the_second_owns_nothing) {
  const auto first = log().acquire(notes_.info().document);
  const auto second = log().acquire(notes_.info().document);
  ASSERT_TRUE(first && second);
  notes_.set_epoch(first->epoch);
  notes_.create(log(), 1);
  written_document late("notes", id_of(9));
  late.set_epoch(second->epoch);
  EXPECT_EQ(code_of(append_alone(log(), late.creation(1))), errc::already_exists);
  EXPECT_EQ(code_of(append_alone(log(), late.next(1))), errc::not_found);
}

TEST_P(op_log_contract, a_deleted_document_is_gone_with_its_log_and_snapshots) {
  notes_.create(log(), 3);
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(2), 1, to_bytes("state")}));
  ASSERT_TRUE(log().remove(notes_.id(), notes_.epoch()));
  EXPECT_EQ(code_of(past().load(notes_.id())), errc::not_found);
  EXPECT_EQ(code_of(past().read(notes_.id(), revision(0), revision(3), 100)), errc::not_found);
  EXPECT_EQ(code_of(append_alone(log(), notes_.next(1))), errc::not_found);
  EXPECT_EQ(code_of(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(3), 1, {}})), errc::not_found);
  EXPECT_EQ(code_of(log().remove(notes_.id(), notes_.epoch())), errc::not_found);
  EXPECT_TRUE(names("default", "", 9).empty());
}

TEST_P(op_log_contract, only_the_owner_deletes) {
  notes_.create(log(), 3);
  ASSERT_TRUE(log().acquire(notes_.info().document));
  EXPECT_EQ(code_of(log().remove(notes_.id(), notes_.epoch())), errc::stale_epoch);
  EXPECT_EQ(load(notes_).tail.size(), 3U);
  EXPECT_EQ(code_of(log().remove(plans_.id(), plans_.epoch())), errc::not_found);
}

TEST_P(op_log_contract, what_is_made_anew_has_the_next_generation_and_a_higher_epoch) {
  for (std::uint32_t number = 1; number <= 4; ++number) {
    const auto found = log().acquire(notes_.info().document);
    ASSERT_TRUE(found);
    ASSERT_FALSE(found->exists);
    EXPECT_EQ(found->info.generation, generation(number));
    EXPECT_GE(found->epoch, epoch(number));
    written_document made("notes", id_of(static_cast<std::uint8_t>(number)));
    made.set_generation(found->info.generation);
    made.set_epoch(found->epoch);
    made.create(log(), number);
    EXPECT_EQ(load(made).tail.size(), number);
    ASSERT_TRUE(log().remove(made.id(), made.epoch()));
  }
}

TEST_P(op_log_contract, a_generation_that_was_deleted_is_not_created_again) {
  const auto found = log().acquire(notes_.info().document);
  ASSERT_TRUE(found);
  notes_.create(log(), 1);
  ASSERT_TRUE(log().remove(notes_.id(), notes_.epoch()));
  const written_document late("notes", id_of(9));  // by whoever asked before
  EXPECT_EQ(code_of(append_alone(log(), late.creation(1))), errc::stale_epoch);
}

TEST_P(op_log_contract, a_long_log_is_deleted_while_others_go_on) {
  constexpr int commits = 15;
  notes_.create(log(), 2'000);
  plans_.create(log());
  ASSERT_TRUE(log().remove(notes_.id(), notes_.epoch()));
  for (int count = 0; count < commits; ++count)
    plans_.write(log(), 1);
  const auto found = log().acquire(notes_.info().document);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->info.generation, generation(2));
  written_document again("notes", id_of(9));
  again.set_generation(generation(2));
  again.set_epoch(found->epoch);
  again.create(log(), 5);
  EXPECT_TRUE(are_same(load(again).tail, edits(0, 5)));
  EXPECT_TRUE(are_same(load(plans_).tail, edits(0, commits)));
}

TEST_P(op_log_contract, a_load_is_the_newest_snapshot_and_the_log_after_it) {
  notes_.create(log(), 10);
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(4), 2, to_bytes("state at 4")}));
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(7), 3, to_bytes("state at 7")}));
  const auto found = load(notes_);
  ASSERT_TRUE(found.newest);
  EXPECT_EQ(found.newest->revision, revision(7));
  EXPECT_EQ(found.newest->format, 3);
  EXPECT_EQ(found.newest->body, to_bytes("state at 7"));
  EXPECT_TRUE(are_same(found.tail, edits(7, 10)));
}

TEST_P(op_log_contract, a_snapshot_may_be_of_the_beginning_or_of_the_head) {
  notes_.create(log(), 2);
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(0), 1, {}}));
  EXPECT_TRUE(are_same(load(notes_).tail, edits(0, 2)));
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(2), 1, bytes(100'000)}));
  const auto found = load(notes_);
  ASSERT_TRUE(found.newest);
  EXPECT_EQ(found.newest->body, bytes(100'000));
  EXPECT_TRUE(found.tail.empty());
  notes_.write(log(), 1);
  EXPECT_TRUE(are_same(load(notes_).tail, edits(2, 3)));
}

TEST_P(op_log_contract, an_older_snapshot_than_the_newest_is_ignored) {
  notes_.create(log(), 5);
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(4), 1, to_bytes("new")}));
  EXPECT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(3), 1, to_bytes("old")}));
  EXPECT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(4), 1, to_bytes("again")}));
  EXPECT_EQ(load(notes_).newest->body, to_bytes("new"));
}

TEST_P(op_log_contract, a_snapshot_past_the_head_is_refused) {
  notes_.create(log(), 5);
  EXPECT_EQ(code_of(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(6), 1, {}})), errc::future_revision);
  EXPECT_FALSE(load(notes_).newest);
}

TEST_P(op_log_contract, only_the_owner_stores_snapshots) {
  notes_.create(log(), 5);
  ASSERT_TRUE(log().acquire(notes_.info().document));
  EXPECT_EQ(code_of(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(5), 1, {}})), errc::stale_epoch);
  EXPECT_EQ(code_of(log().write_snapshot(plans_.id(), plans_.epoch(), {revision(0), 1, {}})), errc::not_found);
  EXPECT_FALSE(load(notes_).newest);
}

TEST_P(op_log_contract, a_snapshot_over_its_limit_is_refused) {
  notes_.create(log(), 1);
  const snapshot large{revision(1), 1, bytes(limits::snapshot_bytes_max + 1)};
  EXPECT_EQ(code_of(log().write_snapshot(notes_.id(), notes_.epoch(), large)), errc::document_too_large);
}

TEST_P(op_log_contract, history_is_read_in_pages_of_at_most_so_many_bytes) {
  notes_.create(log(), 9);  // of eleven bytes each
  std::vector<log_entry> found;
  int pages = 0;
  for (bool is_complete = false; !is_complete; ++pages) {
    auto page = past().read(notes_.id(), revision(found.size()), revision(9), 35);
    ASSERT_TRUE(page);
    EXPECT_LE(page->entries.size(), 3U);
    found.insert(found.end(), page->entries.begin(), page->entries.end());
    is_complete = page->is_complete;
  }
  EXPECT_EQ(pages, 3);
  EXPECT_TRUE(are_same(found, edits(0, 9)));
}

TEST_P(op_log_contract, a_page_has_at_least_one_entry) {
  notes_.create(log(), 3);
  const auto page = past().read(notes_.id(), revision(1), revision(3), 0);
  ASSERT_TRUE(page);
  EXPECT_FALSE(page->is_complete);
  EXPECT_TRUE(are_same(page->entries, edits(1, 2)));
}

TEST_P(op_log_contract, history_ends_at_the_revision_asked_for_or_at_the_head) {
  notes_.create(log(), 5);
  const auto middle = past().read(notes_.id(), revision(1), revision(3), 1'000);
  const auto beyond = past().read(notes_.id(), revision(3), revision(99), 1'000);
  const auto nothing = past().read(notes_.id(), revision(5), revision(99), 1'000);
  const auto backwards = past().read(notes_.id(), revision(4), revision(2), 1'000);
  ASSERT_TRUE(middle && beyond && nothing && backwards);
  EXPECT_TRUE(are_same(middle->entries, edits(1, 3)));
  EXPECT_TRUE(are_same(beyond->entries, edits(3, 5)));
  for (const auto* page : {&*middle, &*beyond, &*nothing, &*backwards})
    EXPECT_TRUE(page->is_complete);
  EXPECT_TRUE(nothing->entries.empty() && backwards->entries.empty());
}

TEST_P(op_log_contract, history_older_than_the_newest_snapshot_is_still_read) {
  notes_.create(log(), 5);
  ASSERT_TRUE(log().write_snapshot(notes_.id(), notes_.epoch(), {revision(4), 1, to_bytes("state")}));
  const auto page = past().read(notes_.id(), revision(0), revision(5), 1'000);
  ASSERT_TRUE(page);
  EXPECT_TRUE(are_same(page->entries, edits(0, 5)));
}

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

TEST_P(op_log_contract, the_reading_side_sees_what_was_committed_before_the_call) {
  notes_.create(log());
  for (std::uint64_t count = 1; count <= 20; ++count) {
    notes_.write(log(), 1);
    ASSERT_EQ(load(notes_).tail.size(), count);
  }
}

TEST_P(op_log_contract, one_thread_reads_while_another_appends) {
  constexpr std::uint64_t commits = 100;
  notes_.create(log());
  const std::jthread writing([this] {
    for (std::uint64_t count = 0; count < commits; ++count)
      notes_.write(log(), 1);
  });
  std::size_t seen = 0;
  while (seen < commits && !HasFailure()) {
    const auto found = past().load(id_of(1));
    ASSERT_TRUE(found) << found.error().detail;
    ASSERT_GE(found->tail.size(), seen);
    seen = found->tail.size();
    ASSERT_TRUE(are_same(found->tail, edits(0, seen)));
  }
}

}  // namespace quire::storage
