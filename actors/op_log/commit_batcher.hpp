#pragma once

#include "storage/op_log.hpp"

#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

namespace quire::actors {

/// What goes to the store in one commit: each document once.
struct commit_batch {
  std::vector<storage::append_request> requests;
  std::vector<std::uint32_t> appends;  ///< For each request: how many appends it was made of.
  std::size_t edits = 0;
  std::size_t operation_bytes = 0;
  server_time at;  ///< Of all its entries: set when it is first sent.
};

/// Gathers appends while a commit is under way; what gathered is the next batch.
/// Bound: what the documents may have pending. A batch holds at most `limits::commit_edits_max` edits,
/// `commit_bytes_max` bytes and, of one document, `commit_edits_a_document_max` edits, but always one whole append;
/// documents take turns.
class commit_batcher {
 public:
  /// Appends of the same document under an older epoch that still wait are dropped: the store would refuse them.
  void push(storage::append_request request);

  /// The next batch. Empty only if nothing waits.
  [[nodiscard]] commit_batch take();

  [[nodiscard]] bool is_empty() const noexcept { return turns_.empty(); }
  [[nodiscard]] std::size_t edits() const noexcept { return edits_; }

 private:
  /// Moves the appends of one document that fit into `batch`.
  void take_document(std::deque<storage::append_request>& waiting, commit_batch& batch);

  std::unordered_map<document_id, std::deque<storage::append_request>> waiting_;
  std::deque<document_id> turns_;  ///< The documents that wait, each once.
  std::size_t edits_ = 0;
};

}  // namespace quire::actors
