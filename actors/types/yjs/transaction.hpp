#pragma once

#include "actors/types/yjs/store.hpp"

#include <optional>
#include <vector>

namespace quire::actors::types::yjs {

/// Changes to a store that belong together: structs are integrated and units deleted; at the end what was deleted is
/// dropped and runs that go together are joined. Does what Yjs does, so that all peers come to the same order and runs.
/// To be used again after `finish`.
class transaction {
 public:
  explicit transaction(store& of) noexcept : store_(of) {}

  /// What has to be here before the struct can be integrated, if it is not: the first such unit.
  [[nodiscard]] std::optional<id> missing(std::uint64_t client, const update_struct& what) const noexcept;

  /// Adds a struct without its first `offset` units; it begins, or these end, where the store's knowledge of its client
  /// does, and nothing it refers to is missing.
  /// Cost: constant where someone types on; else logarithmic, and linear in what was inserted at the same place.
  void integrate(std::uint64_t client, const update_struct& what, std::uint32_t offset);

  /// Deletes what is here of a range.
  /// Cost: linear in the runs of the range.
  void erase(const id_range& range);

  /// Ends the transaction.  Cost: linear in what was changed.
  void finish();

  /// The clients that got further since the last `finish`.
  [[nodiscard]] const std::vector<client_index>& touched() const noexcept { return touched_; }

 private:
  struct local_range {
    client_index client = none;
    std::uint64_t clock = 0;
    std::uint64_t length = 0;
    [[nodiscard]] std::uint64_t end() const noexcept { return clock + length; }
  };
  /// Where an item is to go.
  struct place {
    item_handle left = none;
    item_handle right = none;
    type_handle parent = none;  ///< `none`: nowhere, what it stood in is collected.
    key_index key = none;
  };

  // integrate.cpp
  void touch(client_index client);
  [[nodiscard]] bool type_on(client_index client, const update_struct& what);
  void add_collected(client_index client, std::uint32_t length);
  [[nodiscard]] item_handle ending_with(client_index client, std::uint64_t clock);
  [[nodiscard]] item_handle beginning_with(client_index client, std::uint64_t clock);
  [[nodiscard]] local_id local(const id& named) const noexcept {
    return {named.clock, store_.find_client(named.client)};
  }
  [[nodiscard]] place place_of(const update_struct& what);
  void fill(item& made, const update_struct& what, std::uint32_t offset);
  void resolve_conflicts(const item& made, place& where);
  void link(item_handle made, const place& where);
  [[nodiscard]] std::uint32_t next_mark();

  // erase.cpp
  void erase_item(item_handle gone);
  void erase_content_of(type_handle type);
  void erase_or_note(item_handle child);
  void drop(item_handle gone);
  void drop_content_of(type_handle type);
  void drop_erased();
  void join_runs();
  void join_around(client_index client, std::uint64_t clock);

  store& store_;
  std::uint64_t number_ = 1;
  std::vector<client_index> touched_;
  std::vector<local_range> erased_;
  std::vector<local_range> cuts_;  // where runs were cut, or may go together now
  // Marks of the items that a search for a place has passed: those of this search are the greatest.
  std::vector<std::uint32_t> marks_;
  std::uint32_t last_mark_ = 0;
  // Instead of recursion.
  std::vector<item_handle> to_erase_;
  std::vector<type_handle> to_drop_;
};

}  // namespace quire::actors::types::yjs
