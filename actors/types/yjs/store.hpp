#pragma once

#include "actors/types/yjs/key_table.hpp"
#include "actors/types/yjs/run_list.hpp"
#include "actors/types/yjs/state_vector.hpp"
#include "actors/types/yjs/type_table.hpp"

#include <optional>
#include <unordered_map>

namespace quire::actors::types::yjs {

/// What one client made.
struct client_runs {
  std::uint64_t client = 0;
  std::uint64_t next_clock = 0;    ///< Of the first unit that is not here.
  std::uint64_t clock_before = 0;  ///< The same before the transaction numbered `transaction`.
  std::uint64_t transaction = 0;
  run_list runs;
};

/// All items of a document: found by id, linked in the lists of their parents.
/// Invariant: a client's runs follow each other without gaps from clock 0 to its next clock.
class store {
 public:
  using position = run_list::position;

  // Clients.
  [[nodiscard]] client_index index_of(std::uint64_t client);
  /// `none` if nothing of it is here.
  [[nodiscard]] client_index find_client(std::uint64_t client) const noexcept;
  [[nodiscard]] std::uint64_t next_clock(std::uint64_t client) const noexcept {
    const client_index found = find_client(client);
    return found == none ? 0 : clients_[found].next_clock;
  }
  [[nodiscard]] client_runs& client(client_index at) noexcept { return clients_[at]; }
  [[nodiscard]] const client_runs& client(client_index at) const noexcept { return clients_[at]; }
  [[nodiscard]] std::size_t clients() const noexcept { return clients_.size(); }
  /// Their numbers, by descending id.
  [[nodiscard]] std::vector<client_index> sorted_clients() const;

  // Items.
  [[nodiscard]] item& operator[](item_handle at) noexcept { return items_[at]; }
  [[nodiscard]] const item& operator[](item_handle at) const noexcept { return items_[at]; }
  [[nodiscard]] position find(client_index client, std::uint64_t clock) const noexcept {
    return clients_[client].runs.find(clock, items_);
  }
  [[nodiscard]] item_handle at(client_index client, position where) const noexcept {
    return clients_[client].runs[where];
  }
  [[nodiscard]] item_handle item_with(client_index client, std::uint64_t clock) const noexcept {
    return at(client, find(client, clock));
  }
  /// A new item behind the last of its client, in no list yet.
  item_handle append(client_index client, std::uint32_t length, content_kind kind);
  /// Cuts a run; gives the new one, of its units from `unit` on.
  item_handle split(client_index client, position where, std::uint32_t unit);
  /// Whether the second run, the next of its client, goes on where the first ends, so that one can hold both.
  [[nodiscard]] bool can_join(const item& first, const item& second) const noexcept;
  /// Joins a run with those to its left of its client, as long as they go together. Gives where the whole now is, and
  /// adds to `joined` how many runs went.
  position join_with_lefts(client_index client, position where, std::size_t& joined);
  /// Puts `more` behind the last units of the run, which is the last of its client.
  void extend(item_handle run, std::uint32_t length, std::string_view more);
  void set_content(item& of, std::string_view content);
  void drop_content(item& of) noexcept;
  /// Wins back the memory of content that was dropped, if that is most of it.
  void repack_if_wasteful();

  // Types.
  [[nodiscard]] shared_type& type(type_handle at) noexcept { return types_[at]; }
  [[nodiscard]] const shared_type& type(type_handle at) const noexcept { return types_[at]; }
  [[nodiscard]] type_handle add_type() { return types_.add(); }
  void remove_type(type_handle gone) { types_.remove(gone); }
  [[nodiscard]] type_handle root(std::string_view name);
  [[nodiscard]] type_handle find_root(std::string_view name) const noexcept;
  /// In the order in which they came.
  [[nodiscard]] const std::vector<type_handle>& roots() const noexcept { return root_order_; }

  [[nodiscard]] key_table& keys() noexcept { return keys_; }
  [[nodiscard]] const key_table& keys() const noexcept { return keys_; }

  /// An item as it is written in an update.
  [[nodiscard]] update_struct describe(const item& run) const noexcept;

  [[nodiscard]] std::size_t items() const noexcept { return items_.count(); }
  [[nodiscard]] item_handle handles_end() const noexcept { return items_.end(); }
  [[nodiscard]] std::size_t content_bytes() const noexcept { return content_.live(); }
  /// Bytes, about.  Cost: constant but for the clients' run lists, which are estimated.
  [[nodiscard]] std::size_t memory() const noexcept;

 private:
  void split_content(item& left, item& right, std::uint32_t unit);
  [[nodiscard]] content_piece piece_of(const item& run) const noexcept;
  void set_piece(item& of, const content_piece& piece) noexcept;

  item_slab items_;
  type_table types_;
  key_table keys_;
  content_arena content_;
  std::vector<client_runs> clients_;
  std::unordered_map<std::uint64_t, client_index> client_numbers_;
  std::unordered_map<key_index, type_handle> roots_;
  std::vector<type_handle> root_order_;
  mutable client_index last_client_ = none;  // that was looked for
};

}  // namespace quire::actors::types::yjs
