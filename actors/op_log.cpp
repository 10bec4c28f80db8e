// documents              op log                  a lane's thread          a reader's thread
//   |--- append_edits ---->|                          |                        |
//   |--- append_edits ---->|--- one batch ----------->|                        |
//   |--- append_edits ---->|      (gathers)           | append: one commit     |
//   |                      |<-- commit_finished ------|                        |
//   |<-- append_finished --|--- the next batch ------>|                        |
//   |--- load_document --->|------ (writer thread) -->| acquire                |
//   |                      |                          |----------------------->| load
//   |<--------------------------------------------------- document_loaded -----|

#include "actors/op_log.hpp"

#include "actors/actor_base.hpp"
#include "actors/op_log/commit_batcher.hpp"
#include "actors/op_log/commit_pace.hpp"
#include "actors/op_log/free_readers.hpp"
#include "actors/op_log/past_keeper.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <atomic>
#include <random>
#include <unordered_map>
#include <utility>

namespace quire::actors {

namespace {

using namespace std::chrono_literals;

/// The clock that ticks for all lanes; a lane's own has its number.
constexpr std::uint32_t pace_clock = 0xFFFF'FFFF;

constexpr std::chrono::milliseconds retry_first = 100ms;
constexpr std::chrono::milliseconds retry_max = 2s;

server_time server_now() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

document_id new_document_id() {
  std::random_device random;
  document_id id;
  std::ranges::generate(id.octets, [&] { return static_cast<std::uint8_t>(random() & 0xFF); });
  return id;
}

/// On the writer thread: takes the ownership, and gives what does not exist yet the identity it would be created with.
result<storage::acquired> acquire(storage::op_log& log, const document_name& document) {
  auto found = log.acquire(document);
  if (found && !found->exists) {
    found->info.document = document;
    found->info.id = new_document_id();
    found->info.created = server_now();
  }
  return found;
}

class op_log_shell {
 public:
  op_log_shell(op_log_actor::pointer self, op_log_surroundings around) : self_(self), around_(std::move(around)) {
    const auto& store = *around_.store;
    if (store.lanes.empty())
      lanes_.emplace_back(store.log.get(), around_.writer);
    for (std::size_t i = 0; i < store.lanes.size(); ++i)
      lanes_.emplace_back(store.lanes[i].get(), around_.lanes[i]);
  }

  void append(const document_actor& from, storage::append_request request) {
    auto& lane = lanes_[std::hash<document_id>{}(request.document.id) % lanes_.size()];
    lane.writers[request.document.id] = {from, request.epoch};
    lane.batcher.push(std::move(request));
    commit_next(lane);
  }

  void finished(const commit_finished& msg) {
    auto& lane = lanes_[msg.lane];
    if (!msg.outcome && msg.outcome.error().code == errc::store_unavailable) {
      // Nothing is known to be done: the same batch goes again, and nobody learns more than that it takes long.
      around_.watched->warn("the store does not take commits: " + msg.outcome.error().detail);
      self_->delayed_send(self_, lane.retry, tick{msg.lane, 0});
      lane.retry = std::min(lane.retry * 2, retry_max);
      return;
    }
    lane.retry = retry_first;
    note_pace(msg.took, lane.batch->operation_bytes);
    const auto done = std::exchange(lane.batch, nullptr);
    commit_next(lane);  // First, so that the store does not wait for the telling.
    if (msg.outcome)
      around_.watched->committed(done->edits, done->operation_bytes, msg.took);
    for (std::size_t i = 0; i < done->requests.size(); ++i)
      tell_writer(lane, *done, i, msg);
    if (!lane.batch)
      lane.writers.clear();  // Handles of documents that wait for nothing would keep their actors.
  }

  void ticked(const tick& msg) {
    if (msg.clock == pace_clock) {
      if (msg.number == commits_)
        pace_.forget();
    } else if (lanes_[msg.clock].batch) {
      send_batch(lanes_[msg.clock]);
    }
  }

  void load(const load_document& msg) {
    if (pace_.is_too_slow()) {
      self_->send(msg.from,
                  document_loaded{fail(errc::overloaded, "the store is too slow to open more documents"), {}});
      return;
    }
    post(*around_.writer, msg.from, [around = around_, readers = readers_, msg] {
      auto found = acquire(*around.store->log, msg.document);
      if (!found || !found->exists) {
        caf::anon_send(msg.from, document_loaded{std::move(found), {}});
        return;
      }
      const bool is_taken = around.reader->post([around, readers, from = msg.from, found = *found] {
        const auto begin = std::chrono::steady_clock::now();
        auto content = readers->use([&](storage::history& reader) { return reader.load(found.info.id); });
        around.watched->document_loaded(std::chrono::steady_clock::now() - begin);
        if (content)
          caf::anon_send(from, document_loaded{found, std::move(*content)});
        else
          caf::anon_send(from, document_loaded{tl::unexpected(content.error()), {}});
      });
      if (!is_taken)
        caf::anon_send(msg.from, document_loaded{fail(errc::overloaded, "too many documents wait to be read"), {}});
    });
  }

  void read(const read_history& msg) {
    const bool is_taken = around_.reader->post([around = around_, readers = readers_, msg] {
      auto page = readers->use([&](storage::history& reader) {
        return reader.read(msg.document, msg.after, msg.to, limits::catch_up_bytes_max);
      });
      caf::anon_send(msg.from, history_read{msg.document, msg.after, std::move(page)});
    });
    if (!is_taken)
      self_->send(msg.from, history_read{msg.document, msg.after, fail(errc::overloaded, "too many reads wait")});
  }

  void list(const list_documents& msg) {
    const bool is_taken = around_.reader->post([around = around_, readers = readers_, msg] {
      msg.answer(
        readers->use([&](storage::history& reader) { return reader.list(msg.organisation, msg.after, msg.count); }));
    });
    if (!is_taken)
      msg.answer(fail(errc::overloaded, "too many reads wait"));
  }

  void look_back(past_request&& msg) {
    const auto asked = std::make_shared<const past_request>(std::move(msg));
    if (*looking_back_ >= limits::past_waiting_max) {
      refuse_past(*asked, {errc::overloaded, "too many wait for old revisions"});
      return;
    }
    ++*looking_back_;
    const bool is_taken = around_.reader->post([around = around_, readers = readers_, waiting = looking_back_, asked] {
      readers->use([&](storage::history& reader) { answer_past(reader, *asked, around.types); });
      --*waiting;
    });
    if (is_taken)
      return;
    --*looking_back_;
    refuse_past(*asked, {errc::overloaded, "too many reads wait"});
  }

  void store(store_snapshot&& msg) {
    const auto asked = std::make_shared<const store_snapshot>(std::move(msg));
    const bool is_taken = around_.writer->post([around = around_, asked] {
      auto outcome = around.store->log->write_snapshot(asked->document, asked->under, asked->taken);
      if (outcome)
        around.watched->snapshot_stored(asked->taken.body.size());
      caf::anon_send(asked->from, snapshot_stored{asked->taken.revision, std::move(outcome)});
    });
    if (!is_taken)
      self_->send(asked->from,
                  snapshot_stored{asked->taken.revision, fail(errc::overloaded, "too much waits to be written")});
  }

  void label(change_label&& msg) const { keeper_.label(std::move(msg)); }
  void trim(const trim_document& msg) const { keeper_.trim(msg); }

  void remove(const remove_document& msg) {
    const bool is_taken = around_.writer->post([around = around_, msg] {
      caf::anon_send(msg.from, document_removed{around.store->log->remove(msg.document, msg.under)});
    });
    if (!is_taken)
      self_->send(msg.from, document_removed{fail(errc::overloaded, "too much waits to be written")});
  }

  void drain(const drain_log& msg) {
    drained_ = msg.done;
    answer_drain();
  }

 private:
  struct writing_document {
    document_actor from;
    epoch under;
  };

  void post(executor& where, const document_actor& from, std::function<void()> work) {
    if (!where.post(std::move(work)))
      self_->send(from, document_loaded{fail(errc::overloaded, "too many documents wait to be read"), {}});
  }

  struct commit_lane {
    commit_lane(storage::op_log* to, std::shared_ptr<executor> by) : log(to), worker(std::move(by)) {}

    storage::op_log* log;
    std::shared_ptr<executor> worker;
    commit_batcher batcher;
    std::shared_ptr<commit_batch> batch;  ///< Under way; the worker alone changes it until it is finished.
    std::unordered_map<document_id, writing_document> writers;
    std::chrono::milliseconds retry = retry_first;
  };

  void commit_next(commit_lane& in) {
    if (!in.batch && !in.batcher.is_empty()) {
      in.batch = std::make_shared<commit_batch>(in.batcher.take());
      send_batch(in);
    }
    std::size_t waiting = 0;
    for (const auto& each : lanes_)
      waiting += each.batcher.edits();
    around_.watched->commit_queue(waiting);
    if (!in.batch)
      answer_drain();
  }

  void send_batch(commit_lane& in) {
    const auto number = static_cast<std::uint32_t>(&in - lanes_.data());
    const auto log = caf::actor_cast<op_log_actor>(self_);
    // `around` keeps the store, and so the lane's log.
    const bool is_taken = in.worker->post([around = around_, to = in.log, batch = in.batch, log, number] {
      const auto begin = std::chrono::steady_clock::now();
      note_time(*batch);
      auto outcome = to->append(batch->requests);
      caf::anon_send(log,
                     commit_finished{number, std::move(outcome), batch->at, std::chrono::steady_clock::now() - begin});
    });
    if (!is_taken)
      self_->delayed_send(self_, retry_first, tick{number, 0});
  }

  /// A batch that is sent again may be in the log already, with the time it had then.
  static void note_time(commit_batch& batch) {
    if (batch.at != server_time{})
      return;
    batch.at = server_now();
    for (auto& request : batch.requests)
      for (auto& entry : request.entries)
        entry.at = batch.at;
  }

  /// An ended document's append is not answered to the one that came after it.
  void tell_writer(const commit_lane& in, const commit_batch& done, std::size_t i, const commit_finished& msg) {
    const auto& request = done.requests[i];
    const auto found = in.writers.find(request.document.id);
    if (found == in.writers.end() || found->second.under != request.epoch)
      return;
    const auto outcome = msg.outcome ? (*msg.outcome)[i] : result<void>(tl::unexpected(msg.outcome.error()));
    self_->send(found->second.from, append_finished{done.appends[i], request.base.plus(request.entries.size()), msg.at,
                                                    outcome, pace_.is_slow()});
  }

  void note_pace(std::chrono::nanoseconds took, std::size_t operation_bytes) {
    const bool was_too_slow = pace_.is_too_slow();
    pace_.note(took, operation_bytes);
    ++commits_;
    if (!pace_.is_too_slow())
      return;
    // Without documents there are no commits, by which it could be seen to be faster.
    self_->delayed_send(self_, limits::commit_pace_kept, tick{pace_clock, commits_});
    if (!was_too_slow)
      around_.watched->warn("the store is slow: until its commits take less than " +
                            std::to_string(limits::commit_too_slow.count()) + " ms no further documents are opened");
  }

  void answer_drain() {
    if (drained_ &&
        std::ranges::all_of(lanes_, [](const commit_lane& each) { return !each.batch && each.batcher.is_empty(); }))
      std::exchange(drained_, nullptr)();
  }

  op_log_actor::pointer self_;
  op_log_surroundings around_;
  std::shared_ptr<free_readers> readers_ = std::make_shared<free_readers>(*around_.store);
  /// Requests of history with the reader, which counts those down that are done.
  std::shared_ptr<std::atomic<std::size_t>> looking_back_ = std::make_shared<std::atomic<std::size_t>>(0);
  past_keeper keeper_{around_, readers_, looking_back_};
  std::vector<commit_lane> lanes_;
  commit_pace pace_;
  std::uint64_t commits_ = 0;
  std::function<void()> drained_;
};

}  // namespace

op_log_actor::behavior_type op_log(op_log_actor::pointer self, op_log_surroundings around) {
  init_vital_actor(self, "op log", *around.watched);
  auto shell = std::make_shared<op_log_shell>(self, std::move(around));
  return {
    [shell](append_edits& msg) { shell->append(msg.from, std::move(msg.request)); },
    [shell](const load_document& msg) { shell->load(msg); },
    [shell](const read_history& msg) { shell->read(msg); },
    [shell](const list_documents& msg) { shell->list(msg); },
    [shell](past_request& msg) { shell->look_back(std::move(msg)); },
    [shell](store_snapshot& msg) { shell->store(std::move(msg)); },
    [shell](const trim_document& msg) { shell->trim(msg); },
    [shell](change_label& msg) { shell->label(std::move(msg)); },
    [shell](const remove_document& msg) { shell->remove(msg); },
    [shell](const drain_log& msg) { shell->drain(msg); },
    [shell](const commit_finished& msg) { shell->finished(msg); },
    [shell](const tick& msg) { shell->ticked(msg); },
  };
}

}  // namespace quire::actors
