#pragma once

#include "protocol/result.hpp"

#include <chrono>
#include <cstddef>
#include <string_view>

namespace quire::actors {

/// Where the actors report what an operator watches. The gateway gives it to them.
/// Affinity: any thread. Calls are a few a commit or a life, never one an edit.
class instruments {
 public:
  virtual ~instruments() = default;

  virtual void sessions_changed(int by) = 0;
  virtual void relays_changed(int by) = 0;
  virtual void documents_changed(int by) = 0;
  /// A commit became durable.
  virtual void committed(std::size_t edits, std::size_t operation_bytes, std::chrono::nanoseconds took) = 0;
  /// Edits that wait for the next commit.
  virtual void commit_queue(std::size_t edits) = 0;
  virtual void refused(errc why, std::size_t count) = 0;
  virtual void document_loaded(std::chrono::nanoseconds took) = 0;
  virtual void snapshot_stored(std::size_t size_bytes) = 0;
  /// The store no longer has edits that it had acknowledged.
  virtual void durable_edits_lost(std::size_t edits) = 0;
  /// Something an operator should read. Never contents or tokens.
  virtual void warn(std::string_view what) = 0;
};

}  // namespace quire::actors
