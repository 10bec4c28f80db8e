#pragma once

#include "actors/instruments.hpp"
#include "gateway/turn.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace quire::gateway {

/// Everything that /metrics shows, counted.
/// Affinity: any thread.
class metrics final : public actors::instruments {
 public:
  metrics();
  ~metrics() override;

  // From the actors.
  void sessions_changed(int by) override;
  void relays_changed(int by) override;
  void documents_changed(int by) override;
  void committed(std::size_t edits, std::size_t operation_bytes, std::chrono::nanoseconds took) override;
  void commit_queue(std::size_t edits) override;
  void refused(errc why, std::size_t count) override;
  void document_loaded(std::chrono::nanoseconds took) override;
  void snapshot_stored(std::size_t size_bytes) override;
  void durable_edits_lost(std::size_t edits) override;
  void warn(std::string_view what) override;

  // From the gateway.
  void sockets_changed(int by);
  void connections_changed(int by);
  void turn_ended(const turn_counts& did);
  /// A frame of edits left the engine and reached the queues of its connections; `waited`: from one to the other.
  void delivered(std::chrono::nanoseconds waited);
  /// A connection's queue was dropped.
  void resynced();
  void answered(unsigned http_status);
  /// The same as for actors, where the error is HTTP's own.
  void refused(std::string_view error);
  void reads_waiting(std::size_t count);

  /// The text that Prometheus reads.
  [[nodiscard]] std::string text() const;

 private:
  struct parts;
  std::unique_ptr<parts> inside_;
};

}  // namespace quire::gateway
