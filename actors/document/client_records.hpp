#pragma once

#include "protocol/bytes.hpp"
#include "protocol/names.hpp"

#include <cstdint>
#include <optional>
#include <unordered_map>

namespace quire::actors {

/// What a document remembers of a client: its last edit.
struct client_record {
  client_sequence last;
  quire::revision revision;        ///< The document's after it.
  std::uint64_t content_hash = 0;  ///< Of the edit as it was sent; 0: not known (read back from the log).
  server_time at;                  ///< When it was committed.
};

/// The hash by which an edit sent again is told from another edit under its number.
/// Source: FNV-1a, 64 bits.  Cost: linear in the operation.
[[nodiscard]] std::uint64_t content_hash(revision base, bytes_view operation) noexcept;

/// Whether an edit is the client's next, one that the document has, or neither.
enum class edit_standing : std::uint8_t { next, repeated, reused, gap, too_many_clients };

/// The last edit of each client: what makes an edit that is sent twice count once. Nobody is forgotten: the log, which
/// keeps every edit, would refuse a number that a forgotten client uses again.
/// Bound: `limits::clients_a_document_max` clients; a new one's edits are then refused.
class client_records {
 public:
  [[nodiscard]] edit_standing standing(const client_id& client, client_sequence sequence, std::uint64_t hash) const;

  /// The client's record, or null.
  [[nodiscard]] const client_record* find(const client_id& client) const;

  void set(const client_id& client, const client_record& record) { records_[client] = record; }

  /// Notes when the client's last edit was committed.
  void touch(const client_id& client, server_time at);

  [[nodiscard]] const std::unordered_map<client_id, client_record>& all() const noexcept { return records_; }

 private:
  std::unordered_map<client_id, client_record> records_;
};

}  // namespace quire::actors
