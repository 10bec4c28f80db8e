#pragma once

#include "storage/checksum.hpp"
#include "storage/op_log.hpp"
#include "storage/op_log/postgresql/head_cache.hpp"
#include "storage/op_log/postgresql/link.hpp"

namespace quire::storage::postgresql {

/// A LANE: appends over one connection, a batch at a time. Epoch, owner and head are checked by the statement that
/// appends, under the lock of the document's row in doc_head.
/// Law: what it reports as appended is durable; what it reports as refused is not there. When it is not known which,
/// `append` says store_unavailable, and the same requests again settle it: the lane looks whether they were committed,
/// and proves by a later write (a barrier) that what it sees is durable.
class lane {
 public:
  explicit lane(link& to) : link_(&to) {}

  [[nodiscard]] result<std::vector<result<void>>> append(std::span<const append_request> requests);

  /// Connects and has the statement that appends planned, so that the first append does not wait for it. What fails is
  /// told by the first append.
  void warm_up();

 private:
  // One request on its way.
  struct task {
    const append_request* request;
    result<void>* outcome;
    checksum base_chain = 0;  // Of the log's row at the request's base.
    checksum chain = 0;       // Of the last row that the request adds.
    int tries = 0;
  };
  using tasks = std::vector<task>;

  [[nodiscard]] result<void> run(connection& db, tasks& open);
  // Decides what needs no append, or can have none, and finds the chains of the rest.
  [[nodiscard]] result<void> look_up(connection& db, tasks& open);
  // The same once: what was written and is not proved is in `written`.
  [[nodiscard]] result<void> look_up_once(connection& db, const tasks& open, tasks& still_open, tasks& written);
  [[nodiscard]] result<void> look_up_heads(connection& db, const tasks& unknown, tasks& still_open, tasks& written);
  [[nodiscard]] result<void> look_up_creation(connection& db, const task& creation, tasks& still_open, tasks& written);
  [[nodiscard]] result<void> judge_head(connection& db, const task& judged, revision head, tasks& written);
  // Whether the edits that a doubtful append was to write are in the log.
  [[nodiscard]] result<bool> are_written(connection& db, const append_request& request);
  // Proves that what is in the log up to the requests' ends is durable. Those whose rows have changed meanwhile stay.
  [[nodiscard]] result<void> barrier(connection& db, tasks& written);
  // Appends all in one transaction; what was not appended stays open.
  [[nodiscard]] result<void> send(connection& db, tasks& open);
  [[nodiscard]] result<answer> execute(connection& db, std::span<task> open);
  // The documents that a statement answered, sorted; and whether a task's is one of them.
  [[nodiscard]] static std::vector<document_id> documents_in(const answer& rows);
  [[nodiscard]] static bool is_among(const std::vector<document_id>& sorted, const task& which);
  void note(std::span<task> sent, const answer& appended, tasks& still_open);

  link* link_;
  head_cache heads_;
  row_chain rows_;
  bool is_in_doubt_ = false;  // Whether the last append may have been done without our knowing.
};

}  // namespace quire::storage::postgresql
