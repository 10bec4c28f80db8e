#pragma once

#include "actors/instruments.hpp"
#include "actors/messages.hpp"
#include "actors/retention.hpp"
#include "actors/types/type_state.hpp"
#include "protocol/limits.hpp"

#include <caf/actor_system.hpp>

#include <chrono>
#include <memory>

namespace quire::actors {

struct engine_options {
  std::chrono::milliseconds document_idle = limits::document_idle;
  std::chrono::milliseconds relay_idle = limits::relay_idle;
  std::size_t snapshot_after_operations = limits::snapshot_after_operations;
  std::size_t snapshot_after_bytes = limits::snapshot_after_bytes;
  std::size_t worker_threads = 1;  ///< CAF's. One is enough on two cores: actors wait for nothing.
  types::type_limits types;
  retention kept;
};

/// The actors of one node, running: what the gateway talks to.
/// Affinity: `start` and `stop` on the main thread, the rest on any.
class engine {
 public:
  /// Starts the actors over an open store. `watched` must outlive the engine.
  [[nodiscard]] static std::unique_ptr<engine> start(storage::store store, const engine_options& options,
                                                     instruments& watched);
  ~engine();

  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;

  /// A session for a new connection. The connection sends it hello, open, close and, when it ends, connection_lost;
  /// what it sends for a document goes to the relay that the outlet names (`subscription_begun`).
  [[nodiscard]] session_actor connect(std::shared_ptr<outlet> out, connection_id connection);

  /// Reads, writes or deletes a document; `request.answer` is called once.
  void request(document_request request);

  /// Lists an organisation's documents; `request.answer` is called once.
  void list(list_documents request);

  /// Reads what a document was; `request.what`'s answer is called once.
  void look_back(past_request request);

  /// Loads, reads of history and lists that wait for the store.
  [[nodiscard]] std::size_t reads_waiting() const;

  /// Tells every session to come back after a random part of `spread`, and closes them.
  void end_sessions(std::chrono::milliseconds spread);

  /// Commits what is pending and ends every actor. Bounded: after `patience` what is not answered stays unanswered.
  void stop(std::chrono::milliseconds patience);

 private:
  struct parts;
  explicit engine(std::unique_ptr<parts> inside);

  std::unique_ptr<parts> inside_;
};

}  // namespace quire::actors
