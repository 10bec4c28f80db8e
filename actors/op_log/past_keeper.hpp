#pragma once

#include "actors/op_log.hpp"
#include "actors/op_log/free_readers.hpp"
#include "actors/op_log/trim_plan.hpp"

#include <atomic>

namespace quire::actors {

/// Names revisions, and lets logs begin later, as an engine's policies say. The work is done on the executors' threads,
/// and answered from there. A copy is as good.
class past_keeper {
 public:
  /// `looking_back`: how many requests of history are with the reader, to which replays for labels count.
  past_keeper(op_log_surroundings around, std::shared_ptr<free_readers> readers,
              std::shared_ptr<std::atomic<std::size_t>> looking_back)
    : around_(std::move(around)), readers_(std::move(readers)), looking_back_(std::move(looking_back)) {}

  /// Where not all is kept, the revision that is named gets a snapshot, if it can be reached: it is read even when
  /// nothing before it is kept any more. At limits::past_waiting_max, and where the reader takes no more, it is set
  /// without: trimming makes the snapshot when it comes near.
  void label(change_label&& msg) const;

  /// Takes one step of trimming, if one is due, and answers with `document_trimmed`.
  void trim(const trim_document& msg) const;

 private:
  using shared_label = std::shared_ptr<const change_label>;
  using shared_plan = std::shared_ptr<const trim_plan>;

  void write_label(const shared_label& asked, std::optional<storage::snapshot> taken) const;
  void store_snapshots(const trim_document& msg, const shared_plan& plan) const;
  void check(const trim_document& msg, const shared_plan& plan) const;
  void carry_out(const trim_document& msg, const shared_plan& plan) const;

  op_log_surroundings around_;
  std::shared_ptr<free_readers> readers_;
  std::shared_ptr<std::atomic<std::size_t>> looking_back_;
};

}  // namespace quire::actors
