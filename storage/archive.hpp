#pragma once

#include "storage/checksum.hpp"
#include "storage/op_log.hpp"
#include "storage/snapshot_seal.hpp"

namespace quire::storage {

/// A document's row as it is stored, also of one that was deleted.
struct archived_document {
  document_info info;
  checksum identity = 0;
  std::string state;  ///< `live`, `deleting`, `deleted`.
  quire::epoch epoch;
  revision head;
  checksum chain = 0;
  server_time modified;
  revision floor{};          ///< Where its log begins: after this.
  checksum floor_chain = 0;  ///< The log's checksum there; 0 if the log is whole.
  bool is_trimming = false;  ///< Some rows up to the floor are still there.
  /// What contradicts itself in the columns that this store alone has.
  std::vector<std::string> oddities{};
};

/// A row of the log as it is stored.
struct archived_entry {
  log_entry entry;
  quire::epoch epoch;
  checksum chain = 0;
};

/// A snapshot as it is stored, and whose.
struct archived_snapshot {
  sealed_snapshot sealed;
  std::optional<quire::epoch> epoch;  ///< Where the store keeps it.
};

/// A label as it is stored.
struct archived_label {
  label made;
  checksum seal = 0;
};

/// Reads a store's rows as they are and checks nothing: for tools that check, or copy. Beside a running engine each
/// call sees a state of its own. One thread uses it. Errors of every function: store_unavailable, document_damaged if a
/// page does not read.
class archive {
 public:
  virtual ~archive() = default;

  /// Documents whose ids follow `after`, at most `count`, by id.
  [[nodiscard]] virtual result<std::vector<archived_document>> documents(const document_id& after,
                                                                         std::size_t count) = 0;
  /// The newest generation of a name. Errors: not_found.
  [[nodiscard]] virtual result<archived_document> find(const document_name& document) = 0;
  /// Rows of the log after a revision, by revision.
  [[nodiscard]] virtual result<std::vector<archived_entry>> entries(const document_id& document, revision after,
                                                                    std::size_t count) = 0;
  /// The same, of at most `bytes_max` of operations and authors, and one row more. None: there are none.
  [[nodiscard]] virtual result<std::vector<archived_entry>> entries_within(const document_id& document, revision after,
                                                                           std::size_t count,
                                                                           std::size_t bytes_max) = 0;
  /// By revision.
  [[nodiscard]] virtual result<std::vector<archived_snapshot>> snapshots(const document_id& document) = 0;
  /// By revision, those of one by name.
  [[nodiscard]] virtual result<std::vector<archived_label>> labels(const document_id& document) = 0;
  /// Rows that belong to no document.
  [[nodiscard]] virtual result<std::vector<std::string>> strays() = 0;
};

/// Opens the archive of a store by its address. It writes nothing, needs no lock and migrates nothing.
/// Errors: as `open_store`; invalid_configuration for `memory`.
[[nodiscard]] result<std::unique_ptr<archive>> open_archive(std::string_view address);

}  // namespace quire::storage
