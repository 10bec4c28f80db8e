#pragma once

#include "tests/bench/loadgen/pace.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quire::bench {

/// Names an edit of the load: no two have the same.
struct edit_name {
  std::uint32_t author = 0;    ///< A client of this load.
  std::uint32_t sequence = 0;  ///< The author's edits, counted from 1.

  friend auto operator<=>(const edit_name&, const edit_name&) = default;
};

/// One document of the load: its authors' paces, and what its subscribers were shown. Whoever sees a revision first
/// writes it down, so that all who see it later can be held to it.
/// Invariant: each author's edits stand in it one by one.
class ledger {
 public:
  /// The authors are numbered from `first_author` on.
  ledger(std::uint32_t first_author, std::vector<pace> paces)
    : first_author_(first_author), paces_(std::move(paces)), written_(paces_.size()) {}

  /// The newest revision that anybody was shown.
  [[nodiscard]] std::uint64_t newest() const noexcept { return entries_.size(); }
  /// Range: revision is from 1 to newest().
  [[nodiscard]] edit_name edit_at(std::uint64_t revision) const noexcept { return entry_at(revision).edit; }
  /// The edits up to that revision.
  [[nodiscard]] std::vector<edit_name> edits_until(std::uint64_t revision) const;
  /// When the edit at that revision was to be sent.
  [[nodiscard]] instant due_at(std::uint64_t revision) const noexcept { return entry_at(revision).due; }

  /// Holds what a subscriber was shown to what all others were; says what is wrong with it, if anything.
  /// Range: revision is from 1 to newest() + 1.
  [[nodiscard]] std::optional<std::string> check(std::uint64_t revision, edit_name edit);

  [[nodiscard]] std::uint32_t first_author() const noexcept { return first_author_; }
  [[nodiscard]] std::vector<pace>& paces() noexcept { return paces_; }
  [[nodiscard]] pace& pace_of(std::uint32_t author) noexcept { return paces_[author - first_author_]; }

 private:
  struct entry {
    edit_name edit;
    instant due;
  };

  [[nodiscard]] const entry& entry_at(std::uint64_t revision) const noexcept {
    return entries_[static_cast<std::size_t>(revision) - 1];
  }
  [[nodiscard]] std::optional<std::string> write_down(edit_name edit);

  std::uint32_t first_author_;
  std::vector<pace> paces_;
  std::vector<std::uint32_t> written_;  ///< Each author's last sequence among the entries.
  std::vector<entry> entries_;
};

}  // namespace quire::bench
