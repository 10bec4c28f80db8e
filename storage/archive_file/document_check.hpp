#pragma once

#include "storage/archive_file/record.hpp"

#include <set>

namespace quire::storage::archive_file {

/// Checks, along the records of one document, that it is what a sound store can have: its names and numbers, that its
/// log has each revision once and in a chain up to the head, that epochs never fall, that each snapshot is sealed and
/// belongs to that log, and that each label is sealed and its revision can be read. What operations lead to is not
/// looked at. Errors of every function: document_damaged says what is wrong and at which revision.
class document_check {
 public:
  [[nodiscard]] result<void> begin(const document_begin& document);
  /// Labels come first, by revision, those of one by name.
  [[nodiscard]] result<void> take(const archived_label& label);
  [[nodiscard]] result<void> take(const archived_entry& row);
  /// Comes after the row of its revision; before the floor, where only labelled ones are kept, by revision.
  [[nodiscard]] result<void> take(const sealed_snapshot& snapshot);
  /// There are no more records.
  [[nodiscard]] result<void> finish() const;

  /// The revision of the row that came last.
  [[nodiscard]] revision at() const noexcept { return at_.at; }
  /// The epoch under which that row was appended.
  [[nodiscard]] quire::epoch epoch() const noexcept { return epoch_; }

 private:
  [[nodiscard]] result<void> take_before_floor(const sealed_snapshot& snapshot);
  [[nodiscard]] result<void> check_floor() const;

  document_begin document_;
  row_chain rows_;
  log_place at_;
  quire::epoch epoch_;
  server_time modified_;
  std::optional<revision> snapshot_;  ///< The last one.
  std::optional<label> label_;        ///< The last one.
  std::set<std::string, std::less<>> names_;
  std::set<revision> unkept_;  ///< Labelled, before the floor, and their snapshots have not come.
};

}  // namespace quire::storage::archive_file
